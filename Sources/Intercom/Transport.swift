import Catalogue
import Engine
import HTTP
import Machine

/// Sends requests for fibers, and wakes who waits for the answers.
public final class Transport: EventLoop {
  public let client: Client
  private var handlers: [Ticket: (Client.Outcome) -> Void] = [:]
  private var timers: [(due: Double, number: Int, handler: () -> Void)] = []
  private var timerNumber = 0

  /// How long one wait may last: an interrupt that the waker does not tell of is seen after it.
  private static let longestWait = 100

  public init(_ client: Client) { self.client = client }

  /// Queues a request; `handler` hears of its end from within `wait`.
  @discardableResult
  public func send(_ request: HTTPRequest, _ handler: @escaping (Client.Outcome) -> Void) -> Ticket {
    let ticket = client.submit(request)
    handlers[ticket] = handler
    return ticket
  }

  /// Calls back from within `wait`, so many milliseconds from now. Gives the timer's number.
  @discardableResult
  func after(milliseconds: Int, _ handler: @escaping () -> Void) -> Int {
    timerNumber += 1
    timers.append((now + Double(max(0, milliseconds)) / 1000, timerNumber, handler))
    return timerNumber
  }

  func forget(timer number: Int) { timers.removeAll { $0.number == number } }

  private var now: Double { client.configuration.clock.monotonic() }

  /// Takes a request back; its handler still hears of it.
  func cancel(_ ticket: Ticket) { client.cancel(ticket) }

  public func wait() -> Bool {
    wait(milliseconds: Transport.longestWait)
  }

  /// Waits no longer than so; false where nothing is under way.
  public func wait(milliseconds: Int) -> Bool {
    guard client.hasPending || !timers.isEmpty else { return false }
    let next = timers.map(\.due).min().map { Int((($0 - now) * 1000).rounded(.up)) } ?? milliseconds
    step(timeout: max(0, min(milliseconds, next)))
    return true
  }

  /// Gets what was queued under way without waiting for answers.
  func push() { step(timeout: 0) }

  private func step(timeout: Int) {
    for (ticket, outcome) in client.poll(timeout: timeout) {
      handlers.removeValue(forKey: ticket)?(outcome)
    }
    guard !timers.isEmpty else { return }
    let now = now
    let due = timers.filter { $0.due <= now }
    timers.removeAll { $0.due <= now }
    for timer in due { timer.handler() }
  }
}
