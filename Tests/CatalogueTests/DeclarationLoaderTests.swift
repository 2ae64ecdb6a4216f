import Diagnostics
import Syntax
import Testing

@testable import Catalogue

/// Each malformed declaration gives its diagnostic, at the place marked ⟦…⟧.
@Suite struct DeclarationLoaderTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var source: String
    var message: String
    var testDescription: String { message }
    init(_ message: String, _ source: String) {
      self.source = source
      self.message = message
    }
  }

  static let cases: [Case] = [
    Case("there is no clause `pages`", #"resource r { read a() -> string GET "/a" ⟦pages⟧ none }"#),
    Case(
      "`official` stands twice", #"resource r { read a() -> string GET "/a" official "x" ⟦official⟧ "y" }"#),
    Case("`official` wants a name, as a text", #"resource r { read a() -> string GET "/a" ⟦official⟧ x }"#),
    Case(
      "`items` wants the key of the list, as a text",
      #"resource r { read a() -> sequence<string> GET "/a" ⟦items⟧ data paging none items_ "x" }"#),
    Case(
      "`page_size` wants a whole number above 0",
      #"resource r { read a() -> sequence<string> GET "/a" items "d" paging none ⟦page_size⟧ 0 }"#),
    Case(
      "`paging` does not know `pages`",
      #"resource r { read a() -> sequence<string> GET "/a" items "d" ⟦paging⟧ pages }"#),
    Case(
      "`paging none` does not know `next_url`",
      #"resource r { read a() -> sequence<string> GET "/a" items "d" ⟦paging⟧ none(next_url) }"#),
    Case(
      "`total` does not know `some`",
      #"resource r { read a() -> sequence<string> GET "/a" items "d" paging none ⟦total⟧ some }"#),
    Case(
      "a sequence must say how its pages follow each other",
      #"resource r { read ⟦a⟧() -> sequence<string> GET "/a" items "d" }"#),
    Case(
      "a sequence must say where its items are",
      #"resource r { read ⟦a⟧() -> sequence<string> GET "/a" paging none }"#),
    Case("only a sequence has pages and items", #"resource r { read ⟦a⟧() -> string GET "/a" paging none }"#),
    Case("there is no type `thing`", #"resource r { read a() -> ⟦thing⟧ GET "/a" }"#),
    Case("there is no type `thing`", #"resource r { read a(x: id<⟦thing⟧>) -> string GET "/a" }"#),
    Case("there is no type `thing`", #"resource r of ⟦thing⟧ { read a() -> string GET "/a" }"#),
    Case("there is no type `thing`", #"type own { x: ⟦thing⟧ }"#),
    Case("`list` wants a type in < >", #"type own { x: ⟦list⟧ }"#),
    Case("`string` takes no type in < >", #"type own { x: ⟦string<own>⟧ }"#),
    Case("`id` takes the name of a type", #"type own { x: id<⟦list<own>⟧> }"#),
    Case("`filter<own>` cannot be the type of a field", #"type own { x: ⟦filter<own>⟧ }"#),
    Case(
      "`bytes` cannot be the type of a parameter", #"resource r { read a(x: ⟦bytes⟧) -> string GET "/a" }"#),
    Case("`a` is not a path", #"resource r { read ⟦b⟧() -> string GET "a" }"#),
    Case("`/a/{x` is not a path", #"resource r { read ⟦b⟧() -> string GET "/a/{x" }"#),
    Case(
      "the path /a/{x} wants `x`, which is not a parameter",
      #"resource r { read ⟦b⟧(y: string) -> string GET "/a/{x}" }"#),
    Case(
      "`x` stands in the path and cannot be left out",
      #"resource r { read a(⟦x⟧: string?) -> string GET "/a/{x}" }"#),
    Case("there are two parameters `x`", #"resource r { read a(x: string, ⟦x⟧: int) -> string GET "/a" }"#),
    Case(
      "`y` and `x` go to the same place in the request",
      #"resource r { write ⟦a⟧(x: string, y: string) POST "/a" wire y(x) }"#),
    Case(
      "`x` and `x` go to the same place in the request",
      #"resource r { write ⟦a⟧(x: string) POST "/a" fix x(y) }"#),
    Case(
      "the default of `x` is not of type `int`", #"resource r { read a(⟦x⟧: int = "1") -> string GET "/a" }"#),
    Case("there are two fields `x`", #"type own { x: int"# + "\n" + #"⟦x⟧: string }"#),
    Case("`own` has no field `y`", #"type own { ⟦x⟧: int only search search number computed y(id) }"#),
    Case(
      "there are two operations `a` that the same call would mean",
      #"resource r { read a(x: string) -> string GET "/a""# + "\n" + #"read ⟦a⟧(y: int) -> string GET "/b" }"#
    ),
    Case("the type `contact` is declared already", #"type ⟦contact⟧ { x: int }"#),
    Case(
      "the resource `contacts` is declared already", #"resource ⟦contacts⟧ { read a() -> string GET "/a" }"#),
    Case("`r` has no operation `b`", #"resource r { write a(x: id<contact>) PUT "/a/{x}" ⟦undo⟧ b(same) }"#),
    Case(
      "`undo` does not know `later`", #"resource r { write a(x: id<contact>) PUT "/a/{x}" ⟦undo⟧ a(later) }"#),
    Case(
      "there is no resource `s`",
      #"resource r { write a(x: id<contact>) PUT "/a/{x}" settle set ⟦look⟧ get from s }"#),
    Case(
      "`look` belongs to a `settle` before it, and there is none",
      #"resource r { write a(x: id<contact>) PUT "/a/{x}" ⟦look⟧ a }"#),
    Case(
      "`when` belongs to a `settle` before it, and there is none",
      #"resource r { write a(x: id<contact>) PUT "/a/{x}" ⟦when⟧ x }"#),
    Case(
      "`from` belongs to a `look` before it, and there is none",
      #"resource r { write a(x: id<contact>) PUT "/a/{x}" settle set ⟦from⟧ contacts }"#),
    Case(
      "`settle` does not know `maybe`", #"resource r { write a(x: id<contact>) PUT "/a/{x}" ⟦settle⟧ maybe }"#
    ),
    Case(
      "`settle key` does not know `x`",
      #"resource r { write a(x: id<contact>) PUT "/a/{x}" ⟦settle⟧ key(x) }"#),
    Case(
      "`wire` speaks of `y`, which is not a parameter",
      #"resource r { write a(x: string) POST "/a" ⟦wire⟧ y(z) }"#),
    Case("`wire` wants where it goes, in ( )", #"resource r { write a(x: string) POST "/a" ⟦wire⟧ x }"#),
    Case("`require` does not know `two`", #"resource r { write a(x: string) POST "/a" ⟦require⟧ two(x) }"#),
    Case("`fill` does not know `you`", #"resource r { write a(x: string) POST "/a" ⟦fill⟧ x(you) }"#),
    Case("`keep` does not know `all`", #"resource r { write a(x: string) POST "/a" ⟦keep⟧ all }"#),
    Case(
      "the bare name of the resource cannot read `x`, which needs arguments",
      #"resource r { read ⟦a⟧(x: string) -> sequence<string> GET "/a" items "d" paging none as all }"#),
    Case("DELETE cannot be declared `write`", #"resource r { ⟦write⟧ a(x: string) DELETE "/a/{x}" }"#),
    Case("POST cannot be declared `read`", #"resource r { ⟦read⟧ a(x: string) -> string POST "/a" }"#),
    Case("PUT cannot be declared `read`", #"resource r { ⟦read⟧ a(x: string) -> string PUT "/a/search" }"#),
    Case("there is no clause `colour`", #"type own { x: int ⟦colour⟧ red }"#),
    Case("`column` stands twice", #"type own { x: int column 1 ⟦column⟧ 2 }"#),
    Case("`search` does not know `eq`", #"type own { x: int ⟦search⟧ eq }"#),
    Case("`words` belongs to a `search` before it, and there is none", #"type own { x: int ⟦words⟧ "a=b" }"#),
    Case(
      #"`words` wants pairs in a text: "Customer=request, Back-office=task""#,
      #"type own { x: string search text ⟦words⟧ "a" }"#),
    Case("`is` does not know `best`", #"type own { x: int ⟦is⟧ best }"#),
    Case("`doubt` does not know `all`", #"type own { x: int search number ⟦doubt⟧ all }"#),
    Case("which resource has this operation is not said", #"type own { x: list<int> cut 10 ⟦rest⟧ more }"#),
    Case("`notes` has no operation `tags`", #"type own { x: list<int> cut 10 ⟦rest⟧ tags from notes }"#),
  ]

  @Test(arguments: cases) func saysWhatIsWrongAndWhere(_ example: Case) throws {
    let start = try #require(example.source.range(of: "⟦"))
    let end = try #require(example.source.range(of: "⟧"))
    let place = example.source[..<start.lowerBound].utf8.count
    let length = example.source[start.upperBound..<end.lowerBound].utf8.count
    let text = example.source.replacing("⟦", with: "").replacing("⟧", with: "")
    let found = diagnostics(text)
    let diagnostic = try #require(
      found.first { $0.message == example.message }, "found: \(found.map { $0.message })")
    #expect(diagnostic.range == SourceRange(place, place + length))
  }

  @Test func aSecondAllIsRefused() {
    let found = diagnostics(
      """
      resource r {
        read a() -> sequence<string> GET "/a" items "d" paging none as all
        read b() -> sequence<string> GET "/b" items "d" paging none as all
      }
      """)
    #expect(found.map { $0.message } == ["`a` is already what the bare name of the resource reads"])
  }

  @Test func allFaultsOfAFileAreFoundInOneGo() {
    let found = diagnostics(
      """
      type own { x: thing, y: int }
      resource r of own {
        read a(x: thing) -> string GET "/a" colour red
      }
      """.replacing(", y", with: "\n y"))
    #expect(
      found.map { $0.message } == [
        "there is no type `thing`", "there is no type `thing`", "there is no clause `colour`",
      ])
  }

  @Test func aWellFormedDeclarationIsAdded() throws {
    let (catalogue, found) = add(
      """
      ## Parcels on their way.
      resource parcels of parcel {
        ## Find parcels.
        ## > parcels.search { .weight > 3 }
        read search(query: filter<parcel>) -> sequence<parcel>
          POST "/parcels/search" items "parcels" paging cursor_body
        write send(contact: id<contact>, weight: int = 1) -> parcel POST "/contacts/{contact}/parcels"
        destroy lose(parcel: id<parcel>) DELETE "/parcels/{parcel}"
      }
      type parcel {
        id: id<parcel> is key
        weight: int search number
      }
      """)
    #expect(found.isEmpty)
    let parcels = try #require(catalogue.resource("parcels"))
    #expect(parcels.operations.map { $0.effect } == [.read, .write, .destroy])
    #expect(parcels.search?.documentation == "Find parcels.")
    #expect(parcels.search?.examples == ["parcels.search { .weight > 3 }"])
    #expect(catalogue.searchFields(of: "parcel").map { $0.wireName } == ["weight"])
    #expect(catalogue.resource("contacts") != nil)
    #expect(catalogue.recordType("contact") != nil)
    #expect(catalogue.resourceNames.last == "parcels")
    #expect(APICatalogue.standard.resource("parcels") == nil)
  }

  @Test func aStrongerEffectThanTheMethodsIsAccepted() {
    #expect(diagnostics(#"resource r { outward a() GET "/a" }"#).isEmpty)
    #expect(diagnostics(#"resource r { destroy a() POST "/a" }"#).isEmpty)
  }

  private func add(_ text: String) -> (catalogue: APICatalogue, diagnostics: [Diagnostic]) {
    let parsed = Parser.parse(SourceText(name: "own.parl", text: text))
    let (catalogue, found) = APICatalogue.standard.adding(parsed.script)
    return (catalogue, parsed.diagnostics + found)
  }

  private func diagnostics(_ text: String) -> [Diagnostic] { add(text).diagnostics }
}
