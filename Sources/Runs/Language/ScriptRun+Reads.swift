import Catalogue
import HTTP
import Intercom
import JSON
import Machine

/// Reads of blocks are the executor's, reads of the script itself are kept in its log. What a bulk reads while
/// it is frozen is not: the items are.
extension ScriptRun: ReadGate {
  public func take(_ read: PendingRead) -> Bool {
    if let program = read.fiber.context as? BlockProgram {
      program.ask(read)
      return true
    }
    guard read.fiber.context == nil, options.keepsReads else { return false }
    if plansOnly, plannedWrites > 0 {
      replies.append { [self] in read.fail(planEnds("it reads the API after a write")) }
      return true
    }
    if let bulk, !bulk.isFrozen { return false }
    let request = ReadRequest(
      operation: read.operation.qualifiedName, target: nil, arguments: RequestText.text(of: read.request))
    if let (row, isSame) = log.replay(request) {
      replies.append { [self] in replay(row, isSame, read) }
      return true
    }
    let id = EntryID(step: 0, item: 1, seq: log.number())
    send(request) { [self] answer in
      log.add(LogRow(id: id, read: request, answer: answer))
      deliver(answer, read)
    }
    return true
  }

  public func ordersReads(of fiber: Fiber) -> Bool { fiber.context is BlockProgram }

  func planEnds(_ why: String) -> RuntimeError {
    endedEarly = true
    return RuntimeError("the plan ends here: \(why)", kind: .uncatchable, code: Self.endOfPlan)
  }

  private func replay(_ row: LogRow, _ isSame: Bool, _ read: PendingRead) {
    guard isSame else {
      return read.fail(
        RuntimeError(
          "the script asks for \(read.operation.qualifiedName), and before it asked for \(row.operation) here",
          kind: .uncatchable, code: "diverged",
          hints: ["nothing more was written; `--new` starts another run"]))
    }
    let problem = row.problem ?? Problem(code: "not_read", message: "the read had failed")
    deliver(row.state == .done ? .success(row.result?.body ?? "null") : .failure(problem), read)
  }

  func deliver(_ answer: Result<String, Problem>, _ read: PendingRead) {
    switch answer {
    case .success(let body): read.answer(BodyText.bytes(body))
    case .failure(let problem): read.fail(RuntimeError(problem, operation: read.operation.qualifiedName))
    }
  }

  /// Sends a read that the journal describes.
  func send(_ read: ReadRequest, _ done: @escaping (Result<String, Problem>) -> Void) {
    guard
      let http = RequestText.request(
        read.arguments, operation: read.operation, requestClass: .read, mark: nil)
    else {
      return done(.failure(Problem(code: "unreadable", message: "the journal's request cannot be read")))
    }
    binding.transport.send(http) { outcome in
      switch outcome {
      case .success(let response) where response.isSuccess:
        done(.success(BodyText.text(response.body)))
      case .success(let response):
        let error = APIError(response)
        done(
          .failure(
            Problem(
              status: response.status, code: error.code ?? "http_\(response.status)",
              message: error.message ?? "the API answered \(response.status)", requestID: response.requestID))
        )
      case .failure(let failure):
        done(.failure(Problem(code: "not_read", message: failure.message(for: http))))
      }
    }
  }
}

/// An answer's body as text: what is no UTF-8 (a zipped export) is kept as hex behind a mark that JSON has not.
enum BodyText {
  private static let mark = "\u{1}hex:"

  static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    let digits = Array("0123456789abcdef".utf8)
    var hex: [UInt8] = []
    hex.reserveCapacity(bytes.count * 2)
    for byte in bytes { hex += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return mark + String(decoding: hex, as: UTF8.self)
  }

  static func bytes(_ text: String) -> [UInt8] {
    guard text.hasPrefix(mark) else { return Array(text.utf8) }
    let hex = Array(text.utf8.dropFirst(mark.utf8.count))
    func value(_ digit: UInt8) -> UInt8 { digit < 0x3A ? digit &- 0x30 : digit &- 0x57 }
    return stride(from: 0, to: hex.count - 1, by: 2).map { value(hex[$0]) << 4 | value(hex[$0 + 1]) & 15 }
  }
}
