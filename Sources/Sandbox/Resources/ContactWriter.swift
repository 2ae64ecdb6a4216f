import JSON
import SQLite

/// Writes contacts: the columns that search looks at, and the body that answers are made of.
struct ContactWriter {
  private let database: Database
  private let workspaceID: String
  private let insertRow: Statement
  private let insertBody: Statement

  /// In the order in which `bind` gives the values; `n` comes before them.
  private static let columns = [
    "id", "role", "email", "email_domain", "name", "phone", "external_id", "avatar", "owner_id",
    "created_at", "updated_at", "signed_up_at", "last_seen_at", "last_contacted_at", "last_replied_at",
    "last_email_opened_at", "last_email_clicked_at", "unsubscribed", "spam", "bounced",
    "language_override", "browser", "browser_language", "os", "country", "region", "city", "custom",
    "ios_last_seen_at", "ios_app_version", "ios_device", "ios_os_version", "ios_app_name",
    "ios_sdk_version", "android_last_seen_at", "android_app_version", "android_device", "android_app_name",
    "android_sdk_version",
  ]

  private static let insert =
    "INSERT INTO contact (searchable_at, n, \(columns.joined(separator: ", "))) VALUES (?, ?"
    + String(repeating: ", ?", count: columns.count) + ")"

  private static let update =
    "UPDATE contact SET " + columns.map { "\($0) = ?" }.joined(separator: ", ") + " WHERE n = ?"

  /// Statements are prepared once; a seed uses one writer for all its contacts.
  init(_ database: Database, workspaceID: String) throws(SQLiteError) {
    self.database = database
    self.workspaceID = workspaceID
    insertRow = try database.prepare(Self.insert)
    insertBody = try database.prepare("INSERT INTO contact_body (n, json, devices) VALUES (?, ?, ?)")
  }

  func insert(_ record: ContactRecord, searchableAt: Int64) throws(SQLiteError) {
    try insertRow.bind(searchableAt, at: 1)
    try insertRow.bind(record.number, at: 2)
    _ = try bind(record, to: insertRow, after: 2)
    try insertRow.run()
    try insertBody.bind(record.number, at: 1)
    try bindBody(record, to: insertBody, after: 1)
    try insertBody.run()
  }

  func update(_ record: ContactRecord) throws(SQLiteError) {
    let statement = try database.prepare(Self.update)
    let last = try bind(record, to: statement, after: 0)
    try statement.bind(record.number, at: last + 1)
    try statement.run()
    try updateBody(record)
  }

  func updateBody(_ record: ContactRecord) throws(SQLiteError) {
    let statement = try database.prepare("UPDATE contact_body SET json = ?, devices = ? WHERE n = ?")
    try bindBody(record, to: statement, after: 0)
    try statement.bind(record.number, at: 3)
    try statement.run()
  }

  private func bindBody(_ record: ContactRecord, to statement: Statement, after: Int) throws(SQLiteError) {
    try statement.bindText(record.json(workspaceID: workspaceID), at: after + 1)
    if let devices = record.devicesJSON {
      try statement.bindText(devices, at: after + 2)
    } else {
      try statement.bindNull(at: after + 2)
    }
  }

  /// Gives the last place that it filled.
  private func bind(_ record: ContactRecord, to statement: Statement, after: Int) throws(SQLiteError) -> Int {
    var next = after
    func bind(_ value: String?) throws(SQLiteError) {
      next += 1
      try statement.bind(value, at: next)
    }
    func bind(_ value: Int64?) throws(SQLiteError) {
      next += 1
      try statement.bind(value, at: next)
    }
    func flag(_ value: Bool) -> Int64? { value ? 1 : 0 }
    try bind(record.id)
    try bind(record.role)
    try bind(record.email)
    try bind(record.emailDomain)
    try bind(record.name)
    try bind(record.phone)
    try bind(record.externalID)
    try bind(record.avatar)
    try bind(record.ownerID)
    try bind(record.createdAt)
    try bind(record.updatedAt)
    try bind(record.signedUpAt)
    try bind(record.lastSeenAt)
    try bind(record.lastContactedAt)
    try bind(record.lastRepliedAt)
    try bind(record.lastEmailOpenedAt)
    try bind(record.lastEmailClickedAt)
    try bind(flag(record.unsubscribedFromEmails))
    try bind(flag(record.markedEmailAsSpam))
    try bind(flag(record.hasHardBounced))
    try bind(record.languageOverride)
    try bind(record.browser)
    try bind(record.browserLanguage)
    try bind(record.os)
    try bind(record.country)
    try bind(record.region)
    try bind(record.city)
    if record.customAttributes.isEmpty {
      next += 1
      try statement.bindNull(at: next)
    } else {
      next += 1
      try statement.bindText(JSONValue.object(record.customAttributes).serialized(), at: next)
    }
    try bind(record.ios?.lastSeenAt)
    try bind(record.ios?.appVersion)
    try bind(record.ios?.device)
    try bind(record.ios?.osVersion)
    try bind(record.ios?.appName)
    try bind(record.ios?.sdkVersion)
    try bind(record.android?.lastSeenAt)
    try bind(record.android?.appVersion)
    try bind(record.android?.device)
    try bind(record.android?.appName)
    try bind(record.android?.sdkVersion)
    return next
  }
}
