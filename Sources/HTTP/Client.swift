/// The workspace's one client: everything that reaches the API goes through it.
///
/// Single-threaded: its owner calls `submit` and then `poll` until the results are there. The budget decides
/// when a request is sent. Only `waker` may be used from elsewhere.
public final class Client {
  public typealias Outcome = Result<HTTPResponse, HTTPFailure>

  public let configuration: ClientConfiguration
  /// Ends a running `poll` early.
  public let waker = Waker()

  var budget: RateBudget
  var concurrency: ConcurrencyLimit
  var redactor = Redactor()
  var headerLists = HeaderLists()
  /// The token that was found well-formed last.
  var goodToken = ""
  /// The `Date` header read last: many answers in a row bear the same.
  var lastDate: (text: [UInt8], seconds: Double?) = ([], nil)
  var counts = ClientStatistics()
  var multi: CurlMulti?
  var lastSent: Exchange?
  /// The request that was sent last, for showing it.
  public var lastRequest: HTTPRequest? { lastSent?.request }
  /// Nothing more is sent until it is false again; what is under way comes to its end.
  public var isHeld = false

  private var lastNumber: UInt64 = 0
  private var lastTurn: Double?
  /// Every request whose result was not handed out, by ticket.
  var exchanges: [Ticket: Exchange] = [:]
  /// To be sent when the budget allows: repeats before first sends.
  var repeats = ExchangeQueue()
  var fresh = ExchangeQueue()
  /// Waiting for a time, earliest last.
  var timers: [(due: Double, exchange: Exchange)] = []
  /// Under way at present.
  var inFlight: Int { multi?.count ?? 0 }
  var finished: [(Ticket, Outcome)] = []

  public init(_ configuration: ClientConfiguration) {
    self.configuration = configuration
    budget = RateBudget(share: configuration.share, assumedRate: configuration.assumedRate)
    concurrency = ConcurrencyLimit(
      start: configuration.startInFlight, maximum: configuration.maximumInFlight)
  }

  /// Queues a request. Nothing is sent before `poll`.
  public func submit(_ request: HTTPRequest) -> Ticket {
    lastNumber += 1
    let ticket = Ticket(number: lastNumber)
    let exchange = Exchange(ticket: ticket, request: request, now: configuration.clock.monotonic())
    exchanges[ticket] = exchange
    fresh.append(exchange)
    return ticket
  }

  /// True while a result is still to be handed out.
  public var hasPending: Bool { !exchanges.isEmpty || !finished.isEmpty }

  /// Sends, receives and waits until at least one result is there, `milliseconds` have passed or the waker was
  /// used. Each ticket's result is handed out once.
  public func poll(timeout milliseconds: Int) -> [(Ticket, Outcome)] {
    let deadline = configuration.clock.monotonic() + Double(max(0, milliseconds)) / 1_000
    while true {
      let now = configuration.clock.monotonic()
      noticeSleep(now: now)
      wakeTimers(now: now)
      let next = admit(now: now)
      multi?.perform()
      let ended = settleDone()
      if !finished.isEmpty { break }
      // What ended without a result made room, or goes again.
      if ended > 0 { continue }
      let wake = min(deadline, next, timers.last?.due ?? .infinity)
      let rest = wake - configuration.clock.monotonic()
      if rest <= 0 {
        if wake >= deadline { break }
        continue
      }
      if wait(milliseconds: Int32(min((rest * 1_000 / configuration.clock.pace).rounded(.up), 60_000))) {
        waker.drain()
        break
      }
    }
    defer { finished = [] }
    return finished
  }

  /// Sends one request and waits for its result; those of others stay for `poll`.
  public func perform(_ request: HTTPRequest) -> Outcome {
    let ticket = submit(request)
    var others: [(Ticket, Outcome)] = []
    defer { finished = others + finished }
    while true {
      var mine: Outcome?
      for result in poll(timeout: 60_000) {
        if result.0 == ticket { mine = result.1 } else { others.append(result) }
      }
      if let mine { return mine }
    }
  }

