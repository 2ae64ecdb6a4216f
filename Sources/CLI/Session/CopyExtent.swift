/// What of a workspace a copy needs, by the operations that a script can reach. What there is little of is always
/// copied: teammates, teams, tags, types, attributes.
struct CopyExtent: Equatable {
  var people = true
  var conversations = true
  var tickets = true
  var articles = true
  var news = true

  static let everything = CopyExtent()

  /// What the copy has none of, and the script asks for.
  private(set) var missing: [String] = []
  /// The script reads single conversations or notes, which come by a request each.
  private(set) var withParts = true

  private init() {}

  init(reaching operations: [String]) {
    let resources = Set(operations.map { String($0.prefix { $0 != "." }) })
    // A raw request may ask for anything, an export exports all, and what becomes of a tag concerns all that bear it.
    let asksAll =
      !resources.isDisjoint(with: ["api", "exports"])
      || !Set(operations).isDisjoint(with: ["tags.delete", "tags.uses", "data_attributes.uses"])
    missing = ["segments", "events", "visitors"].filter { resources.contains($0) }
    guard !asksAll else { return }
    conversations = !resources.isDisjoint(with: ["conversations", "messages"])
    tickets = !resources.isDisjoint(with: ["tickets", "ticket_types", "ticket_type_attributes"])
    articles = !resources.isDisjoint(with: ["articles", "collections", "help_centers"])
    news = !resources.isDisjoint(with: ["news_items", "newsfeeds"])
    people = !resources.isSubset(of: CopyExtent.alone)
    withParts = operations.contains { CopyExtent.single.contains($0) || $0.hasPrefix("notes.") }
  }

  /// What reads, or works on, the parts of a conversation.
  private static let single: Set<String> = ["conversations.get", "conversations.redact"]

  /// Resources whose records no person belongs to.
  private static let alone: Set<String> = [
    "admins", "articles", "collections", "content_import_sources", "data_attributes", "external_pages",
    "help_centers", "news_items", "newsfeeds", "segments", "subscription_types", "teams", "ticket_states",
  ]
}
