import JSON
import Sandbox
import Testing

struct ContactsTests {
  @Test func aContactIsMadeShownChangedAndDeleted() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let made = try client.post("/contacts", ["email": "a@example.com", "name": "A \"B\"\n"])
    #expect(made.status == 200)
    let id = try #require(made.json["id"]?.stringValue)
    #expect(id.count == 24)
    #expect(made.json["role"] == "user")
    #expect(made.json["created_at"]?.intValue == TestSandbox.now)

    let changed = try client.put(
      "/contacts/\(id)", ["phone": "+1555", "name": nil, "custom_attributes": ["x": 1]])
    #expect(changed.json["phone"] == "+1555")
    #expect(changed.json["name"] == .null)
    #expect(changed.json["custom_attributes"]?["x"] == 1)
    #expect(try client.get("/contacts/\(id)").json == changed.json)

    let deleted = try client.delete("/contacts/\(id)")
    #expect(deleted.json == ["type": "contact", "id": .string(id), "external_id": nil, "deleted": true])
    #expect(try client.get("/contacts/\(id)").status == 404)
  }

  @Test func creatingNeedsEmailExternalIDOrRole() throws {
    let sandbox = try TestSandbox()
    let response = try sandbox.client.post("/contacts", ["name": "nobody"])
    #expect(response.status == 400)
    #expect(response.code == "parameter_not_found")
    #expect(try sandbox.client.post("/contacts", ["role": "lead"]).status == 200)
  }

  @Test func aDuplicateIsRefusedWithTheIDInTheMessage() throws {
    let sandbox = try TestSandbox()
    let id = try sandbox.contact(["email": "twin@example.com"])
    let response = try sandbox.client.post("/contacts", ["email": "TWIN@example.com"])
    #expect(response.status == 409)
    #expect(response.code == "conflict")
    #expect(response.message?.contains("id=\(id)") == true)
    // Leads may share an address.
    #expect(
      try sandbox.client.post("/contacts", ["email": "twin@example.com", "role": "lead"]).status == 200)
  }

  @Test func anArchivedDuplicateIsToldApart() throws {
    let sandbox = try TestSandbox()
    let id = try sandbox.contact(["email": "gone@example.com"])
    try sandbox.client.call("POST", "/contacts/\(id)/archive")
    let response = try sandbox.client.post("/contacts", ["email": "gone@example.com"])
    #expect(response.status == 409)
    #expect(response.message?.contains("archived") == true)
    #expect(response.message?.contains(id) == true)
  }

  @Test func anArchivedContactIsHiddenAndComesBack() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let id = try sandbox.contact(["email": "a@example.com"])
    for _ in 0..<2 {
      let archived = try client.call("POST", "/contacts/\(id)/archive")
      #expect(archived.json == ["type": "contact", "id": .string(id), "external_id": nil, "archived": true])
    }
    #expect(try client.get("/contacts/\(id)").status == 404)
    #expect(try client.get("/contacts").json["total_count"] == 0)
    #expect(try client.search("contacts", "email", "=", "a@example.com").json["total_count"] == 0)
    #expect(try client.call("POST", "/contacts/\(id)/unarchive").json["archived"] == false)
    #expect(try client.get("/contacts/\(id)").status == 200)
    try client.call("POST", "/contacts/\(id)/archive")
    #expect(try client.delete("/contacts/\(id)").json["deleted"] == true)
    #expect(try client.call("POST", "/contacts/\(id)/unarchive").status == 404)
  }

  @Test func onlyALeadMergesAndOnlyIntoAUser() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let user = try sandbox.contact(["email": "u@example.com"])
    let other = try sandbox.contact(["email": "v@example.com"])
    let lead = try sandbox.contact(["role": "lead", "phone": "+1555", "name": "L"])
    let tag = try sandbox.tag("from lead")
    _ = try client.post("/contacts/\(lead)/tags", ["id": .string(tag)])
    for (from, into) in [(user, other), (user, lead), (lead, lead)] {
      let refused = try client.post("/contacts/merge", ["from": .string(from), "into": .string(into)])
      #expect(refused.status == 400)
      #expect(refused.code == "invalid_merge")
    }
    let merged = try client.post("/contacts/merge", ["from": .string(lead), "into": .string(user)])
    #expect(merged.json["id"]?.stringValue == user)
    #expect(merged.json["phone"] == "+1555")
    #expect(merged.json["email"] == "u@example.com")
    #expect(merged.json["tags"]?["data"]?[0]?["id"]?.stringValue == tag)
    #expect(try client.get("/contacts/\(lead)").status == 404)
    #expect(try client.call("POST", "/contacts/\(lead)/unarchive").status == 400)
    #expect(try client.get("/contacts").json["total_count"] == 2)
  }

  @Test func wrongTypesAreRefusedByField() throws {
    let sandbox = try TestSandbox()
    for (field, value): (String, JSONValue) in [
      ("email", "no address"), ("role", "admin"), ("owner_id", "x"), ("unsubscribed_from_emails", "yes"),
      ("custom_attributes", []), ("name", [:]),
    ] {
      let response = try sandbox.client.post("/contacts", .object(["external_id": "1", field: value]))
      #expect(response.status == 400, "\(field)")
      #expect(response.json["errors"]?[0]?["field"]?.stringValue == field)
    }
    #expect(try sandbox.client.get("/contacts").json["total_count"] == 0)
  }

  @Test func listPagesReachTheEndAndSizesHaveLimits() throws {
    let sandbox = try TestSandbox { $0.seed = .synthetic(contacts: 25) }
    let client = sandbox.client
    #expect(try client.get("/contacts").json["pages"]?["per_page"] == 10)
    var seen: [String] = []
    var path = "/contacts?per_page=7"
    while true {
      let page = try client.get(path).json
      #expect(page["total_count"] == 25)
      #expect(page["pages"]?["total_pages"] == 4)
      seen += (page["data"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
      guard let next = page["pages"]?["next"]?["starting_after"]?.stringValue else { break }
      path =
        "/contacts?per_page=7&starting_after=" + next.replacing("=", with: "%3D").replacing("+", with: "%2B")
    }
    #expect(seen.count == 25)
    #expect(Set(seen).count == 25)
    for bad in ["0", "151", "x"] { #expect(try client.get("/contacts?per_page=\(bad)").status == 400) }
    #expect(try client.get("/contacts?per_page=150").status == 200)
    for bad in ["", "None", "WzFd", "%00"] {
      let response = try client.get("/contacts?starting_after=\(bad)")
      #expect(response.status == 400)
      #expect(response.message == "Invalid starting_after param")
    }
  }

  @Test func tagsNotesAndCompaniesShowTenAndTellTheRest() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let id = try sandbox.contact(["email": "a@example.com"])
    for number in 0..<12 {
      let tag = try sandbox.tag("tag \(number)")
      #expect(try client.post("/contacts/\(id)/tags", ["id": .string(tag)]).status == 200)
      #expect(try client.post("/contacts/\(id)/notes", ["body": "note \(number)"]).status == 200)
    }
    let contact = try client.get("/contacts/\(id)").json
    for list in ["tags", "notes"] {
      #expect(contact[list]?["data"]?.arrayValue?.count == 10)
      #expect(contact[list]?["total_count"] == 12)
      #expect(contact[list]?["has_more"] == true)
    }
    let url = try #require(contact["tags"]?["url"]?.stringValue)
    let tags = try client.get(url).json["data"]?.arrayValue ?? []
    #expect(tags.count == 12)
    #expect(tags.first?["applied_by"]?["type"] == "admin")

    let first = try client.get("/contacts/\(id)/notes?per_page=5").json
    #expect(first["total_count"] == 12)
    #expect(first["data"]?[0]?["body"] == "<p>note 11</p>")
    let next = try #require(first["pages"]?["next"]?.stringValue)
    #expect(next.hasPrefix("http://127.0.0.1:\(sandbox.port)/contacts/"))
    let last = try client.get("/contacts/\(id)/notes?per_page=5&page=3").json
    #expect(last["data"]?.arrayValue?.count == 2)
    #expect(last["pages"]?["next"] == .null)
  }

  @Test func aTagIsAppliedOnceAndTakenOff() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let id = try sandbox.contact(["email": "a@example.com"])
    let tag = try sandbox.tag("t")
    let once = try client.post("/contacts/\(id)/tags", ["id": .string(tag)])
    try sandbox.server.advanceClock(by: 60)
    let twice = try client.post("/contacts/\(id)/tags", ["id": .int(Int64(tag) ?? 0)])
    #expect(once.json == twice.json)
    #expect(try client.get("/contacts/\(id)").json["tags"]?["total_count"] == 1)
    #expect(try client.delete("/contacts/\(id)/tags/\(tag)").json["id"]?.stringValue == tag)
    #expect(try client.get("/contacts/\(id)").json["tags"]?["total_count"] == 0)
    #expect(try client.delete("/contacts/\(id)/tags/\(tag)").status == 404)
    #expect(try client.post("/contacts/\(id)/tags", ["id": "999"]).status == 404)
    #expect(
      try client.post("/contacts/000000000000000000000000/tags", ["id": .string(tag)]).message
        == "User Not Found")
  }

  @Test func subscriptionsTellExplicitChoicesOnly() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let id = try sandbox.contact(["email": "a@example.com"])
    #expect(try client.get("/contacts/\(id)/subscriptions").json["data"] == [])
    #expect(
      try client.post("/contacts/\(id)/subscriptions", ["id": "1", "consent_type": "opt_in"]).status == 400)
    #expect(
      try client.post("/contacts/\(id)/subscriptions", ["id": "1", "consent_type": "opt_out"]).status == 200)
    #expect(
      try client.post("/contacts/\(id)/subscriptions", ["id": "3", "consent_type": "opt_in"]).status == 200)
    let contact = try client.get("/contacts/\(id)").json
    #expect(contact["opted_out_subscription_types"]?["data"]?[0]?["id"] == "1")
    #expect(contact["opted_in_subscription_types"]?["data"]?[0]?["id"] == "3")
    #expect(try client.get("/contacts/\(id)/subscriptions").json["data"]?.arrayValue?.count == 2)
    #expect(try client.delete("/contacts/\(id)/subscriptions/1").status == 200)
    #expect(try client.delete("/contacts/\(id)/subscriptions/1").status == 404)
  }

  @Test func deletingTakesWhatWasTheirsAlone() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let one = try sandbox.contact(["email": "a@example.com"])
    let other = try sandbox.contact(["email": "b@example.com"])
    let alone = try sandbox.conversation(with: one)
    let shared = try sandbox.conversation(with: one)
    _ = try client.post(
      "/conversations/\(shared)/customers",
      ["admin_id": .string(TestSandbox.admin), "customer": ["intercom_user_id": .string(other)]])
    #expect(try client.delete("/contacts/\(one)").status == 200)
    #expect(try client.get("/conversations/\(alone)").status == 404)
    #expect(try client.get("/conversations/\(shared)").json["contacts"]?["contacts"]?.arrayValue?.count == 1)
    #expect(try client.search("conversations", "contact_ids", "=", .string(one)).json["total_count"] == 0)
  }
}
