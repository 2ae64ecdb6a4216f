import Catalogue
import HTTP
import Intercom
import JSON
import Machine

/// What the executor asks for, carried out with the client and the journal.
extension ScriptRun {
  func perform(_ action: ExecutorAction) {
    switch action {
    case .commit(let batch, let changes):
      guard let journal else { return post(.commitFailed(batch: batch, .noSuchRun(runID ?? ""))) }
      journal.submit(batch, log.take() + changes)
    case .slot(let id): waitingForSlot.append(id)
    case .read(let id, let read): send(read) { [weak self] in self?.post(.read(id, $0)) }
    case .check(let id, let check):
      lookUps.check(check) { [weak self] in self?.post(.checked(id, $0)) }
    case .send(let ticket): send(ticket)
    case .look(let id, let look):
      lookUps.look(look) { [weak self] in self?.post(.looked(id, $0)) }
    case .wake(let at): wakeAt = at
    case .releaseBallast:
      if let directory = options.directory { Ballast(in: directory).release() }
    case .stepEnded(let account): stepEnded(account)
    case .halted(let reason): halted(reason)
    }
  }

  // MARK: Writes

  private func send(_ ticket: WriteTicket) {
    let request = ticket.request
    guard
      let http = RequestText.request(
        request.arguments, operation: request.operation, requestClass: .otherWrite,
        mark: "\(runID ?? "")/\(ticket.id)")
    else {
      return post(
        .answered(
          ticket.id, .notSent(Problem(code: "unreadable", message: "the journal's request cannot be read"))))
    }
    let call = WriteCall(request, binding.catalogue)
    binding.transport.send(http) { [weak self] outcome in
      let answer = Self.answer(outcome, request: request, http, call)
      if case .success = answer, let call { self?.binding.changed(call.operation) }
      self?.post(.answered(ticket.id, answer))
    }
  }

  private static func answer(
    _ outcome: Client.Outcome, request: WriteRequest, _ http: HTTPRequest, _ call: WriteCall?
  )
    -> Answer
  {
    switch outcome {
    case .success(let response) where response.isSuccess:
      return .success(
        result(of: response, request, call), status: response.status, requestID: response.requestID)
    case .success(let response):
      let error = APIError(response)
      return .status(
        Problem(
          status: response.status, code: error.code ?? "http_\(response.status)",
          message: error.message ?? "the API answered \(response.status)", requestID: response.requestID),
        retryAfter: response.headers["retry-after"].flatMap { Int($0) })
    case .failure(let failure):
      let message = failure.message(for: http)
      if case .unknownOutcome = failure { return .broken(Problem(code: "unknown_outcome", message: message)) }
      if case .rateLimited(let seconds) = failure {
        return .status(
          Problem(status: 429, code: "rate_limit_exceeded", message: message), retryAfter: Int(seconds))
      }
      return .notSent(Problem(code: "not_sent", message: message))
    }
  }

  private static func result(of response: HTTPResponse, _ request: WriteRequest, _ call: WriteCall?)
    -> WriteResult
  {
    var result = WriteResult()
    guard let body = try? JSONValue.parse(response.body) else { return result }
    // What an erased record was is not kept, not even until the item ends.
    result.body = call?.operation.keepsNothing == true ? nil : body.text()
    result.created = Traces.created(by: request, call, body)
    if let target = request.target, target.id == Traces.id(of: body) {
      result.version = body["updated_at"]?.intValue.map { String($0) }
    }
    return result
  }

  /// The fields that the write sets, as they are in a frozen record.
  public func before(_ request: WriteRequest, in record: String) -> String? {
    guard let call = WriteCall(request, binding.catalogue), let wire = FrozenValue.wire(record) else {
      return nil
    }
    let state = TargetState(call: call)
    return state.written.isEmpty ? nil : state.picked(from: wire).map { JSONValue.object($0).text() }
  }

  // MARK: Ends

  private func stepEnded(_ account: StepAccount) {
    if let single, single.isAtWork { return ended(single, account.tally) }
    guard let bulk else { return }
    report(bulk, account.tally)
    guard account.goesOn else { return end(with: notAllDone(bulk, account.tally)) }
    finish(bulk, tally: account.tally)
  }

  private func halted(_ reason: StopReason?) {
    stopped = reason
    let row = bulk?.row ?? single?.row
    let tally = row.map { self.tally(of: $0) } ?? Tally()
    if let bulk { report(bulk, tally) }
    end(with: stopError(Self.text(reason), open: tally.open))
  }

  static func text(_ reason: StopReason?) -> String {
    switch reason {
    case .maxWrites(let count): "the cap of \(count) writes is reached"
    case .maxDestroys(let count): "the cap of \(count) destroying writes is reached"
    case .moreThanShown(let count): "it wants to write more than the \(count) times that were shown"
    case .errors(let failed): "\(failed) items failed"
    case .breaker(let why): why
    case .journal(let error): "the journal cannot be written: \(error)"
    case .person: "a person said so"
    case .signal: "interrupted"
    case .endOfPlan: "the plan ends here"
    case nil: "it cannot go on"
    }
  }

  func report(_ bulk: BulkStep, _ tally: Tally) {
    voice.endProgress()
    let parts = ItemState.allCases.compactMap { tally[$0] > 0 ? "\(tally[$0]) \($0.rawValue)" : nil }
    voice.say("\(bulk.row.name): \(tally.total) items, \(parts.joined(separator: ", "))  [\(runID ?? "")]")
    guard tally.failures + tally[.unknown] > 0, let reader else { return }
    do throws(JournalError) {
      for group in try reader.errorGroups().prefix(5) {
        voice.say(
          "  \(group.items) × \(group.status.map { "\($0) " } ?? "")\(group.code): \(group.message), e.g. \(group.exampleKey)"
        )
      }
    } catch {
      voice.say("  the journal cannot be read: \(error)")
    }
  }

  func paint() {
    guard let executor, let row = bulk?.row, row.items > 1 else { return }
    let now = moment.steady
    guard now - lastPainted >= 100 else { return }
    lastPainted = now
    let tally = executor.tally
    let rate = executor.progress.perMinute(at: now)
    var line = "\(row.name): \(tally.ended) of \(tally.total)"
    if tally.failures > 0 { line += ", \(tally.failures) failed" }
    if tally[.parked] > 0 { line += ", \(tally[.parked]) parked" }
    if rate >= 1 { line += ", \(Int(rate))/min" }
    if let left = executor.progress.remaining(open: tally.open, at: now) {
      line += ", \(left.lowerBound)–\(left.upperBound) s left"
    }
    if let remaining = binding.transport.client.statistics.remaining {
      line += ", budget \(remaining) left in this window"
    }
    voice.progress(line)
  }
}
