import JSON
import Sandbox
import Testing

struct TagsTests {
  @Test func oneBodyMakesRenamesAndFinds() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let id = try sandbox.tag("one")
    #expect(try sandbox.tag("one") == id)
    #expect(try client.post("/tags", ["id": .string(id), "name": "uno"]).json["name"] == "uno")
    #expect(try client.get("/tags/\(id)").json == ["type": "tag", "id": .string(id), "name": "uno"])
    let other = try sandbox.tag("two")
    #expect(try client.post("/tags", ["id": .string(other), "name": "uno"]).status == 400)
    #expect(try client.post("/tags", ["name": ""]).code == "parameter_invalid")
    #expect(try client.post("/tags", ["id": "77", "name": "x"]).status == 404)
  }

  @Test func taggingManyIsAllOrNothingWithoutAHint() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let one = try sandbox.contact(["external_id": "1"])
    let two = try sandbox.contact(["external_id": "2"])
    let unknown = String(repeating: "0", count: 24)
    func tag(_ ids: [String]) throws -> RawClient.Response {
      try client.post("/tags", ["name": "bulk", "users": .array(ids.map { ["id": .string($0)] })])
    }
    let refused = try tag([one, unknown, two])
    #expect(refused.status == 404)
    #expect(refused.message == "User Not Found")
    #expect(try client.get("/tags").json["data"] == [])
    #expect(try client.get("/contacts/\(one)/tags").json["data"] == [])
    #expect(try tag([one, two]).json["name"] == "bulk")
    #expect(try client.get("/contacts/\(two)/tags").json["data"]?.arrayValue?.count == 1)
  }

  @Test func companiesAreTaggedAndUntagged() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let company = try #require(
      try client.post("/companies", ["company_id": "c1", "name": "C"]).json["id"]?.stringValue)
    _ = try client.post("/tags", ["name": "t", "companies": [["company_id": "c1"]]])
    #expect(try client.get("/companies/\(company)").json["tags"]?["tags"]?[0]?["name"] == "t")
    _ = try client.post("/tags", ["name": "t", "companies": [["id": .string(company), "untag": true]]])
    #expect(try client.get("/companies/\(company)").json["tags"]?["tags"] == [])
    #expect(
      try client.post("/tags", ["name": "t", "companies": [["company_id": "x"]]]).code == "company_not_found")
  }

  @Test func aTagThatASegmentNeedsStays() throws {
    let sandbox = try TestSandbox { $0.seed = .demo }
    let client = sandbox.client
    let refused = try client.delete("/tags/1")
    #expect(refused.status == 400)
    #expect(refused.code == "tag_has_dependent_objects")
    let tagged = try client.search("contacts", "tag_id", "=", "2").json
    let contact = try #require(tagged["data"]?[0]?["id"]?.stringValue)
    let before = try client.get("/contacts/\(contact)").json["tags"]?["total_count"]?.intValue ?? 0
    let deleted = try client.delete("/tags/2")
    #expect(deleted.status == 200)
    #expect(deleted.body.isEmpty)
    #expect(try client.get("/contacts/\(contact)").json["tags"]?["total_count"]?.intValue == before - 1)
    #expect(try client.get("/tags/2").status == 404)
    #expect(try client.delete("/tags/2").status == 404)
  }
}
