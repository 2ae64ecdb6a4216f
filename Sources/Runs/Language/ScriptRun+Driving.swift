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
      do throws(JournalError) {
        try journal.commit(changes)
        post(.committed(batch: batch))
      } catch {
        post(.commitFailed(batch: batch, error))
      }
    case .slot(let id): post(.slot(id))
    case .read(let id, _):
      post(.read(id, .failure(Problem(code: "no_read", message: "blocks read by themselves"))))
    case .check(let id, let check): self.check(id, check)
    case .send(let ticket): send(ticket)
    case .look(let id, let look): self.look(id, look)
    case .wake(let at): wakeAt = at
    case .releaseBallast:
      if let directory = options.directory { Ballast(in: directory).release() }
    case .stepEnded(let account): stepEnded(account)
    case .halted(let reason): halted(reason)
    }
  }

  private func post(_ event: ExecutorEvent) {
    guard let executor else { return }
    actions += executor.handle(event, now: moment)
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
    binding.transport.send(http) { [weak self] outcome in
      self?.post(.answered(ticket.id, Self.answer(outcome, request: request, http)))
    }
  }

  static func answer(_ outcome: Client.Outcome, request: WriteRequest, _ http: HTTPRequest) -> Answer {
    switch outcome {
    case .success(let response) where response.isSuccess:
      return .success(result(of: response, request), status: response.status, requestID: response.requestID)
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

  private static func result(of response: HTTPResponse, _ request: WriteRequest) -> WriteResult {
    var result = WriteResult()
    guard let body = try? JSONValue.parse(response.body) else { return result }
    result.body = body.text()
    let id = body["id"].flatMap { $0.stringValue ?? $0.intValue.map { String($0) } }
    if request.target == nil { result.created = id }
    if let target = request.target, let id, target.id == id {
      result.version = body["updated_at"]?.intValue.map { String($0) }
    }
    return result
  }

  // MARK: Freshness

  private func check(_ id: EntryID, _ check: FreshnessCheck) {
    guard let operation = binding.catalogue.reader(of: check.record.type),
      let path = operation.path.filled(with: check.record.id)
    else {
      // What cannot be read again is taken as it was read.
      return post(.checked(id, .same(before: nil, version: check.version)))
    }
    let request = HTTPRequest(.get, path, operation: operation.qualifiedName, requestClass: .read)
    binding.transport.send(request) { [weak self] outcome in
      self?.post(.checked(id, Self.freshness(outcome, check, request)))
    }
  }

  private static func freshness(_ outcome: Client.Outcome, _ check: FreshnessCheck, _ request: HTTPRequest)
    -> Freshness
  {
    switch outcome {
    case .success(let response) where response.status == 404: return .missing
    case .success(let response) where response.isSuccess:
      guard let body = try? JSONValue.parse(response.body) else {
        return .unreadable(Problem(code: "unreadable", message: "the record could not be read"))
      }
      let version = body["updated_at"]?.intValue.map { String($0) }
      if let known = check.version, let version, known != version {
        return .changed("it was changed since it was read")
      }
      let before = before(check.request, in: body)
      if let expected = check.expected, let before, expected != before {
        return .changed("its fields hold something else than before")
      }
      return .same(before: before, version: version)
    case .success(let response):
      let error = APIError(response)
      return .unreadable(
        Problem(
          status: response.status, code: error.code ?? "http_\(response.status)",
          message: error.message ?? "the API answered \(response.status)"))
    case .failure(let failure):
      return .unreadable(Problem(code: "not_read", message: failure.message(for: request)))
    }
  }

  /// The fields that the write sets, as they are in a record of the API.
  static func before(_ request: WriteRequest, in record: JSONValue) -> String? {
    guard let written = request.written, case .object(let fields)? = try? JSONValue.parse(written) else {
      return nil
    }
    var found = JSONObject()
    for (name, _) in fields {
      guard let value = record[name] else { return nil }
      found[name] = comparable(value)
    }
    return JSONValue.object(found).text()
  }

  /// Ids come as numbers and as texts, times as seconds and as whole floats: what means the same is the same.
  static func comparable(_ value: JSONValue) -> JSONValue {
    switch value {
    case .int(let number): .string(String(number))
    case .double(let number) where number == number.rounded() && number.magnitude < 9e15:
      .string(String(Int64(number)))
    case .array(let items): .array(items.map { comparable($0) })
    case .object(let object):
      .object(object.reduce(into: JSONObject()) { $0[$1.key] = comparable($1.value) })
    default: value
    }
  }

  public func before(_ request: WriteRequest, in record: String) -> String? {
    guard let wire = FrozenValue.wire(record) else { return nil }
    return Self.before(request, in: wire)
  }

  // MARK: Unknown outcomes

  /// Looks where the declaration says; what it does not tell stays unknown.
  private func look(_ id: EntryID, _ look: LookUp) {
    guard let target = look.request.target,
      let rule = binding.catalogue.lookUp(look.request.operation, target.type),
      let operation = binding.catalogue.operations(rule.resource, rule.operation).first,
      let path = operation.path.filled(with: target.id)
    else {
      return post(
        .looked(id, .unreadable(Problem(code: "no_look_up", message: "the API has no way to look for it"))))
    }
    let request = HTTPRequest(.get, path, operation: operation.qualifiedName, requestClass: .read)
    let written = look.request
    binding.transport.send(request) { [weak self] outcome in
      self?.post(.looked(id, Self.finding(outcome, written, look.before, rule, operation, request)))
    }
  }

  private static func finding(
    _ outcome: Client.Outcome, _ written: WriteRequest, _ before: String?, _ rule: Catalogue.LookUp,
    _ operation: APIOperation, _ request: HTTPRequest
  ) -> Finding {
    guard case .success(let response) = outcome else {
      return .unreadable(Problem(code: "not_read", message: "the record could not be read"))
    }
    if response.status == 404 { return .missing }
    guard response.isSuccess, let body = try? JSONValue.parse(response.body) else {
      return .unreadable(
        Problem(status: response.status, code: "not_read", message: "the record could not be read"))
    }
    if written.settle == .gone { return .standing }
    if let wanted = written.written, case .object(let fields)? = try? JSONValue.parse(wanted), !fields.isEmpty
    {
      if fields.allSatisfy({ body[$0.key].map { comparable($0) } == comparable($0.value) }) {
        return .present(WriteResult(body: body.text()))
      }
      return Self.before(written, in: body) == before && before != nil
        ? .asBefore : .other("its fields hold something else")
    }
    // A link: is the other record in the list?
    guard let sent = try? JSONValue.parse(written.arguments) else {
      return .other("the request cannot be read")
    }
    let other =
      sent["body"]?["id"]?.stringValue
      ?? sent["path"]?.stringValue?.split(separator: "/").last.map(String.init)
    var list = rule.field.flatMap { body[$0] } ?? body
    for key in operation.items { list = list[key] ?? list }
    let items = list.arrayValue ?? list["data"]?.arrayValue ?? list["tags"]?.arrayValue ?? []
    let isThere = items.contains { item in
      (item["id"]?.stringValue ?? item["id"]?.intValue.map { String($0) }) == other
    }
    let removes = sent["method"]?.stringValue == "DELETE"
    return isThere != removes ? .present(WriteResult()) : before == nil ? .asBefore : .asBefore
  }

  // MARK: Ends

  private func stepEnded(_ account: StepAccount) {
    guard let bulk else { return }
    let tally = account.tally
    if !account.goesOn {
      let failed = tally.failures
      report(bulk, tally)
      return end(
        with: RuntimeError(
          "\"\(bulk.row.name)\" ended with \(failed) \(failed == 1 ? "item" : "items") not done, so the script stops here",
          kind: .uncatchable, code: "bulk_failed",
          hints: [
            "`on_error: \"continue\"` lets the script go on",
            "`parlance runs show \(runID ?? "")` lists them",
          ]))
    }
    report(bulk, tally)
    finish(bulk, tally: tally)
  }

  private func halted(_ reason: StopReason?) {
    stopped = reason
    guard let bulk else { return }
    let tally = tally(of: bulk.row)
    report(bulk, tally)
    end(
      with: RuntimeError(
        "\"\(bulk.row.name)\" was stopped: \(Self.text(reason))", kind: .uncatchable, code: "stopped",
        hints: ["`parlance resume \(runID ?? "")` goes on with the \(tally.open) items that are left"]))
  }

  private static func text(_ reason: StopReason?) -> String {
    switch reason {
    case .maxWrites(let count): "the cap of \(count) writes is reached"
    case .maxDestroys(let count): "the cap of \(count) destroying writes is reached"
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
    guard let executor, let bulk else { return }
    let now = moment.steady
    guard now - lastPainted >= 100 else { return }
    lastPainted = now
    let tally = executor.tally
    let rate = executor.progress.perMinute(at: now)
    var line = "\(bulk.row.name): \(tally.ended) of \(tally.total)"
    if tally.failures > 0 { line += ", \(tally.failures) failed" }
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

extension APICatalogue {
  /// The operation that reads one record of a type by its id.
  func reader(of type: String) -> APIOperation? {
    guard let resource = resourceName(ofType: type) else { return nil }
    return operations(resource, "get").first { $0.method == .get && $0.path.parameterNames.count == 1 }
  }

  /// Where the declaration of a write says to look for it.
  func lookUp(_ qualified: String, _ type: String) -> Catalogue.LookUp? {
    let parts = qualified.split(separator: ".").map(String.init)
    guard parts.count == 2 else { return nil }
    for operation in operations(parts[0], parts[1]) {
      let target = operation.target.flatMap { operation.parameter($0) }?.type.recordType
      guard target == type else { continue }
      return operation.settle.first { $0.lookUp != nil }?.lookUp
    }
    return nil
  }
}

extension PathTemplate {
  /// The path with one id in place of its one parameter; nil if it has more.
  func filled(with id: String) -> String? {
    guard parameterNames.count == 1 else { return nil }
    var path = ""
    for part in parts {
      switch part {
      case .text(let text): path += text
      case .parameter: path += HTTPRequest.encode(segment: id)
      }
    }
    return path
  }
}
