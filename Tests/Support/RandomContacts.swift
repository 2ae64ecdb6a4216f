/// Contacts in which the fields that a seed leaves alike are random or empty, with attributes of every type.
struct RandomContacts {
  private let workspace: TestWorkspace
  /// So many are changed.
  private let count = 40

  init(_ workspace: TestWorkspace) { self.workspace = workspace }

  func scatter(_ dice: inout Dice) throws {
    for (name, type) in [
      ("plan", "string"), ("seats", "integer"), ("score", "float"), ("trial", "boolean"), ("renews", "date"),
    ] {
      _ = try workspace.outcome(
        "data_attributes.create(\"\(name)\", model: \"contact\", data_type: \"\(type)\")")
    }
    _ = try workspace.outcome(
      "let vip = tags.create(\"vip\")\nlet some = contacts | take(\(count)) | collect")
    for index in 0..<count {
      var fields: [String] = []
      func sometimes(_ text: @autoclosure () -> String) {
        if Bool.random(using: &dice) { fields.append(text()) }
      }
      sometimes(
        "name: \(["null", "\"Ann O'Neil\"", "\"ann\"", "\"ÄNNE\"", "\"  \"", "\"100%\"", "\"a_b\""].randomElement(using: &dice) ?? "null")"
      )
      sometimes("phone: \"+353 86 \(Int.random(in: 0...9, using: &dice))\"")
      let ages = [0, 1, 86_399, 86_400, 90 * 86_400, 3_600 * 5, Int.random(in: 0...40_000_000, using: &dice)]
      sometimes("signed_up_at: ago(\(ages.randomElement(using: &dice) ?? 0)s)")
      sometimes("last_seen_at: ago(\(ages.randomElement(using: &dice) ?? 0)s)")
      sometimes("owner: (admins | first).id")
      sometimes("unsubscribed_from_emails: \(Bool.random(using: &dice))")
      var custom: [String] = []
      if Bool.random(using: &dice) {
        custom.append(
          "plan: \(["\"pro\"", "\"Pro\"", "\"free\"", "\"\"", "null", "\"7\""].randomElement(using: &dice) ?? "null")"
        )
      }
      if Bool.random(using: &dice) { custom.append("seats: \(Int.random(in: -2...9, using: &dice))") }
      if Bool.random(using: &dice) {
        custom.append("score: \(["0.5", "1.0", "2.25", "-3.5", "7"].randomElement(using: &dice) ?? "1.0")")
      }
      if Bool.random(using: &dice) { custom.append("trial: \(Bool.random(using: &dice))") }
      if Bool.random(using: &dice) {
        custom.append("renews: \(TestWorkspace.now - Int64(ages.randomElement(using: &dice) ?? 0))")
      }
      if !custom.isEmpty { fields.append("custom_attributes: {\(custom.joined(separator: ", "))}") }
      if !fields.isEmpty {
        _ = try workspace.outcome("contacts.update(some[\(index)], \(fields.joined(separator: ", ")))")
      }
      if index % 5 == 0 { _ = try workspace.outcome("tags.apply(some[\(index)], vip)") }
    }
  }
}
