import JSON
import SQLite

/// Teammates, teams, and who the token belongs to.
extension Workspace {
  /// The admin that the token acts for: the first one.
  func ownAdmin() throws -> Int64? {
    try database.firstInteger("SELECT min(n) FROM item WHERE kind = 'admin'")
  }

  func identifyAdmin(_ call: Call) throws -> Answer {
    guard let own = try ownAdmin(), var admin = try item(.admin, own)?.objectValue else {
      throw APIError.adminNotFound
    }
    for key in ["away_mode_enabled", "away_mode_reassign", "team_ids"] { admin[key] = nil }
    admin["email_verified"] = true
    admin["app"] = [
      "type": "app", "id_code": .string(workspaceID), "name": "Parlance sandbox",
      "created_at": .int(createdAt), "secure": false, "identity_verification": false,
      "timezone": .string(timeZone.name), "region": .string(configuration.region.uppercased()),
    ]
    admin["avatar"] = ["type": "avatar", "image_url": nil]
    return Answer(.object(admin))
  }

  func listAdmins(_ call: Call) throws -> Answer { try list(.admin, type: "admin.list", key: "admins") }

  func retrieveAdmin(_ call: Call) throws -> Answer {
    guard let admin = try item(.admin, call.parameter()) else { throw APIError.adminNotFound }
    return Answer(admin.value, target: call.parameter())
  }

  func setAwayAdmin(_ call: Call) throws -> Answer {
    guard let (number, value) = try item(.admin, call.parameter()), var admin = value.objectValue else {
      throw APIError.adminForIDNotFound
    }
    for key in ["away_mode_enabled", "away_mode_reassign"] {
      guard let flag = call.body[key] else { throw APIError.missing(key) }
      guard flag.boolValue != nil else { throw APIError.invalid("\(key) must be a boolean", field: key) }
      admin[key] = flag
    }
    try put(.admin, number, name: admin["email"]?.stringValue, .object(admin))
    try logActivity("admin_away_mode_change", by: number, "changed their away mode")
    return Answer(.object(admin), target: call.parameter())
  }

  func logActivity(_ type: String, by admin: Int64, _ description: String) throws {
    let number = try nextNumber("activity_log")
    let value = try item(.admin, admin)
    try put(
      .activityLog, number, name: type,
      [
        "id": .string(String(number)),
        "performed_by": [
          "type": "admin", "id": .string(String(admin)), "email": value?["email"] ?? .null, "ip": "127.0.0.1",
        ],
        "metadata": [:], "created_at": .int(clock.now), "activity_type": .string(type),
        "activity_description": .string("\(value?["name"]?.stringValue ?? "") \(description)"),
      ])
  }

  func listActivityLogs(_ call: Call) throws -> Answer {
    guard let after = try call.query.int("created_at_after") else {
      throw APIError.missing("created_at_after")
    }
    let before = try call.query.int("created_at_before") ?? .max
    let range = "kind = 'activity_log' AND created_at >= ?1 AND created_at <= \(before)"
    let path =
      "/admins/activity_logs?created_at_after=\(after)"
      + (before < .max ? "&created_at_before=\(before)" : "")
    return try numberedPage(
      call, path: path, type: "activity_log.list", key: "activity_logs", defaultSize: 20, limit: 150,
      count: "SELECT count(*) FROM item WHERE \(range)",
      rows: "SELECT json FROM item WHERE \(range) ORDER BY n DESC", parameter: after, tellsTotal: false
    ) { row, out in row.withBytes(0) { out.raw($0) } }
  }

  // MARK: Teams

  func listTeams(_ call: Call) throws -> Answer { try list(.team, type: "team.list", key: "teams") }

  func retrieveTeam(_ call: Call) throws -> Answer {
    guard let team = try item(.team, call.parameter()) else { throw APIError.teamNotFound }
    return Answer(team.value, target: call.parameter())
  }
}
