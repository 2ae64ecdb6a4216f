/// Takes secrets out of text by value: the last net under everything that leaves the process.
public struct Redactor: Sendable {
  private var secrets: [String] = []

  public init(_ secrets: [String] = []) { for secret in secrets { add(secret) } }

  /// Shorter ones would blot out ordinary text.
  private static let shortestSecret = 6

  public mutating func add(_ secret: String) {
    guard secret.utf8.count >= Self.shortestSecret else { return }
    for form in [secret, HTTPRequest.encode(segment: secret)] where !secrets.contains(form) {
      secrets.append(form)
    }
  }

  public func redact(_ text: String) -> String {
    guard !secrets.isEmpty else { return text }
    let bytes = Array(text.utf8)
    let redacted = redact(bytes)
    return redacted.count == bytes.count && redacted == bytes
      ? text : String(decoding: redacted, as: UTF8.self)
  }

  public func redact(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for secret in secrets { result = Self.replacing(Array(secret.utf8), in: result) }
    return result
  }

  private static let replacement = Array("[redacted]".utf8)

  private static func replacing(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    guard let first = secret.first, bytes.count >= secret.count else { return bytes }
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    while index + secret.count <= bytes.count {
      if bytes[index] == first, bytes[index..<index + secret.count].elementsEqual(secret) {
        result += bytes[copied..<index]
        result += replacement
        index += secret.count
        copied = index
      } else {
        index += 1
      }
    }
    guard copied > 0 else { return bytes }
    return result + bytes[copied...]
  }
}
