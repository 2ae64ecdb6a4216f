import JSON
import Sandbox
import Testing

struct TicketsTests {
  private let admin = JSONValue.string(TestSandbox.admin)

  private func sample(type: String = "1") throws -> (TestSandbox, RawClient, ticket: String) {
    let sandbox = try TestSandbox()
    let contact = try sandbox.contact(["email": "a@example.com", "external_id": "e1"])
    let made = try sandbox.client.post(
      "/tickets",
      [
        "ticket_type_id": .string(type), "contacts": [["id": .string(contact)]],
        "ticket_attributes": ["_default_title_": "T", "_default_description_": "D", "priority_score": 3],
      ])
    #expect(made.status == 200)
    return (sandbox, sandbox.client, made.json["id"]?.stringValue ?? "")
  }

  @Test func aTicketHasAnIDAndAnInboxNumber() throws {
    let (_, client, id) = try sample()
    let value = try client.get("/tickets/\(id)").json
    #expect(value["ticket_id"] == "1")
    #expect(value["ticket_id"]?.stringValue != id)
    #expect(value["ticket_state"]?["category"] == "submitted")
    #expect(value["category"] == "Customer")
    #expect(value["ticket_type"]?["ticket_type_attributes"]?["data"]?.arrayValue?.count == 3)
    #expect(value["ticket_parts"]?["total_count"] == 1)
    #expect(try client.get("/tickets/1").code == "ticket_not_found")
    #expect(try client.get("/tickets/x").status == 404)
  }

