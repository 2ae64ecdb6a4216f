/// A request as it came over the wire, whole.
struct WireRequest {
  var method: String
  /// Path and query.
  var target: String
  var headers: [(name: String, value: String)]
  var body: [UInt8]
  /// The body was larger than allowed and has been left out.
  var bodyTooLarge = false

  /// Names in lower case.
  func header(_ name: String) -> String? {
    headers.first { $0.name.count == name.count && $0.name.lowercased() == name }?.value
  }
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
