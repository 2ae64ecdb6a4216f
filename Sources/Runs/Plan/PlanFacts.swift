/// What a plan shows: counts by operation, a sample, cost, and what cannot be taken back.
public struct PlanFacts: Sendable, Equatable {
  public struct Count: Sendable, Equatable {
    public var operation: String
    public var effect: WriteEffect
    public var writes: Int
  }

  public struct Sample: Sendable, Equatable {
    public var key: String
    /// What people know the item by: a name, a title, an address; nil where its record tells none.
    public var label: String?
    public var writes: [String]
  }

  /// Why items cannot be planned, with the first item's key.
  public struct Obstacle: Sendable, Equatable {
    public var reason: String
    public var items: Int
    public var example: String?
  }

  static let sampleSize = 5

  /// In the order in which they came up.
  public private(set) var counts: [Count] = []
  public private(set) var samples: [Sample] = []
  public private(set) var obstacles: [Obstacle] = []
  /// Items with writes.
  public private(set) var items = 0
  public private(set) var writes = 0
  /// Reads for freshness that applying takes, at most.
  public private(set) var checks = 0
  public internal(set) var skipped = 0
  public internal(set) var failed = 0
  /// Items of the step, those without a write included.
  public internal(set) var total = 0
  /// Some items' writes could not be counted to their end.
  public private(set) var isOpenEnded = false
  /// A statement of the script itself.
  public internal(set) var isStatement = false

  public init() {}

  /// The whole step can be applied as a list.
  public var isComplete: Bool { obstacles.isEmpty }

  /// Operations that cannot be undone, or that a customer sees.
  public var grave: [Count] { counts.filter { $0.effect != .write } }

  mutating func add(_ item: ItemRow, _ log: [LogRow]) {
    guard !log.isEmpty else { return }
    items += 1
    writes += log.count
    var targets: [RecordRef] = []
    for entry in log {
      guard let request = entry.request else { continue }
      if let index = counts.firstIndex(where: {
        $0.operation == request.operation && $0.effect == request.effect
      }) {
        counts[index].writes += 1
      } else {
        counts.append(Count(operation: request.operation, effect: request.effect, writes: 1))
      }
      if let target = request.target, !targets.contains(target) { targets.append(target) }
    }
    checks += targets.count
    if samples.count < Self.sampleSize {
      samples.append(
        Sample(
          key: item.key, label: FrozenLabel.of(item.record),
          writes: log.compactMap { $0.request.map { Self.line($0, item: item.key) } }))
    }
  }

  mutating func cannot(_ reason: String, item: String?) {
    isOpenEnded = true
    if let index = obstacles.firstIndex(where: { $0.reason == reason }) {
      obstacles[index].items += 1
    } else {
      obstacles.append(Obstacle(reason: reason, items: item == nil ? 0 : 1, example: item))
    }
  }

  /// Counted to its end, but to be run by block.
  mutating func mustRun(_ reason: String, item: String?) {
    let wasOpen = isOpenEnded
    cannot(reason, item: item)
    isOpenEnded = wasOpen
  }

  /// As a sample shows it: the verb, its record unless that is the item itself, and what it is given.
  /// Placeholders stand as `@1.2.3`.
  static func line(_ request: WriteRequest, withArguments: Bool = true, item: String? = nil) -> String {
    let target = request.target.map { $0.description == item ? "" : " \($0)" } ?? ""
    let words = withArguments ? RequestText.words(request.arguments, but: request.target?.id) : ""
    let text = "\(request.operation)\(target)" + (words.isEmpty ? "" : "  \(words)")
    let plain = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{1}" }))
    return plain.count > 200 ? String(plain.prefix(199)) + "…" : plain
  }

  /// Requests that applying takes, and seconds at so many requests a minute.
  public func cost(perMinute: Int) -> (requests: Int, seconds: Int) {
    let requests = writes + checks
    return (requests, perMinute > 0 ? (requests * 60 + perMinute - 1) / perMinute : 0)
  }
}
