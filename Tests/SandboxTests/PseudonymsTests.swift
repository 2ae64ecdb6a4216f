import JSON
import Testing

@testable import Sandbox

struct PseudonymsTests {
  private let pseudonyms = Pseudonyms(key: 1)

  @Test func whatIsAlikeStaysAlike() {
    #expect(pseudonyms.email("ada@example.org") == pseudonyms.email("ada@example.org"))
    #expect(pseudonyms.email("Ada@Example.org").lowercased() == pseudonyms.email("ada@example.org"))
    #expect(pseudonyms.email("ADA@EXAMPLE.ORG") == pseudonyms.email("ada@example.org").uppercased())
    #expect(pseudonyms.email("ada@example.org") != pseudonyms.email("ben@example.org"))
    func domain(_ email: String) -> Substring? { email.split(separator: "@").last }
    #expect(domain(pseudonyms.email("ada@example.org")) == domain(pseudonyms.email("ben@example.org")))
    #expect(domain(pseudonyms.email("ada@example.org")) != domain(pseudonyms.email("ada@example.com")))
    #expect(pseudonyms.phone("+1 (555) 123").count == "+1 (555) 123".count)
    #expect(pseudonyms.phone("+1 (555) 123").hasPrefix("+"))
    #expect(Pseudonyms(key: 2).email("ada@example.org") != pseudonyms.email("ada@example.org"))
  }

  @Test func textLosesItsAddressesAndTheNamesOfThoseWhoSpeak() {
    let value: JSONValue = [
      "source": [
        "author": ["type": "user", "name": "Ada Baker", "email": "ada@example.org"],
        "body":
          "<p>Ada Baker here (ada@example.org, cc <b>ben@x.io</b>). 4242 and @mentions stay; so does a@b.</p>",
      ],
      "conversation_parts": [
        "conversation_parts": [
          [
            "body": "Hi Ada Baker",
            "author": ["type": "admin", "name": "Robin Vale", "email": "robin@firm.example"],
          ]
        ]
      ],
    ]
    let text = pseudonyms.message(value).text()
    for gone in ["Ada Baker", "ada@example.org", "ben@x.io"] { #expect(!text.contains(gone), "\(gone)") }
    // Teammates are one's own people: runbooks name them.
    for kept in ["4242", "@mentions", "a@b.", "Robin Vale", "robin@firm.example"] {
      #expect(text.contains(kept), "\(kept)")
    }
  }
}
