import TestSupport

@testable import Runs

/// What a seed's run has to do: items with their calls.
struct Scenario {
  enum Call {
    case read(Int)
    /// With `seesRead`, the text depends on the last read; with `tries`, a refusal is caught and noted.
    case write(WriteRequest, seesRead: Bool, tries: Bool)
  }

  struct Item {
    var calls: [Call]
    /// In another process its block asks for something else.
    var drifts: Bool
    /// How its block ends after the calls.
    var end: ItemEnd
  }

  var source: StepRow.Source
  var items: [Item]
  var policy = StepPolicy()
  var caps = Caps()
  var contacts: Int

  static let operations = [
    "set", "tag", "untag", "upsert", "create", "delete", "merge", "note", "note", "reply", "conversation",
    "export", "sms",
  ]

  init(_ dice: inout Dice) {
    source = dice.chance(50) ? .list : .block
    let count = dice.roll(2...7)
    // The items' own records, then two that they share.
    contacts = count + 3
    items = []
    let drifting = source == .block && dice.chance(8)
    for no in 1...count {
      var calls: [Call] = []
      for place in 1...dice.roll(1...4) {
        if source == .block, dice.chance(35) { calls.append(.read(no)) }
        var operation = dice.one(of: Self.operations)
        // Nothing comes after the record is gone.
        if operation == "delete" || operation == "merge" {
          operation = dice.chance(50) ? operation : "tag"
        }
        let isShared = dice.chance(25) && ["tag", "note"].contains(operation)
        var arguments = "\(operation)-\(no)-\(place)"
        if operation == "note", isShared { arguments = "the same words" }
        if operation == "tag", isShared { arguments = "t\(no)" }
        if operation == "untag" { arguments = "old" }
        if operation == "create", dice.chance(30) { arguments = "taken" }
        if dice.chance(3) { arguments = "bad" }
        let target: Int? =
          ["upsert", "create", "conversation", "export", "sms"].contains(operation)
          ? nil : isShared ? count + dice.roll(1...2) : no
        let seesRead = source == .block && ["note", "set", "reply"].contains(operation) && !isShared
        calls.append(
          .write(
            ModelServer.request(operation, target, arguments), seesRead: seesRead && arguments != "bad",
            tries: source == .block && dice.chance(40)))
        // The same words twice: which of the two is it that a look finds?
        if operation == "note", dice.chance(40), let last = calls.last { calls.append(last) }
        if operation == "delete" || operation == "merge" { break }
      }
      var end = ItemEnd.finished(value: nil)
      if source == .block {
        if dice.chance(10) { calls = calls.filter { if case .read = $0 { true } else { false } } }
        if dice.chance(10) { end = .skipped(reason: "enough") }
        if dice.chance(5) { end = .failed(Problem(code: "script", message: "an error of the script")) }
      }
      items.append(Item(calls: calls, drifts: drifting && dice.chance(50), end: end))
    }
    policy.check = dice.chance(30) ? .first : .byAge
    if dice.chance(10) { caps.writes = dice.roll(1...6) }
    if dice.chance(10) { caps.destroys = dice.roll(0...1) }
    if dice.chance(8) { policy.errors = .count(1) }
  }
}

/// An item's block, as the language machine would run it.
final class ModelProgram: ItemProgram {
  private let item: Scenario.Item
  private let words: String
  private let drift: String
  private var next = 0
  private var seen = ""
  private var catching: WriteRequest?

  init(item: Scenario.Item, captured: String, drift: String) {
    self.item = item
    words = captured
    self.drift = drift
  }

  func advance(_ reply: ItemReply?) -> ItemStep {
    switch reply {
    case .read(.success(let body)): seen = body
    case .refused(let problem):
      guard let caught = catching else { return .ended(.failed(problem)) }
      catching = nil
      // What it does instead: the same note once more would be a second one if the first was sent.
      return .call(.write(caught))
    default: break
    }
    catching = nil
    guard item.calls.indices.contains(next) else { return .ended(item.end) }
    let call = item.calls[next]
    next += 1
    switch call {
    case .read(let contact):
      return .call(.read(ReadRequest(operation: "get", target: ModelServer.ref(contact), arguments: drift)))
    case .write(var request, let seesRead, let tries):
      if seesRead { request.arguments += "-\(seen)-\(words)" }
      request.arguments += drift
      if tries, request.target != nil, request.effect == .write {
        catching = ModelServer.request("note", request.target.flatMap { Int($0.id) }, "instead-\(next)")
      }
      return .call(.write(request))
    }
  }
}
