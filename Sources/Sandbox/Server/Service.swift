import Glibc
import JSON
import SQLite

/// Answers requests: checks, limits, faults, the operation itself, the ledger. On the event loop's thread alone.
final class Service {
  let workspace: Workspace
  private let router = Router(Routes.all)
  private var ledger: Ledger?
  private var window: RateWindow?
  private var faults: FaultPlan
  private var failure: String?
  /// The `Date` that was told last: many answers in a row bear the same.
  private var date: (second: Int64, text: String) = (-1, "")
  /// Open at present.
  var connections = 0

  init(_ workspace: Workspace) {
    self.workspace = workspace
    window = workspace.configuration.rateLimit.map(RateWindow.init)
    faults = FaultPlan(workspace.configuration.faults, seed: workspace.configuration.seedNumber)
  }

  /// Makes the store ready; a failure is told by every answer from then on.
  func prepare() {
    do {
      try workspace.prepare()
      ledger = try Ledger(workspace.database, keptReads: workspace.configuration.ledgerReads)
    } catch {
      failure = String(describing: error)
    }
  }

  func entries(after number: Int64, limit: Int) throws -> [LedgerEntry] {
    try ledger?.flush()
    return try ledger?.entries(after: number, limit: limit) ?? []
  }

  // MARK: One request

  func respond(to request: WireRequest) -> WireResponse {
    if let failure {
      let error = APIError(500, "server_error", "The sandbox's store could not be made ready: \(failure)")
      return response(error, requestID: "0")
    }
    let target = request.target
    let queryStart = target.utf8.firstIndex(of: 0x3F) ?? target.endIndex
    let path = target[..<queryStart]
    let query = QueryString(target[queryStart...].dropFirst())
    if path.hasPrefix("/_sandbox/") {
      return Control(service: self).respond(request, path: path, query: query)
    }

    let number = ledger?.next() ?? 0
    let requestID = Workspace.guid(number, 0x5EED)
    var entry = LedgerEntry(
      number: number, at: workspace.clock.now, method: request.method, path: target, operation: nil,
      status: nil,
      target: nil, bodyHash: Ledger.hash(request.body), isWrite: false, applied: false,
      mark: request.header("x-parlance-write"), fault: nil)

    let outcome = router.route(request.method, path)
    if case .found(let route, _) = outcome {
      entry.operation = route.operation
      entry.isWrite = !route.reads
    }
    var response: WireResponse
    do {
      try checkToken(request)
      response = try limited(request, query, outcome, &entry, requestID)
    } catch let error as APIError {
      // Without a valid token nothing is counted, and no limit is told.
      response = self.response(error, requestID: requestID)
      entry.status = error.status
      record(entry)
    } catch {
      response = self.response(.serverError, requestID: requestID)
    }
    if let date = dateHeader() { response.headers.append(("Date", date)) }
    return response
  }

  /// By the workspace's clock; one that stands still is told to nobody, since a window of requests goes on.
  private func dateHeader() -> String? {
    guard workspace.clock.ahead != nil else { return nil }
    let now = workspace.clock.now
    if date.second != now { date = (now, Self.httpDate(now)) }
    return date.text
  }

