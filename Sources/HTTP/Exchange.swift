/// A request on its way to a result, over all its attempts.
final class Exchange {
  let ticket: Ticket
  let request: HTTPRequest
  let submittedAt: Double
  /// Where it goes; a followed redirect changes it.
  var target: String
  /// Attempts that count against the policy's maximum.
  var attempts = 0
  /// All sends.
  var sends = 0
  var rateWaits = 0
  var redirects = 0
  var firstSentAt: Double?
  var sentAt = 0.0
  var startedWall = 0.0
  var token = ""
  var hasRenewedToken = false
  /// An earlier attempt of this write was sent and had no usable answer.
  var mayHaveTakenEffect = false
  var isDone = false
  var transfer: CurlTransfer?

  init(ticket: Ticket, request: HTTPRequest, now: Double) {
    self.ticket = ticket
    self.request = request
    submittedAt = now
    target = request.target
  }
}

/// First in, first out; those that were cancelled meanwhile fall out by themselves.
struct ExchangeQueue {
  private var items: [Exchange] = []
  private var head = 0

  mutating func append(_ exchange: Exchange) { items.append(exchange) }

  var first: Exchange? {
    mutating get {
      while head < items.count, items[head].isDone { removeFirst() }
      return head < items.count ? items[head] : nil
    }
  }

  mutating func removeFirst() {
    guard head < items.count else { return }
    head += 1
    // Let go of what was taken once it is half of the array: linear in all, and the array stays short.
    if head * 2 >= items.count {
      items.removeFirst(head)
      head = 0
    }
  }
}
