/// Where the API is: an https origin, or http on this machine.
public struct BaseURL: Sendable, Equatable {
  /// Scheme, host and port, without a trailing slash.
  public let origin: String
  public let host: String
  public let isLoopback: Bool
  public let isSecure: Bool

  public static let us = known("api.intercom.io")
  public static let eu = known("api.eu.intercom.io")
  public static let au = known("api.au.intercom.io")

  /// The base of a region: `us`, `eu` or `au`.
  public static func region(_ name: String) -> BaseURL? {
    switch name {
    case "us": us
    case "eu": eu
    case "au": au
    default: nil
    }
  }

  public enum Invalid: Error, Equatable, Sendable {
    case malformed(String)
    /// The token would be readable on the way.
    case insecure(String)

    public var message: String {
      switch self {
      case .malformed(let text): "`\(text)` is no base address; write it like https://api.intercom.io"
      case .insecure(let text):
        "`\(text)` is not encrypted, and the token would be readable on the way; use https (http is for "
          + "addresses of this machine, such as http://127.0.0.1:4012)"
      }
    }
  }

  public init(_ text: String) throws(Invalid) {
    let lowered = text.lowercased()
    let secure = lowered.hasPrefix("https://")
    guard secure || lowered.hasPrefix("http://") else { throw .malformed(text) }
    var rest = lowered.dropFirst(secure ? 8 : 7)
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    var host = rest
    var port: Substring?
    if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
      host = rest[...close]
      let after = rest[rest.index(after: close)...]
      guard after.isEmpty || after.hasPrefix(":") else { throw .malformed(text) }
      port = after.isEmpty ? nil : after.dropFirst()
    } else if let colon = rest.firstIndex(of: ":") {
      host = rest[..<colon]
      port = rest[rest.index(after: colon)...]
    }
    // No user, path, query or anything that could make another reader see another host.
    let isAddress = host.hasPrefix("[")
    let allowed = host.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E: true
      case 0x3A, 0x5B, 0x5D: isAddress
      default: false
      }
    }
    guard !host.isEmpty, allowed, port.map({ UInt16($0).map { $0 > 0 } ?? false }) ?? true else {
      throw .malformed(text)
    }
    self.host = String(host)
    isSecure = secure
    isLoopback = Self.isLoopback(host)
    origin = (secure ? "https://" : "http://") + rest
    guard secure || isLoopback else { throw .insecure(text) }
  }

  private init(known host: String) {
    (self.host, origin, isLoopback, isSecure) = (host, "https://" + host, false, true)
  }

  private static func known(_ host: String) -> BaseURL { BaseURL(known: host) }

  private static func isLoopback(_ host: Substring) -> Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