  @Test func oneContactATicket() throws {
    let (_, client, _) = try sample()
    let two = try client.post(
      "/tickets", ["ticket_type_id": "1", "contacts": [["external_id": "e1"], ["email": "b@example.com"]]])
    #expect(two.status == 400)
    let new = try client.post("/tickets", ["ticket_type_id": "1", "contacts": [["email": "b@example.com"]]])
    #expect(new.status == 200)
    #expect(try client.post("/tickets", ["ticket_type_id": "1", "contacts": []]).status == 400)
    #expect(
      try client.post("/tickets", ["ticket_type_id": "99", "contacts": [["external_id": "e1"]]]).status == 404
    )
  }

  @Test func attributesAreThoseOfTheTypeWithTheirKinds() throws {
    let (_, client, id) = try sample()
    #expect(try client.put("/tickets/\(id)", ["ticket_attributes": ["nothing": 1]]).status == 400)
    #expect(try client.put("/tickets/\(id)", ["ticket_attributes": ["priority_score": "high"]]).status == 400)
    let changed = try client.put("/tickets/\(id)", ["ticket_attributes": ["priority_score": 5]])
    #expect(changed.json["ticket_attributes"]?["priority_score"] == 5)
    #expect(changed.json["ticket_attributes"]?["_default_title_"] == "T")
  }

  @Test func valuesOfAListAreItsItemsIDs() throws {
    let (_, client, id) = try sample()
    let made = try client.post(
      "/ticket_types/1/attributes",
      ["name": "area", "description": "", "data_type": "list", "list_items": "Web, App"])
    let items = made.json["input_options"]?["list_items"]?.arrayValue ?? []
    #expect(items.map { $0["label"] } == ["Web", "App"])
    #expect(try client.put("/tickets/\(id)", ["ticket_attributes": ["area": "Web"]]).status == 400)
    let guid = items[0]["id"] ?? nil
    #expect(try client.put("/tickets/\(id)", ["ticket_attributes": ["area": guid]]).status == 200)
  }

  @Test func statesChangeByIDAndLeaveAPart() throws {
    let (_, client, id) = try sample()
    let states = try client.get("/ticket_states").json["data"]?.arrayValue ?? []
    let resolved = try #require(states.first { $0["category"] == "resolved" }?["id"])
    let changed = try client.put("/tickets/\(id)", ["ticket_state_id": resolved]).json
    #expect(changed["ticket_state"]?["category"] == "resolved")
    #expect(changed["ticket_parts"]?["ticket_parts"]?[1]?["previous_ticket_state"] == "submitted")
    let wrong = try client.put("/tickets/\(id)", ["ticket_state_id": "1"])
    #expect(wrong.status == 400)
    #expect(wrong.code == "ticket_state_id_invalid")
    #expect(try client.search("tickets", "state", "=", "resolved").json["total_count"] == 1)
  }

  @Test func assignmentIsNestedAndClosingEndsASnooze() throws {
    let (_, client, id) = try sample()
    let assigned = try client.put(
      "/tickets/\(id)", ["assignment": ["admin_id": admin, "assignee_id": admin]])
    #expect(assigned.json["admin_assignee_id"] == admin)
    #expect(
      try client.put("/tickets/\(id)", ["assignment": ["admin_id": admin, "assignee_id": "5"]]).code
        == "assignee_not_found")
    let freed = try client.put("/tickets/\(id)", ["assignment": ["admin_id": admin, "assignee_id": "0"]])
    #expect(freed.json["admin_assignee_id"] == "0")
    _ = try client.put("/tickets/\(id)", ["snoozed_until": .int(TestSandbox.now + 60)])
    let closed = try client.put("/tickets/\(id)", ["open": false]).json
    #expect(closed["open"] == false)
    #expect(closed["snoozed_until"] == nil)
  }

  @Test func customersCannotReplyToBackOfficeTickets() throws {
    let (_, client, id) = try sample(type: "3")
    let reply: JSONValue = ["message_type": "comment", "type": "user", "user_id": "e1", "body": "hi"]
    let refused = try client.post("/tickets/\(id)/reply", reply)
    #expect(refused.status == 400)
    #expect(refused.code == "parameter_mismatch")
    let note = try client.post(
      "/tickets/\(id)/reply", ["message_type": "note", "type": "admin", "admin_id": admin, "body": "n"])
    #expect(note.json["part_type"] == "note")
    #expect(note.json["type"] == "ticket_part")
  }

  @Test func attributesAreSearchedByNumberAndCategoriesByOtherWords() throws {
    let (_, client, _) = try sample()
    let attributes =
      try client.get("/ticket_types/1").json["ticket_type_attributes"]?["data"]?.arrayValue ?? []
    let score = try #require(attributes.first { $0["name"] == "priority_score" }?["id"]?.stringValue)
    #expect(try client.search("tickets", "ticket_attribute.\(score)", ">", 2).json["total_count"] == 1)
    #expect(try client.search("tickets", "ticket_attribute.\(score)", "=", 9).json["total_count"] == 0)
    #expect(try client.search("tickets", "ticket_attribute.priority_score", "=", 3).code == "field_not_found")
    #expect(try client.search("tickets", "ticket_attribute.99", "=", 3).status == 404)
    #expect(try client.search("tickets", "category", "=", "request").json["total_count"] == 1)
    #expect(try client.search("tickets", "category", "=", "Customer").json["total_count"] == 0)
    // To the second, and the second itself included.
    #expect(try client.search("tickets", "created_at", ">", .int(TestSandbox.now)).json["total_count"] == 1)
    #expect(
      try client.search("tickets", "created_at", ">", .int(TestSandbox.now + 1)).json["total_count"] == 0)
  }

  @Test func onlyCustomerTypesTakeConversations() throws {
    let (sandbox, client, _) = try sample()
    let contact = try sandbox.contact(["email": "c@example.com"])
    let conversation = try sandbox.conversation(with: contact)
    let refused = try client.post("/conversations/\(conversation)/convert", ["ticket_type_id": "3"])
    #expect(refused.status == 400)
    #expect(refused.message == "Ticket type is not a customer ticket type")
    let made = try client.post(
      "/conversations/\(conversation)/convert",
      ["ticket_type_id": "1", "attributes": ["_default_title_": "C"]])
    #expect(made.json["id"]?.stringValue == conversation)
    #expect(made.json["contacts"]?["contacts"]?[0]?["id"]?.stringValue == contact)
    #expect(try client.post("/conversations/\(conversation)/convert", ["ticket_type_id": "1"]).status == 400)
  }

  @Test func typesAreMadeAndArchived() throws {
    let (_, client, _) = try sample()
    let made = try client.post("/ticket_types", ["name": "New", "category": "Back-office"]).json
    let id = try #require(made["id"]?.stringValue)
    #expect(made["ticket_type_attributes"]?["data"]?.arrayValue?.count == 2)
    #expect(made["ticket_states"]?["data"]?.arrayValue?.count == 4)
    #expect(try client.put("/ticket_types/\(id)", ["archived": true]).json["archived"] == true)
    #expect(try client.get("/ticket_types").json["data"]?.arrayValue?.count == 4)
    #expect(try client.post("/ticket_types", ["name": "X", "category": "None"]).status == 400)
  }
}
