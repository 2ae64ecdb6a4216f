import Testing

@testable import HTTP

@Suite struct BaseURLTests {
  @Test func knowsTheRegions() {
    #expect(BaseURL.region("us")?.origin == "https://api.intercom.io")
    #expect(BaseURL.region("eu")?.origin == "https://api.eu.intercom.io")
    #expect(BaseURL.region("au")?.origin == "https://api.au.intercom.io")
    #expect(BaseURL.region("mars") == nil)
  }

  @Test(arguments: [
    "http://127.0.0.1:4012", "http://localhost", "http://[::1]:80/", "http://127.9.9.9",
    "https://example.com:8443",
    "HTTPS://Example.com/",
  ])
  func takesWhatIsSafe(text: String) throws {
    let base = try BaseURL(text)
    #expect(!base.origin.hasSuffix("/"))
    #expect(base.isSecure || base.isLoopback)
  }

  /// Nothing that another reader would take for another host.
  @Test(arguments: [
    "http://example.com", "http://127.0.0.1.example.com", "http://localhost.example.com",
    "http://127.0.0.256",
    "http://10.0.0.1", "http://0.0.0.0", "http://[::2]", "http://0177.0.0.1", "http://2130706433",
  ])
  func refusesToSendTheTokenInTheClear(text: String) {
    #expect(throws: BaseURL.Invalid.insecure(text)) { try BaseURL(text) }
  }

  @Test(arguments: [
    "", "api.intercom.io", "ftp://127.0.0.1", "http://", "https://", "https://a b", "https://a/b",
    "https://a?b",
    "https://user@a", "http://127.0.0.1@evil.example", "http://127.0.0.1:99999", "http://127.0.0.1:0",
    "http://127.0.0.1:", "https://a#b", "http://[::1", "http://[::1]x", "https://ä.example",
    "http://127.0.0.1\\@evil.example", "https://a\r\nb",
  ])
  func refusesWhatIsNoOrigin(text: String) {
    #expect(throws: BaseURL.Invalid.malformed(text)) { try BaseURL(text) }
    #expect(BaseURL.Invalid.malformed(text).message.contains("https://api.intercom.io"))
  }
}
