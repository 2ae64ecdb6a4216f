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
    let wanted = name.utf8
    return headers.first { header in
      header.name.utf8.count == wanted.count
        && zip(header.name.utf8, wanted).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }?.value
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