  /// Takes a request back. Its result is still handed out: `cancelled`, or an unknown outcome where a write
  /// was under way. Does nothing for a ticket that is done.
  public func cancel(_ ticket: Ticket) {
    guard let exchange = exchanges[ticket] else { return }
    guard let transfer = exchange.transfer else {
      finish(exchange, exchange.mayHaveTakenEffect ? unknown(exchange, .cancelled) : .failure(.cancelled))
      return
    }
    let wasSent = transfer.sends > 0
    multi?.abandon(transfer)
    exchange.transfer = nil
    if wasSent { budget.lost() } else { budget.neverSent() }
    let isOpen = (wasSent || exchange.mayHaveTakenEffect) && exchange.request.requestClass != .read
    finish(exchange, isOpen ? unknown(exchange, .cancelled) : .failure(.cancelled))
  }

  public func cancelAll() {
    for ticket in exchanges.keys.sorted(by: { $0.number < $1.number }) { cancel(ticket) }
  }

  /// Ends a running `poll`; from any thread.
  public func wakeup() { waker.wake() }

  public var statistics: ClientStatistics {
    var result = counts
    result.inFlight = inFlight
    result.queued = exchanges.count - inFlight
    result.allowedInFlight = concurrency.allowed
    result.share = budget.share
    result.limit = budget.limit
    result.remaining = budget.remaining
    return result
  }

  /// The request that was sent last as a command line, with the token as `$INTERCOM_ACCESS_TOKEN`.
  public var lastRequestAsCurl: String? {
    lastRequest.map {
      CurlCommand.render(
        $0, base: configuration.base, version: configuration.version, caFile: configuration.caFile,
        secrets: redactor)
    }
  }

  // MARK: - The loop

  /// While it waits, the loop turns once a minute at least. After a longer gap windows are unknown, and idle
  /// connections are likely to be dead without knowing it: a write on one would be one of unknown outcome.
  private func noticeSleep(now: Double) {
    defer { lastTurn = now }
    guard let lastTurn, now - lastTurn > Self.longestTurn * configuration.clock.pace else { return }
    budget.forget()
    if let multi, multi.count == 0 { self.multi = nil }
  }

  private static let longestTurn = 90.0

  private func wakeTimers(now: Double) {
    while let timer = timers.last, timer.due <= now {
      timers.removeLast()
      if !timer.exchange.isDone { repeats.append(timer.exchange) }
    }
  }

  /// Sends what budget and concurrency allow. Returns when to come back for the next one.
  private func admit(now: Double) -> Double {
    while !isHeld, let exchange = repeats.first ?? fresh.first {
      let slot = budget.nextSlot(now: now)
      if inFlight >= concurrency.allowed {
        if slot <= now { concurrency.wasReached() }
        return .infinity
      }
      guard slot <= now else { return slot }
      if repeats.first != nil { repeats.removeFirst() } else { fresh.removeFirst() }
      send(exchange, now: now)
    }
    return .infinity
  }

  /// True when the waker was used.
  private func wait(milliseconds: Int32) -> Bool {
    if let multi, multi.count > 0 {
      return multi.wait(milliseconds: milliseconds, wakeEnd: waker.readEnd)
    }
    return waker.wait(milliseconds: milliseconds)
  }

  /// Sends again at `due`.
  func schedule(_ exchange: Exchange, at due: Double) {
    var low = 0
    var high = timers.count
    while low < high {
      let middle = (low + high) / 2
      if timers[middle].due > due { low = middle + 1 } else { high = middle }
    }
    timers.insert((due, exchange), at: low)
  }

  func finish(_ exchange: Exchange, _ outcome: Outcome) {
    guard !exchange.isDone else { return }
    exchange.isDone = true
    exchanges[exchange.ticket] = nil
    counts.requests += 1
    if case .failure(let failure) = outcome {
      counts.failures += 1
      if !failure.isDefinite { counts.unknownOutcomes += 1 }
    }
    finished.append((exchange.ticket, outcome))
  }
}
