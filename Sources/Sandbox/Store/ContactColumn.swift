/// A column of contacts that search looks at: how it is indexed, and whether its values are tallied.
///
/// Everything that keeps a search over a million contacts short is made from this one list: the indexes,
/// the tallies that save counting, and the zones that tell where to begin.
struct ContactColumn {
  enum Values {
    /// Nearly every contact has another one: found through the index alone.
    case many(noCase: Bool)
    /// Few different ones: tallied.
    case few
    /// Dates, tallied by quarters of an hour: every time zone begins its days at one.
    case date
    /// 0 or 1; those with 1 are few.
    case flag
  }

  /// The column's name.
  let name: String
  let values: Values
  /// Its index leaves out contacts without a value.
  let isSparse: Bool
  /// Indexed and tallied with the seed; others when a search first names them, which takes a second or two over
  /// a million contacts: with all of them, making such a store would take twice as long.
  let isEager: Bool
  /// Its number in the tables `tally` and `zone`.
  let number: Int64

  var index: String { "contact_by_\(name)" }

  /// What the tally counts by.
  func tallied(_ row: String) -> String? {
    switch values {
    case .many: nil
    case .few, .flag: name == "email_domain" ? "lower(\(row)\(name))" : "\(row)\(name)"
    // Rounded down, as division alone does not do for what is before 1970.
    case .date:
      "((\(row)\(name) - \(ContactColumn.tick - 1) * (\(row)\(name) < 0)) / \(ContactColumn.tick))"
    }
  }

  /// Seconds that a tally of dates is exact to.
  static let tick: Int64 = 900
  /// Contacts in a zone.
  static let block: Int64 = 4_096

  var isDate: Bool {
    if case .date = values { true } else { false }
  }

  /// Values that are told apart by case but found without regard to it (ASCII, as SQLite sees it).
  var isNoCase: Bool {
    if case .many(let noCase) = values { noCase } else { name == "email_domain" }
  }

  var indexSQL: String {
    var condition = "state = 0"
    // Duplicates are looked for among the archived too.
    if name == "email" || name == "id" { condition = "" }
    if isSparse { condition += " AND \(name) IS NOT NULL" }
    if case .flag = values { condition += " AND \(name) = 1" }
    return "CREATE INDEX \(index) ON contact (\(name)\(isNoCase ? " COLLATE NOCASE" : ""), n)"
      + (condition.isEmpty ? "" : " WHERE \(condition)")
  }

  private static let eager: Set<String> = [
    "id", "role", "email", "email_domain", "name", "phone", "external_id", "owner_id", "created_at",
    "updated_at",
    "signed_up_at", "last_seen_at", "last_contacted_at", "last_replied_at",
  ]

  static let all: [ContactColumn] = {
    let rows: [(String, Values, sparse: Bool)] = [
      ("id", .many(noCase: false), false), ("role", .few, false), ("email", .many(noCase: true), false),
      ("email_domain", .few, true), ("name", .many(noCase: true), false),
      ("phone", .many(noCase: true), true), ("external_id", .many(noCase: true), true),
      ("avatar", .many(noCase: true), true), ("owner_id", .few, true),
      ("created_at", .date, false), ("updated_at", .date, false), ("signed_up_at", .date, false),
      ("last_seen_at", .date, false), ("last_contacted_at", .date, true), ("last_replied_at", .date, true),
      ("last_email_opened_at", .date, true), ("last_email_clicked_at", .date, true),
      ("unsubscribed", .flag, false), ("spam", .flag, false), ("bounced", .flag, false),
      ("language_override", .few, true), ("browser", .few, true), ("browser_language", .few, true),
      ("os", .few, true), ("country", .few, true), ("region", .few, true), ("city", .few, true),
      ("ios_last_seen_at", .date, true), ("ios_app_version", .few, true), ("ios_device", .few, true),
      ("ios_os_version", .few, true), ("ios_app_name", .few, true), ("ios_sdk_version", .few, true),
      ("android_last_seen_at", .date, true), ("android_app_version", .few, true),
      ("android_device", .few, true), ("android_app_name", .few, true), ("android_sdk_version", .few, true),
    ]
    return rows.enumerated().map { index, row in
      ContactColumn(
        name: row.0, values: row.1, isSparse: row.sparse, isEager: eager.contains(row.0), number: Int64(index)
      )
    }
  }()

  static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// Whose tally counts every live contact, since each has a value.
  static let total = ContactColumn.byName["role"]?.number ?? 0
}
