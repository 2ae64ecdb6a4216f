import JSON
import Sandbox
import Testing

struct ConversationsTests {
  private let admin = JSONValue.string(TestSandbox.admin)

  private func sample() throws -> (TestSandbox, RawClient, contact: String, conversation: String) {
    let sandbox = try TestSandbox()
    let contact = try sandbox.contact(["email": "a@example.com", "external_id": "e1"])
    return (sandbox, sandbox.client, contact, try sandbox.conversation(with: contact))
  }

  private func manage(_ client: RawClient, _ id: String, _ type: String, _ more: JSONObject = [:]) throws
    -> RawClient.Response
  {
    var body: JSONObject = ["message_type": .string(type), "admin_id": admin]
    for (key, value) in more { body[key] = value }
    return try client.post("/conversations/\(id)/parts", .object(body))
  }

  @Test func creatingAnswersAMessageAndOpensAConversation() throws {
    let (_, client, contact, id) = try sample()
    let value = try client.get("/conversations/\(id)").json
    #expect(value["state"] == "open")
    #expect(value["open"] == true)
    #expect(value["source"]?["body"] == "<p>Hello there</p>")
    #expect(value["contacts"]?["contacts"]?[0]?["id"]?.stringValue == contact)
    #expect(value["conversation_parts"]?["total_count"] == 0)
    #expect(Int64(id) ?? 0 > Int64(Int32.max))
    #expect(
      try client.post("/conversations", ["from": ["type": "user", "id": "nobody"], "body": "x"]).message
        == "User Not Found")
  }

  @Test func listsUseTheirOwnKeyAndNoParts() throws {
    let (_, client, _, id) = try sample()
    let list = try client.get("/conversations").json
    #expect(list["type"] == "conversation.list")
    #expect(list["conversations"]?[0]?["id"]?.stringValue == id)
    #expect(list["conversations"]?[0]?["conversation_parts"] == nil)
    #expect(list["data"] == nil)
    #expect(list["pages"]?["per_page"] == 20)
  }

  @Test func closingSnoozingAndOpeningChangeTheState() throws {
    let (sandbox, client, _, id) = try sample()
    #expect(try manage(client, id, "close").status == 400)
    let closed = try manage(client, id, "close", ["type": "admin", "body": "Bye"]).json
    #expect(closed["state"] == "closed")
    #expect(closed["open"] == false)
    #expect(closed["conversation_parts"]?["conversation_parts"]?[0]?["part_type"] == "close")
    #expect(closed["conversation_parts"]?["conversation_parts"]?[0]?["body"] == "<p>Bye</p>")
    #expect(try manage(client, id, "open").json["state"] == "open")
    #expect(try manage(client, id, "snoozed").status == 400)
    #expect(try manage(client, id, "snoozed", ["snoozed_until": .int(TestSandbox.now - 1)]).status == 400)
    let snoozed = try manage(client, id, "snoozed", ["snoozed_until": .int(TestSandbox.now + 60)]).json
    #expect(snoozed["state"] == "snoozed")
    #expect(snoozed["snoozed_until"]?.intValue == TestSandbox.now + 60)
    #expect(try manage(client, id, "fold").status == 400)
    _ = sandbox
  }

  @Test func assigningAClosedConversationOpensIt() throws {
    let (_, client, _, id) = try sample()
    _ = try manage(client, id, "close", ["type": "admin"])
    let value = try manage(client, id, "assignment", ["type": "admin", "assignee_id": admin]).json
    #expect(value["state"] == "open")
    #expect(value["admin_assignee_id"]?.intValue == Int64(TestSandbox.admin))
    let part = value["conversation_parts"]?["conversation_parts"]?[1]
    #expect(part?["assigned_to"] == ["type": "admin", "id": admin])
    #expect(value["statistics"]?["count_reopens"] == 1)
  }

  @Test func teamsAreAssignedAndTakenAwayButSignNothing() throws {
    let (_, client, _, id) = try sample()
    let team = JSONValue.string(TestSandbox.team)
    let assigned = try manage(client, id, "assignment", ["type": "team", "assignee_id": team])
    #expect(assigned.json["team_assignee_id"]?.intValue == Int64(TestSandbox.team))
    let freed = try manage(client, id, "assignment", ["type": "team", "assignee_id": "0"]).json
    #expect(freed["team_assignee_id"] == .null)
    #expect(
      freed["conversation_parts"]?["conversation_parts"]?[1]?["assigned_to"] == [
        "type": "nobody_admin", "id": nil,
      ])
    #expect(try client.search("conversations", "teammate_ids", "=", admin).json["total_count"] == 1)
    #expect(try client.search("conversations", "teammate_ids", "!=", admin).json["total_count"] == 0)
    let signed = try client.post(
      "/conversations/\(id)/parts", ["message_type": "open", "admin_id": team])
    #expect(signed.status == 404)
    #expect(signed.code == "admin_not_found")
    #expect(
      try manage(client, id, "assignment", ["type": "team", "assignee_id": admin]).code == "team_not_found")
  }

  @Test func repliesComeFromAdminsAndContacts() throws {
    let (_, client, contact, id) = try sample()
    let note = try client.post(
      "/conversations/\(id)/reply",
      ["message_type": "note", "type": "admin", "admin_id": admin, "body": "psst"])
    #expect(note.json["conversation_parts"]?["conversation_parts"]?[0]?["part_type"] == "note")
    _ = try manage(client, id, "close", ["type": "admin"])
    let reply: JSONValue = [
      "message_type": "comment", "type": "user", "intercom_user_id": .string(contact), "body": "again",
    ]
    // A customer who writes opens it again; "last" is the contact's latest one.
    let again = try client.post("/conversations/last/reply", reply)
    #expect(again.json["id"]?.stringValue == id)
    #expect(again.json["state"] == "open")
    for body: JSONValue in [
      ["message_type": "comment", "type": "user", "user_id": "e1", "body": "by external id"],
      ["message_type": "comment", "type": "user", "email": "A@example.com", "body": "by email"],
    ] {
      #expect(try client.post("/conversations/\(id)/reply", body).status == 200)
    }
    #expect(try client.post("/conversations/1/reply", reply).message == "Resource Not Found")
    #expect(
      try client.post("/conversations/\(id)/reply", ["message_type": "comment", "type": "user"]).status == 400
    )
  }

  @Test func peopleComeAndGoButTheLastStays() throws {
    let (_, client, contact, id) = try sample()
    _ = try manage(client, id, "close", ["type": "admin"])
    let added = try client.post(
      "/conversations/\(id)/customers", ["admin_id": admin, "customer": ["email": "new@example.com"]])
    #expect(added.json["customers"]?.arrayValue?.count == 2)
    #expect(try client.get("/conversations/\(id)").json["state"] == "open")
    #expect(
      try client.search("contacts", "email", "=", "new@example.com").json["data"]?[0]?["role"] == "lead")
    let gone = try client.delete("/conversations/\(id)/customers/\(contact)", ["admin_id": admin])
    #expect(gone.json["customers"]?.arrayValue?.count == 1)
    let lead = try #require(gone.json["customers"]?[0]?["id"]?.stringValue)
    let last = try client.delete("/conversations/\(id)/customers/\(lead)", ["admin_id": admin])
    #expect(last.status == 422)
    #expect(last.code == "parameter_invalid")
    #expect(try client.delete("/conversations/\(id)/customers/\(contact)").status == 400)
  }

  @Test func tagsNeedAnAdminAlsoWhenTakenOff() throws {
    let (sandbox, client, _, id) = try sample()
    let tag = try sandbox.tag("t")
    #expect(try client.post("/conversations/\(id)/tags", ["id": .string(tag)]).status == 400)
    let applied = try client.post("/conversations/\(id)/tags", ["id": .string(tag), "admin_id": admin])
    #expect(applied.json["applied_by"] == ["type": "admin", "id": admin])
    #expect(try client.search("conversations", "tag_ids", "=", .string(tag)).json["total_count"] == 1)
    #expect(try client.get("/conversations/\(id)").json["tags"]?["tags"]?[0]?["id"]?.stringValue == tag)
    #expect(try client.delete("/conversations/\(id)/tags/\(tag)").status == 400)
    #expect(try client.delete("/conversations/\(id)/tags/\(tag)", ["admin_id": admin]).status == 200)
    #expect(
      try client.delete("/conversations/\(id)/tags/\(tag)", ["admin_id": admin]).code == "tag_not_found")
  }

  @Test func onlyReadAndCustomAttributesCanBeUpdated() throws {
    let (_, client, _, id) = try sample()
    let value = try client.put(
      "/conversations/\(id)", ["read": true, "custom_attributes": ["k": "v"], "state": "closed"]
    ).json
    #expect(value["read"] == true)
    #expect(value["custom_attributes"] == ["k": "v"])
    #expect(value["state"] == "open")
  }

  @Test func redactionTakesBodiesAndRefusesWhatHasNone() throws {
    let (_, client, _, id) = try sample()
    let noted = try client.post(
      "/conversations/\(id)/reply",
      ["message_type": "note", "type": "admin", "admin_id": admin, "body": "4111"])
    let part = try #require(noted.json["conversation_parts"]?["conversation_parts"]?[0]?["id"])
    let redacted = try client.post(
      "/conversations/redact",
      ["type": "conversation_part", "conversation_id": .string(id), "conversation_part_id": part])
    #expect(redacted.json["conversation_parts"]?["conversation_parts"]?[0]?["redacted"] == true)
    #expect(!String(decoding: redacted.body, as: UTF8.self).contains("4111"))
    let opened = try manage(client, id, "open").json["conversation_parts"]?["conversation_parts"]?[1]?["id"]
    let refused = try client.post(
      "/conversations/redact",
      ["type": "conversation_part", "conversation_id": .string(id), "conversation_part_id": opened ?? nil])
    #expect(refused.code == "conversation_part_not_redactable")
    let source = try #require(noted.json["source"]?["id"])
    let all = try client.post(
      "/conversations/redact", ["type": "source", "conversation_id": .string(id), "source_id": source])
    #expect(all.json["source"]?["redacted"] == true)
    #expect(
      try client.post(
        "/conversations/redact",
        ["type": "conversation_part", "conversation_id": .string(id), "conversation_part_id": "1"]
      ).code == "conversation_part_or_message_not_found")
  }

  @Test func plainTextIsShownOnRequest() throws {
    let (_, client, _, id) = try sample()
    let value = try client.get("/conversations/\(id)?display_as=plaintext").json
    #expect(value["source"]?["body"] == "Hello there")
  }

  @Test func onlyTheLatestFiveHundredPartsAreShown() throws {
    let (_, client, _, id) = try sample()
    for number in 0..<503 {
      let body: JSONValue = [
        "message_type": "note", "type": "admin", "admin_id": admin, "body": .string("note \(number)"),
      ]
      try client.send(client.request("POST", "/conversations/\(id)/reply", body.serialized()))
      _ = try client.receive()
    }
    let parts = try client.get("/conversations/\(id)").json["conversation_parts"]
    #expect(parts?["total_count"] == 503)
    #expect(parts?["conversation_parts"]?.arrayValue?.count == 500)
    #expect(parts?["conversation_parts"]?[0]?["body"] == "<p>note 3</p>")
  }

  @Test func historyKeepsItsDates() throws {
    let (_, client, contact, _) = try sample()
    let made = try client.post(
      "/conversations",
      ["from": ["type": "user", "id": .string(contact)], "body": "old", "created_at": 1_600_000_000]
    ).json
    let id = made["conversation_id"]?.stringValue ?? ""
    let reply = try client.post(
      "/conversations/\(id)/reply",
      [
        "message_type": "comment", "type": "admin", "admin_id": admin, "body": "old too",
        "created_at": 1_600_000_060,
      ]
    ).json
    #expect(reply["created_at"] == 1_600_000_000)
    #expect(reply["conversation_parts"]?["conversation_parts"]?[0]?["created_at"] == 1_600_000_060)
    #expect(
      try client.search("conversations", "created_at", "<", 1_600_000_000).json["total_count"] == 1)
  }
}
