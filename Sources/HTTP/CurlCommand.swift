/// A request as a command line for curl, to try it by hand or to show it to somebody. The token stands in it
/// as `$INTERCOM_ACCESS_TOKEN`.
public enum CurlCommand {
  /// - Parameter secrets: taken out by value wherever else they stand.
  public static func render(
    _ request: HTTPRequest, base: BaseURL, version: String = "2.12", caFile: String? = nil,
    secrets: Redactor = Redactor()
  ) -> String {
    var parts = ["curl --request \(request.method.rawValue) \(quote(base.origin + request.target))"]
    if let caFile { parts.append("--cacert \(quote(caFile))") }
    parts.append("--header \"Authorization: Bearer $INTERCOM_ACCESS_TOKEN\"")
    var headers: [(name: String, value: String)] = [
      ("Accept", "application/json"), ("Intercom-Version", version),
    ]
    if request.body != nil { headers.append(("Content-Type", "application/json")) }
    for (name, value) in request.headers where name.lowercased() != "authorization" {
      headers.removeAll { $0.name.lowercased() == name.lowercased() }
      headers.append((name, value))
    }
    for (name, value) in headers { parts.append("--header \(quote(name + ": " + value))") }
    if let body = request.body { parts.append("--data-raw \(quote(String(decoding: body, as: UTF8.self)))") }
    return secrets.redact(parts.joined(separator: " \\\n  "))
  }

  /// For a POSIX shell: nothing inside is read as anything but text.
  static func quote(_ text: String) -> String {
    var quoted = "'"
    for character in text.unicodeScalars {
      if character == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(character) }
    }
    return quoted + "'"
  }
}
