import Testing

@testable import Catalogue

@Suite struct PathTemplateTests {
  @Test func takesAPathApart() throws {
    let path = try #require(PathTemplate("/contacts/{contact}/tags/{tag}"))
    #expect(path.parts == [.text("/contacts/"), .parameter("contact"), .text("/tags/"), .parameter("tag")])
    #expect(path.shape == "/contacts/{}/tags/{}")
    #expect(path.parameterNames == ["contact", "tag"])
    #expect(PathTemplate("/me")?.parts == [.text("/me")])
  }

  @Test(arguments: ["", "me", "/{", "/{}", "/a}", "/{a{b}}", "/{a}/}"])
  func refusesWhatIsNoPath(_ text: String) { #expect(PathTemplate(text) == nil) }
}
