import Foundation
import Testing

/// `scripts/check-catalogue` on a description and declarations of two operations.
@Suite struct CheckCatalogueTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let description = """
    {"paths": {
      "/pets": {"post": {"operationId": "addPet",
        "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": ["name"], "properties": {
          "name": {"type": "string"}, "kind": {"type": "string", "enum": ["cat", "dog"]}}}}}},
        "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/parts/pet"}}}}}}},
      "/pets/{id}": {"parameters": [{"in": "path", "name": "id", "schema": {"type": "string"}}],
        "get": {"operationId": "readPet", "parameters": [{"in": "query", "name": "plain", "schema": {"type": "boolean"}}],
          "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/parts/pet"}}}}}}}},
     "parts": {"pet": {"type": "object", "properties": {"id": {"type": "string"}, "legs": {"type": "integer"}}}}}
    """

  static let dump = """
    {"resources": [{"name": "pets", "type": "pet", "operations": [
      {"name": "pets.add", "official": "addPet", "effect": "write", "method": "POST", "path": "/pets",
       "parameters": [
        {"name": "name", "type": {"kind": "string"}, "required": true, "filled": false, "place": "body", "wire": ["name"], "number": false},
        {"name": "kind", "type": {"kind": "choice", "words": ["cat", "dog"]}, "required": true, "filled": false, "place": "body",
         "wire": ["kind"], "number": false}],
       "fixed": [], "requirements": [], "listed": [], "result": {"kind": "object", "of": "pet"}, "items": [], "paging": null,
       "page_size": null, "page_max": null},
      {"name": "pets.get", "official": "readPet", "effect": "read", "method": "GET", "path": "/pets/{pet}",
       "parameters": [
        {"name": "plain", "type": {"kind": "bool"}, "required": false, "filled": false, "place": "query", "wire": ["plain"], "number": false}],
       "fixed": [], "requirements": [], "listed": [], "result": {"kind": "object", "of": "pet"}, "items": [], "paging": null,
       "page_size": null, "page_max": null}]}],
     "types": [{"name": "pet", "fields": [
      {"name": "id", "wire": "id", "type": {"kind": "id", "of": "pet"}, "inside": null, "only_search": false, "number": false},
      {"name": "legs", "wire": "legs", "type": {"kind": "int"}, "inside": null, "only_search": false, "number": false}]}]}
    """

  static let noneKnown = "kind\towner\tdetail\treason\n"

  @Test func theSameIsAccepted() throws {
    let (status, output) = try check(dump: Self.dump)
    #expect(status == 0, "\(output)")
    #expect(output.hasPrefix("2 of 2 operations"))
  }

  @Test(arguments: [
    (#""method": "POST""#, #""method": "PUT""#, "method\taddPet\tpets.add\tPUT, described POST"),
    (
      #""path": "/pets/{pet}""#, #""path": "/pet/{pet}""#,
      "path\treadPet\tpets.get\t/pet/{pet}, described /pets/{id}"
    ),
    (#""wire": ["name"]"#, #""wire": ["title"]"#, "body-missing\taddPet\tname\tdescribed, not declared"),
    (#""wire": ["name"]"#, #""wire": ["title"]"#, "body-extra\taddPet\ttitle\tdeclared, not described"),
    (#"["cat", "dog"]"#, #"["cat"]"#, "body-enum\taddPet\tkind\tcat, described cat|dog"),
    (
      #""type": {"kind": "string"}"#, #""type": {"kind": "int"}"#,
      "body-type\taddPet\tname\tinteger, described string"
    ),
    (#""wire": ["plain"]"#, #""wire": ["simple"]"#, "query-missing\treadPet\tplain\tdescribed, not declared"),
    (
      #"{"kind": "string"}, "required": true"#, #"{"kind": "string"}, "required": false"#,
      "body-required\taddPet\tname\tpets.add may leave it out"
    ),
    (#""official": "readPet""#, #""official": "eatPet""#, "operation\treadPet\t-\tdescribed, not declared"),
    (#""wire": "legs""#, #""wire": "feet""#, "answer-missing\tpet\tlegs\tdescribed for addPet, not declared"),
  ])
  func aRowBrokenOnPurposeIsFound(_ from: String, _ to: String, _ line: String) throws {
    let broken = Self.dump.replacingOccurrences(of: from, with: to)
    #expect(broken != Self.dump)
    let (status, output) = try check(dump: broken)
    #expect(status == 1)
    #expect(output.split(separator: "\n").contains { $0 == line }, "\(output)")
  }

  @Test func whatIsExplainedIsAcceptedAndWhatIsStaleIsNot() throws {
    let broken = Self.dump.replacingOccurrences(of: #"["cat", "dog"]"#, with: #"["cat"]"#)
    let known = Self.noneKnown + "body-enum\taddPet\tkind\tDogs are not let in.\n"
    #expect(try check(dump: broken, known: known).status == 0)
    let (status, output) = try check(dump: Self.dump, known: known)
    #expect(status == 1)
    #expect(output.contains("but nothing differs"))
  }

  @Test func aKnownDifferenceNeedsAReason() throws {
    let known = Self.noneKnown + "body-enum\taddPet\tkind\t\n"
    #expect(try check(dump: Self.dump, known: known).status == 1)
  }

  @Test func aMissingFileIsAUsageErrorUnlessItMayBeMissing() throws {
    #expect(try run(["/nowhere.yaml"]).status == 2)
    #expect(try run([]).status == 2)
    #expect(try run(["--wrong", "/nowhere.yaml"]).status == 2)
    let (status, output) = try run(["--if-present", "/nowhere.yaml"])
    #expect(status == 0)
    #expect(output == "skipped: /nowhere.yaml is not there\n")
  }

  private func check(dump: String, known: String = noneKnown) throws -> (status: Int32, output: String) {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "check-catalogue-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["description.json": Self.description, "dump.json": dump, "known.tsv": known]
    for (name, text) in files {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    return try run([
      "--dump", folder.appending(path: "dump.json").path(),
      "--known", folder.appending(path: "known.tsv").path(),
      folder.appending(path: "description.json").path(),
    ])
  }

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = Self.root.appending(path: "scripts/check-catalogue")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
