import Testing

@testable import Runs

@Suite struct FrozenLabelTests {
  @Test func aRecordIsKnownByWhatPeopleCallIt() {
    #expect(FrozenLabel.of(#"{"$record":["contact",{"id":"1","name":"Ada","email":"a@x.test"}]}"#) == "Ada")
    #expect(
      FrozenLabel.of(#"{"$record":["contact",{"id":"1","name":null,"email":"a@x.test"}]}"#) == "a@x.test")
    let source =
      #"{"$record":["conversation",{"title":null,"source":{"$record":["source",{"subject":"Outage?"}]}}]}"#
    #expect(FrozenLabel.of(source) == "Outage?")
    #expect(FrozenLabel.of(#"{"email":"row@x.test","plan":"pro"}"#) == "row@x.test")
  }

  @Test func whatTellsNothingHasNone() {
    #expect(FrozenLabel.of(nil) == nil)
    #expect(FrozenLabel.of("not JSON") == nil)
    #expect(FrozenLabel.of(#"{"$record":["tag",{"id":"1"}]}"#) == nil)
    #expect(
      FrozenLabel.of(#"{"$record":["article",{"title":"\#(String(repeating: "x", count: 90))"}]}"#)?.count
        == 60)
  }

  @Test func aWriteIsShownByWhatItWasGiven() {
    let text =
      #"{"method":"POST","path":"/p","body":{"type":"admin"},"args":{"conversation":"7","body":"Done.","$op":1}}"#
    #expect(RequestText.words(text, but: "7") == #"body: "Done.""#)
    #expect(RequestText.words(#"{"method":"PUT","path":"/p","body":{"a":1}}"#, but: nil) == #"{"a":1}"#)
  }
}