  private static func httpDate(_ seconds: Int64) -> String {
    var moment = time_t(seconds)
    var parts = tm()
    gmtime_r(&moment, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : String(number) }
    return "\(days[Int(parts.tm_wday) % 7]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon) % 12]) "
      + "\(1_900 + parts.tm_year) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }

  private func checkToken(_ request: WireRequest) throws(APIError) {
    guard let header = request.header("authorization") else { throw .missingAuthorization }
    let scheme = header.utf8.prefix { $0 != 0x20 }
    let token = header.utf8.dropFirst(scheme.count).drop { $0 == 0x20 }
    guard scheme.count == 6, Substring(scheme).lowercased() == "bearer", !token.isEmpty else {
      throw .unauthorized
    }
    if let wanted = workspace.configuration.token, !token.elementsEqual(wanted.utf8) { throw .unauthorized }
  }

  /// From here on answers tell the limit.
  private func limited(
    _ request: WireRequest, _ query: QueryString, _ outcome: Router.Outcome, _ entry: inout LedgerEntry,
    _ requestID: String
  ) throws -> WireResponse {
    guard window?.take() != false else {
      let error = APIError.rateLimited(window?.limit ?? .documented)
      entry.status = 429
      record(entry)
      return withLimit(response(error, requestID: requestID))
    }
    let fault = faults.fault(request: entry.number, operation: entry.operation)
    entry.fault = fault.map { String(describing: $0.kind) }
    if case .scrollExpiry = fault?.kind { workspace.scroll = nil }

    if let fault, fault.phase == .before, let broken = broken(fault, nil, requestID) {
      if case .status(let status) = fault.kind { entry.status = status }
      record(entry)
      return withLimit(broken)
    }
    var answer = perform(request, query, outcome, &entry, requestID)
    if let fault, fault.phase == .after, let broken = broken(fault, answer, requestID) { answer = broken }
    return withLimit(answer)
  }

  /// What the client meets instead of the true answer.
  private func broken(_ fault: FaultSpec, _ answer: WireResponse?, _ requestID: String) -> WireResponse? {
    var silent = WireResponse(status: 200, headers: [], body: [])
    switch fault.kind {
    case .status(429): return response(.rateLimited(window?.limit ?? .documented), requestID: requestID)
    case .status(let status): return response(.faulty(status), requestID: requestID)
    case .empty: return silent
    case .timeout: silent.delivery = .never
    case .reset: silent.delivery = .reset
    case .cutBody:
      guard var cut = answer else { return nil }
      cut.delivery = .cut
      return cut
    case .slow(let milliseconds):
      guard var late = answer else { return nil }
      late.delivery = .late(milliseconds)
      return late
    case .lag, .scrollExpiry: return nil
    }
    return silent
  }

  private func perform(
    _ request: WireRequest, _ query: QueryString, _ outcome: Router.Outcome, _ entry: inout LedgerEntry,
    _ requestID: String
  ) -> WireResponse {
    do {
      let call = try call(request, query, outcome)
      return try call.route.reads ? read(call, &entry, requestID) : write(call, &entry, requestID)
    } catch let error as APIError {
      entry.status = error.status
      record(entry)
      return response(error, requestID: requestID)
    } catch {
      // A store that fails (disk full, file gone) must not bring the server down.
      entry.status = 500
      entry.fault = String(describing: error)
      record(entry)
      return response(.serverError, requestID: requestID)
    }
  }

  private func read(_ call: Call, _ entry: inout LedgerEntry, _ requestID: String) throws -> WireResponse {
    let answer = try handle(call)
    entry.status = answer.status
    entry.target = answer.target
    record(entry)
    return response(answer, requestID: requestID)
  }

  /// The effect and its line in the ledger are one transaction.
  private func write(_ call: Call, _ entry: inout LedgerEntry, _ requestID: String) throws -> WireResponse {
    let database = workspace.database
    let kept = ledger
    try database.execute("BEGIN IMMEDIATE")
    do {
      let before = database.totalChanges
      let answer = try handle(call)
      entry.status = answer.status
      entry.target = answer.target ?? call.path.first
      entry.applied = database.totalChanges != before
      try ledger?.add(entry)
      try database.execute("COMMIT")
      workspace.forgetCounts()
      return response(answer, requestID: requestID)
    } catch {
      if database.isInTransaction { try? database.execute("ROLLBACK") }
      workspace.forgetTypes()
      // What waited was rolled back with the rest, and waits again.
      ledger = kept
      entry.applied = false
      entry.target = call.path.first
      throw error
    }
  }

  private func handle(_ call: Call) throws -> Answer {
    guard let handler = call.route.handler else { throw APIError.notSimulated(call.route.operation) }
    return try handler(workspace, call)
  }

  private func record(_ entry: LedgerEntry) { try? ledger?.note(entry) }

  /// Before the store is closed.
  func finish() { try? ledger?.flush() }

  // MARK: Checks

  private func call(_ request: WireRequest, _ query: QueryString, _ outcome: Router.Outcome) throws(APIError)
    -> Call
  {
    if request.bodyTooLarge { throw .bodyTooLarge(limit: workspace.configuration.bodyLimit) }
    if let version = request.header("intercom-version"), !Self.versions.contains(version) {
      throw .invalidVersion(version)
    }
    let route: Route
    let path: [String]
    switch outcome {
    case .found(let found, let values): (route, path) = (found, values)
    case .otherMethods:
      // A method that the API has nowhere is told so; one that this path lacks is a path that is not there.
      throw ["GET", "POST", "PUT", "DELETE", "HEAD"].contains(request.method)
        ? .noSuchPath : .methodNotAllowed
    case .unknown: throw .noSuchPath
    }
    let accept = request.header("accept")
    if let accept, route.operation != "downloadDataExport", !Self.acceptsJSON(accept) { throw .notAcceptable }
    return Call(route: route, path: path, query: query, body: try body(request), accept: accept)
  }

  private static let versions: Set<String> = [
    "1.0", "1.1", "1.2", "1.3", "1.4", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9",
    "2.10",
    "2.11", "2.12", "2.13", "2.14", "2.15", "2.16", "2.17", "Unstable", "Preview",
  ]

  private static func acceptsJSON(_ accept: String) -> Bool {
    let text = accept.lowercased()
    return text.contains("application/json") || text.contains("*/*") || text.contains("application/*")
  }

  private func body(_ request: WireRequest) throws(APIError) -> JSONObject {
    guard !request.body.isEmpty else { return JSONObject() }
    if let type = request.header("content-type"), !type.lowercased().contains("json") {
      throw .unsupportedMediaType
    }
    let value: JSONValue
    do {
      value = try JSONValue.parse(request.body)
    } catch {
      throw .malformedJSON
    }
    guard let object = value.objectValue else { throw .bodyNotAnObject }
    return object
  }

  // MARK: Responses

  private func response(_ answer: Answer, requestID: String) -> WireResponse {
    WireResponse(
      status: answer.status,
      headers: [
        ("Content-Type", answer.contentType), ("X-Request-Id", requestID), ("Intercom-Version", "2.12"),
      ],
      body: answer.body)
  }

  func response(_ error: APIError, requestID: String) -> WireResponse {
    WireResponse(
      status: error.status,
      headers: [("Content-Type", "application/json; charset=utf-8"), ("X-Request-Id", requestID)],
      body: error.body(requestID: requestID))
  }

  private func withLimit(_ response: WireResponse) -> WireResponse {
    guard let window else { return response }
    var response = response
    response.headers.append(("X-RateLimit-Limit", String(window.limit.requests)))
    response.headers.append(("X-RateLimit-Remaining", String(window.remaining)))
    response.headers.append(("X-RateLimit-Reset", String(window.reset + (workspace.clock.ahead ?? 0))))
    return response
  }

  func set(faults specs: [FaultSpec]) {
    faults = FaultPlan(specs, seed: workspace.configuration.seedNumber)
  }
}
