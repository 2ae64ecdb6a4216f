import NIOHTTP1

/// A request as it came over the wire, whole.
struct WireRequest {
  var method: String
  /// Path and query.
  var target: String
  var headers: HTTPHeaders
  var body: [UInt8]
  /// The body was larger than allowed and has been left out.
  var bodyTooLarge = false

  /// The first of that name, in whatever case it came.
  func header(_ name: String) -> String? { headers.first(name: name) }
}

/// What goes back, and how.
struct WireResponse {
  enum Delivery: Equatable {
    case whole
    /// After milliseconds.
    case late(Int64)
    /// Half of the body, then the end of the connection.
    case cut
    case reset
    /// Nothing at all.
    case never
  }

  var status: Int
  var headers: [(String, String)]
  var body: [UInt8]
  var delivery = Delivery.whole
}
