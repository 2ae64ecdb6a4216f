import Catalogue
import Drift
import JSON
import Testing

/// The comparison on a description and declarations of two operations.
@Suite struct DriftReportTests {
  static let description = """
    openapi: 3.0.1
    info: {version: '9.1'}
    paths:
      "/pets":
        post:
          operationId: addPet
          requestBody:
            content:
              application/json:
                schema:
                  type: object
                  required: [name]
                  properties:
                    name: {type: string}
                    kind:
                      type: string
                      enum: [cat, dog]
          responses:
            200:
              content:
                application/json:
                  schema: {$ref: '#/parts/pet'}
      "/pets/{id}":
        parameters:
        - {in: path, name: id, schema: {type: string}}
        get:
          operationId: readPet
          parameters:
          - {in: query, name: plain, schema: {type: boolean}}
          responses:
            '200':
              content:
                application/json:
                  schema: {$ref: '#/parts/pet'}
    parts:
      pet:
        type: object
        properties:
          id: {type: string}
          legs: {type: integer}
          mother: {$ref: '#/parts/pet'}
    """

  static let declarations = """
    ## Animals.
    resource pets of pet {
      ## Add one.
      ## > pets.add("Rex", kind: "dog")
      write add(name: string, kind: "cat" | "dog") -> pet
        POST "/pets" settle none official "addPet"
      ## One.
      ## > pets.get("1")
      read get(pet: id<pet>, plain: bool?) -> pet
        GET "/pets/{pet}" official "readPet"
    }

    ## An animal.
    type pet {
      id: id<pet> is key
      legs: int
      mother: pet?
    }
    """

  private func report(_ declarations: String, known: String = "\n") throws -> DriftReport {
    let files = [("api/pets.parl", declarations)]
    let catalogue = APICatalogue(
      files: files, index: CatalogueIndex(text: "api/pets.parl|pets of pet:add get|pet"))
    #expect(catalogue.checkAll().flatMap(\.diagnostics).isEmpty)
    return DriftReport(
      catalogue, try OfficialDescription(text: Self.description), try KnownDifferences(text: known))
  }

  private func lines(_ report: DriftReport) -> [String] {
    report.unexplained.map { "\($0.kind) \($0.owner) \($0.detail) \($0.text)" }
  }

  @Test func theSameIsAccepted() throws {
    let report = try report(Self.declarations)
    #expect(lines(report) == [])
    #expect(report.version == "9.1")
    #expect(report.summary.hasPrefix("2 of 2 operations; 2 paths"))
  }

  @Test(arguments: [
    (#"POST "/pets" settle"#, #"PUT "/pets" settle"#, "method addPet pets.add PUT, described POST"),
    (#""/pets/{pet}""#, #""/pet/{pet}""#, "path readPet pets.get /pet/{pet}, described /pets/{id}"),
    (#"settle none"#, #"wire name(title) settle none"#, "body-missing addPet name described, not declared"),
    (#"settle none"#, #"wire name(title) settle none"#, "body-extra addPet title declared, not described"),
    (#"kind: "cat" | "dog""#, #"kind: "cat""#, "body-enum addPet kind=cat cat, described cat|dog"),
    ("name: string,", "name: int,", "body-type addPet name integer, described string"),
    (
      #"GET "/pets/{pet}""#, #"GET "/pets/{pet}" wire plain(simple)"#,
      "query-missing readPet plain described, not declared"
    ),
    ("name: string,", "name: string?,", "body-required addPet name pets.add may leave it out"),
    (#""readPet""#, #""eatPet""#, "operation readPet - described, not declared: GET /pets/{id}"),
    ("legs: int", "feet: int", "answer-missing pet legs described for addPet, not declared"),
    ("legs: int", "legs: bool", "answer-type pet legs bool, described integer"),
    ("legs: int", "legs: int\n  arms: int", "answer-extra pet arms declared, not described"),
    ("-> pet\n    POST", "POST", "answer addPet pets.add declared without a result"),
  ])
  func whatIsBrokenIsFound(_ from: String, _ to: String, _ line: String) throws {
    let broken = Self.declarations.replacing(from, with: to)
    #expect(broken != Self.declarations)
    let found = try lines(report(broken))
    #expect(found.contains(line), "\(found)")
  }

  @Test func whatIsExplainedIsAcceptedAndWhatIsStaleIsSaid() throws {
    let broken = Self.declarations.replacing(#"kind: "cat" | "dog""#, with: #"kind: "cat""#)
    let known = "kind\towner\tdetail\treason\nbody-enum\tadd*\tk*d=cat\tDogs are not let in.\n"
    let explained = try report(broken, known: known)
    #expect(lines(explained) == [] && explained.stale.isEmpty)
    #expect(explained.explained.map(\.reason) == ["Dogs are not let in."])
    #expect(try report(Self.declarations, known: known).stale.map(\.kind) == ["body-enum"])
  }

  /// A row explains the words that it names, and no others.
  @Test func anotherDifferenceOfTheSameFieldIsNotExplained() throws {
    let broken = Self.declarations.replacing(#"kind: "cat" | "dog""#, with: #"kind: "cow""#)
    let known = "kind\towner\tdetail\treason\nbody-enum\taddPet\tkind=cat\tDogs are not let in.\n"
    #expect(try lines(report(broken, known: known)) == ["body-enum addPet kind=cow cow, described cat|dog"])
  }

  /// One builtin is wrong where another of the same operation is right.
  @Test func eachBuiltinOfAnOperationIsCompared() throws {
    let broken = Self.declarations.replacing(
      "resource pets of pet {",
      with: """
        resource pets of pet {
          ## Another way.
          write adopt(name: int, kind: "cat" | "dog"?) -> pet
            POST "/pets" settle none official "addPet"

        """)
    #expect(broken != Self.declarations)
    #expect(try lines(report(broken)).contains("body-type addPet name integer, described string"))
  }

  @Test func aKnownDifferenceNeedsAReasonAndStandsOnce() throws {
    #expect(throws: DescriptionError.self) { try KnownDifferences(text: "h\nbody-enum\taddPet\tkind\t\n") }
    #expect(throws: DescriptionError.self) { try KnownDifferences(text: "h\na\tb\tc\td\na\tb\tc\te\n") }
  }

  @Test func whatIsNoDescriptionIsRefused() {
    #expect(throws: DescriptionError.self) { try OfficialDescription(text: "a: 1\n") }
    #expect(throws: DescriptionError.self) { try OfficialDescription(text: "[") }
  }
}
