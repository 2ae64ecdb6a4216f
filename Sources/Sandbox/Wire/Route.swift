/// One operation: where it is found, and who answers it.
struct Route: Sendable {
  enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT", delete = "DELETE" }

  typealias Handler = @Sendable (Workspace, Call) throws -> Answer

  let method: Method
  /// The path with its parameters in braces, as in the description.
  let template: String
  /// The operationId of the description.
  let operation: String
  /// Searches are POST and change nothing.
  let reads: Bool
  /// Nil: not simulated, and said so.
  let handler: Handler?

  init(
    _ method: Method, _ template: String, _ operation: String, reads: Bool = false, _ handler: Handler? = nil
  ) {
    self.method = method
    self.template = template
    self.operation = operation
    self.reads = reads || method == .get
    self.handler = handler
  }
}

/// Finds the route of a path: a tree by path segment, in which words come before parameters.
struct Router: Sendable {
  private final class Node: @unchecked Sendable {
    // Filled while the router is made, read only afterwards.
    var words: [String: Node] = [:]
    var parameter: Node?
    var routes: [String: Route] = [:]
  }

  enum Outcome {
    case found(Route, path: [String])
    case otherMethods
    case unknown
  }

  private let root = Node()

  init(_ routes: [Route]) {
    for route in routes {
      var node = root
      for segment in route.template.split(separator: "/") {
        if segment.hasPrefix("{") {
          let next = node.parameter ?? Node()
          node.parameter = next
          node = next
        } else {
          let next = node.words[String(segment)] ?? Node()
          node.words[String(segment)] = next
          node = next
        }
      }
      node.routes[route.method.rawValue] = route
    }
  }

  func route(_ method: String, _ path: Substring) -> Outcome {
    guard path.utf8.first == 0x2F else { return .unknown }
    let segments = path.utf8.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false).map(
      Substring.init)
    // No template is as long; without a limit a long path would cost a deep search.
    guard segments.count <= 8 else { return .unknown }
    var known = false
    let found = search(root, segments[...], method, [], &known)
    return found ?? (known ? .otherMethods : .unknown)
  }

  private func search(
    _ node: Node, _ rest: ArraySlice<Substring>, _ method: String, _ values: [String], _ known: inout Bool
  ) -> Outcome? {
    guard let segment = rest.first else {
      if let route = node.routes[method] { return .found(route, path: values) }
      known = known || !node.routes.isEmpty
      return nil
    }
    if let next = node.words[String(segment)],
      let found = search(next, rest.dropFirst(), method, values, &known)
    {
      return found
    }
    guard let next = node.parameter, !segment.isEmpty else { return nil }
    let value = PercentEncoding.decode(segment, plusIsSpace: false)
    return search(next, rest.dropFirst(), method, values + [value], &known)
  }
}
