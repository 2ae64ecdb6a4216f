import JSON
import Sandbox
import Testing

struct CompaniesTests {
  private func company(_ client: RawClient, _ id: String, _ more: JSONObject = [:]) throws -> String {
    var body: JSONObject = ["company_id": .string(id)]
    for (key, value) in more { body[key] = value }
    return try client.post("/companies", .object(body)).json["id"]?.stringValue ?? ""
  }

  @Test func upsertsGoByTheOwnID() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let id = try company(client, "c1", ["name": "One", "monthly_spend": 12.9])
    #expect(try company(client, "c1", ["name": "Uno"]) == id)
    let value = try client.get("/companies/\(id)").json
    #expect(value["name"] == "Uno")
    #expect(value["monthly_spend"] == 12)
    #expect(try client.put("/companies/\(id)", ["company_id": "c2", "size": 5]).json["company_id"] == "c1")
    #expect(try client.post("/companies", ["name": "x"]).status == 400)
    #expect(try client.get("/companies?company_id=c1").json["id"]?.stringValue == id)
    #expect(try client.get("/companies?name=Uno").json["type"] == "company")
    #expect(try client.get("/companies?company_id=zz").code == "company_not_found")
  }

  @Test func contactsJoinAndLeave() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let contact = try sandbox.contact(["email": "a@example.com"])
    let id = try company(client, "c1", ["name": "One"])
    // Without a member it is in no list.
    #expect(try client.get("/companies").json["total_count"] == 0)
    #expect(try client.post("/contacts/\(contact)/companies", [:]).message == "company not specified")
    #expect(try client.post("/contacts/\(contact)/companies", ["id": .string(id)]).json["user_count"] == 1)
    #expect(try client.get("/companies").json["total_count"] == 1)
    #expect(try client.get("/companies/\(id)/contacts").json["data"]?[0]?["id"]?.stringValue == contact)
    let list = try client.get("/contacts/\(contact)/companies").json
    #expect(list["data"]?[0]?["id"]?.stringValue == id)
    #expect(list["companies"] == nil)
    #expect(try client.delete("/contacts/\(contact)/companies/\(id)").json["user_count"] == 0)
    #expect(try client.delete("/contacts/\(contact)/companies/\(id)").status == 404)
    _ = try client.post("/contacts/\(contact)/companies", ["id": .string(id)])
    #expect(try client.delete("/companies/\(id)").json["deleted"] == true)
    #expect(try client.get("/contacts/\(contact)").json["companies"]?["total_count"] == 0)
  }

  @Test func pagesByNumberEndAndHaveAWall() throws {
    let sandbox = try TestSandbox { $0.seed = .demo }
    let client = sandbox.client
    var path = "/companies/list?per_page=20"
    var seen: Set<String> = []
    var total: Int64?
    while true {
      let page = try client.call("POST", path).json
      total = page["total_count"]?.intValue
      for record in page["data"]?.arrayValue ?? [] { seen.insert(record["id"]?.stringValue ?? "") }
      guard let next = page["pages"]?["next"]?.stringValue else { break }
      path = String(next.dropFirst("http://127.0.0.1:\(sandbox.port)".count))
    }
    #expect(Int64(seen.count) == total)
    let wall = try client.call("POST", "/companies/list?per_page=60&page=167")
    #expect(wall.status == 400)
    #expect(wall.message == "page limit reached, please use scroll API")
    #expect(try client.get("/companies?per_page=61").status == 400)
    #expect(try client.get("/companies?page=9999").status == 400)
    #expect(try client.get("/companies?page=900").json["data"] == [])
  }

  @Test func oneScrollAtATime() throws {
    let sandbox = try TestSandbox { $0.seed = .demo }
    let client = sandbox.client
    let first = try client.get("/companies/scroll").json
    #expect(first["total_count"] == .null)
    #expect(first["pages"] == .null)
    #expect(first["data"]?.arrayValue?.isEmpty == false)
    #expect(try client.get("/companies/scroll").code == "scroll_exists")
    let parameter = try #require(first["scroll_param"]?.stringValue)
    #expect(try client.get("/companies/scroll?scroll_param=other").code == "not_found")
    #expect(try client.get("/companies/scroll?scroll_param=\(parameter)").json["data"] == [])
    // The end frees the place; a minute without a call too.
    #expect(try client.get("/companies/scroll").status == 200)
    try sandbox.server.advanceClock(by: 61)
    let again = try client.get("/companies/scroll")
    #expect(again.status == 200)
    let expired = try #require(again.json["scroll_param"]?.stringValue)
    try sandbox.server.advanceClock(by: 61)
    #expect(
      try client.get("/companies/scroll?scroll_param=\(expired)").message == "scroll parameter not found")
  }

  @Test func aContactHasAThousandCompaniesAtMost() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let contact = try sandbox.contact(["email": "a@example.com"])
    var refused: RawClient.Response?
    for number in 0...1_000 {
      let id = try company(client, "c\(number)")
      let answer = try client.post("/contacts/\(contact)/companies", ["id": .string(id)])
      if answer.status != 200 {
        refused = answer
        #expect(number == 1_000)
        break
      }
    }
    #expect(refused?.status == 400)
    #expect(refused?.code == "contact_company_limit_exceeded")
    #expect(try client.get("/contacts/\(contact)/companies?per_page=60").json["total_count"] == 1_000)
  }

  @Test func spendIsAWholeNumberWithinItsRange() throws {
    let client = try TestSandbox().client
    for (given, kept): (JSONValue, JSONValue) in [(12.9, 12), (99_999_999_999, 2_147_483_647), (0, 0)] {
      let id = try company(client, "c", ["monthly_spend": given])
      #expect(try client.get("/companies/\(id)").json["monthly_spend"] == kept)
    }
    #expect(try client.post("/companies", ["company_id": "c", "monthly_spend": "much"]).status == 400)
  }
}
