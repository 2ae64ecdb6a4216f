import Testing

@testable import REPL

@Suite struct SecretFilterTests {
  @Test(arguments: [
    "let token = \"abc\"", "{\"access_token\": \"abc123\"}", "login(\"someone\")", "login dG9rOjEyMzQ1Ng",
    ":login --token abc123def", "let INTERCOM_ACCESS_TOKEN = 'x'", "password: \"p\"", "api_key=12345678",
    "h = \"Authorization: Bearer abcdef\"", "print \"bearer  abcdefgh\"", "x = \"dG9rOmFiY2RlZmdoaWprbA==\"",
    "x = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0'", "q = \"aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3bC5dE7f\"",
    "let a = 1\nlet token = \"abc\"",
  ])
  func findsSecrets(_ line: String) { #expect(SecretFilter().holdsSecret(line)) }

  @Test(arguments: [
    "contacts | filter { .email ends_with \"@acme.com\" }", "tags | count", "let token", "token + 1",
    "print \"the secret garden\"", "contacts | filter { .token == null }", "tickets.search { .open }",
    "x = \"a long sentence that goes on and on without any secret in it at all\"", "login", "\"dG9r\"",
    "let id = \"6657adf76abd0167d9419d00\"",
  ])
  func keepsOthers(_ line: String) { #expect(!SecretFilter().holdsSecret(line)) }

  @Test func findsKnownValues() {
    let filter = SecretFilter(known: ["hush-hush", "abc"])
    #expect(filter.holdsSecret("print \"hush-hush\""))
    #expect(!filter.holdsSecret("print \"abc\""), "too short to be told from a word")
  }
}
