import Catalogue
import Engine
import HTTP
import Machine

/// Sends requests for fibers, and wakes who waits for the answers.
public final class Transport: EventLoop {
  public let client: Client
  private var handlers: [Ticket: (Client.Outcome) -> Void] = [:]

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

  /// Takes a request back; its handler still hears of it.
  func cancel(_ ticket: Ticket) { client.cancel(ticket) }

  public func wait() -> Bool {
    guard client.hasPending else { return false }
    step(timeout: Transport.longestWait)
    return true
  }

  /// Waits no longer than so; false where nothing is under way.
  public func wait(milliseconds: Int) -> Bool {
    guard client.hasPending else { return false }
    step(timeout: milliseconds)
    return true
  }

  /// Gets what was queued under way without waiting for answers.
  func push() { step(timeout: 0) }

  private func step(timeout: Int) {
    for (ticket, outcome) in client.poll(timeout: timeout) {
      handlers.removeValue(forKey: ticket)?(outcome)
    }
  }
}
