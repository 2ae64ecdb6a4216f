import CCurl

/// Takes secrets out of what comes in and what leaves, by value: the last net under everything else.
public struct Redactor: Sendable {
  /// Each secret as it is, percent-encoded, and as JSON may write it.
  private var forms: [[UInt8]] = []

  public init(_ secrets: [String] = []) { for secret in secrets { add(secret) } }

  /// Shorter ones would blot out ordinary text.
  private static let shortestSecret = 6

  public mutating func add(_ secret: String) {
    guard secret.utf8.count >= Self.shortestSecret else { return }
    var escaped: [UInt8] = []
    for byte in secret.utf8 { escaped += byte == 0x2F ? [0x5C, 0x2F] : [byte] }
    for form in [Array(secret.utf8), Array(HTTPRequest.encode(segment: secret).utf8), escaped]
    where !forms.contains(form) { forms.append(form) }
  }

  public func redact(_ text: String) -> String {
    guard !forms.isEmpty else { return text }
    let bytes = Array(text.utf8)
    return mentionsSecret(bytes) ? String(decoding: redact(bytes), as: UTF8.self) : text
  }

  public func redact(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for form in forms { Self.replace(form, in: &result) }
    return result
  }

  /// Quick where there is none, as nearly always.
  public func mentionsSecret(_ bytes: [UInt8]) -> Bool {
    forms.contains { form in bytes.withUnsafeBytes { Self.find(form, in: $0[...]) != nil } }
  }

  private static let replacement = Array("[redacted]".utf8)

  private static func replace(_ secret: [UInt8], in bytes: inout [UInt8]) {
    var result: [UInt8] = []
    var copied = 0
    bytes.withUnsafeBytes { all in
      while let found = find(secret, in: all[copied...]) {
        result += all[copied..<found]
        result += replacement
        copied = found + secret.count
      }
      if copied > 0 { result += all[copied...] }
    }
    if copied > 0 { bytes = result }
  }

  private static func find(_ secret: [UInt8], in bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
    guard bytes.count >= secret.count, let start = bytes.base.baseAddress else { return nil }
    return secret.withUnsafeBytes { wanted in
      guard let first = wanted.baseAddress,
        let found = ccurl_find(start + bytes.startIndex, bytes.count, first, wanted.count)
      else { return nil }
      return found - start
    }
  }
}
