/// A path with holes: `/contacts/{contact}/tags/{tag}`.
public struct PathTemplate: Sendable, Hashable {
  public enum Part: Sendable, Hashable {
    case text(String)
    case parameter(String)
  }

  public let text: String
  public let parts: [Part]

  /// Nil for a text that does not start with `/` or whose braces do not match.
  public init?(_ text: String) {
    guard text.hasPrefix("/") else { return nil }
    var parts: [Part] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      let afterOpen = rest.index(after: open)
      guard let close = rest[afterOpen...].firstIndex(of: "}"), close > afterOpen else { return nil }
      let name = rest[afterOpen..<close]
      if name.contains("{") { return nil }
      parts.append(.parameter(String(name)))
      rest = rest[rest.index(after: close)...]
    }
    if rest.contains("}") { return nil }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    self.text = text
    self.parts = parts
  }

  public var parameterNames: [String] {
    parts.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
  }

  /// The path with `{}` for each hole: what routes are compared by.
  public var shape: String {
    parts.map { if case .text(let text) = $0 { text } else { "{}" } }.joined()
  }
}
