import Testing

@testable import Catalogue

@Suite struct CatalogueIndexTests {
  @Test func readsTheGeneratedLines() {
    let index = CatalogueIndex(text: "api/a.parl|tags of tag:list get;plain:go|tag colour\napi/b.parl||other")
    #expect(index.resources.map { $0.name } == ["tags", "plain"])
    #expect(index.resource("tags")?.operations == ["list", "get"])
    #expect(index.resource("tags")?.recordType == "tag")
    #expect(index.resource("plain")?.recordType == nil)
    #expect(index.resource(ofType: "tag") == "tags")
    #expect(index.file(ofType: "other") == "api/b.parl")
    #expect(index.typeNames == ["colour", "other", "tag"])
  }

  @Test(arguments: ["", "|", "no bars", "a|b|", "a|:|", "a|b of:x y|t|u"])
  func leavesOutWhatItCannotRead(_ text: String) {
    #expect(CatalogueIndex(text: text).resource("b") == nil)
  }
}
