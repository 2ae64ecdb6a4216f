/// Colours and weights where they are wanted, plain text where not.
public struct Style: Equatable, Sendable {
  /// The numbers are the parameters of the terminal's "select graphic rendition".
  public enum Attribute: Int, CaseIterable, Sendable {
    case bold = 1
    case dim = 2
    case italic = 3
    case underline = 4
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
    case cyan = 36
    case gray = 90
  }

  public static let plain = Style(isColored: false)
  public static let colored = Style(isColored: true)

  public let isColored: Bool

  public init(isColored: Bool) { self.isColored = isColored }

  /// Colours on a terminal, unless it is a dumb one, `NO_COLOR` is set to anything, or the option says no.
  /// `CLICOLOR_FORCE` asks for colours without a terminal.
  public init(isTerminal: Bool, environment: [String: String], noColorOption: Bool = false) {
    let refused = noColorOption || environment["NO_COLOR"].map { !$0.isEmpty } == true
    let forced = environment["CLICOLOR_FORCE"].map { !$0.isEmpty && $0 != "0" } == true
    let able = isTerminal && environment["TERM"] != "dumb" && environment["TERM"]?.isEmpty != true
    isColored = !refused && (forced || able)
  }

  /// The text between the codes for these attributes and the one that ends them.
  public func paint(_ text: String, _ attributes: Attribute...) -> String {
    guard isColored, !attributes.isEmpty, !text.isEmpty else { return text }
    let codes = attributes.map { String($0.rawValue) }.joined(separator: ";")
    return "\u{1B}[\(codes)m\(text)\u{1B}[0m"
  }
}
