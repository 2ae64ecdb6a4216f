/// What an operation does to the world; the order is that of weight.
public enum Effect: String, Sendable, CaseIterable, Comparable {
  /// Changes nothing.
  case read
  /// Changes data.
  case write
  /// Changes data and cannot be undone.
  case destroy
  /// Reaches a customer.
  case outward

  private var weight: Int {
    switch self {
    case .read: 0
    case .write: 1
    case .destroy: 2
    case .outward: 3
    }
  }

  public static func < (left: Effect, right: Effect) -> Bool { left.weight < right.weight }
}

/// The four methods that the API knows.
public enum RequestMethod: String, Sendable, CaseIterable {
  case get = "GET"
  case post = "POST"
  case put = "PUT"
  case delete = "DELETE"
}
