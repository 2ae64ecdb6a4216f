/// The tables of a workspace.
///
/// Records that are many (contacts, companies, conversations, tickets) have a table each: the JSON that
/// pages are made of, and beside it the columns that search and sort by. The JSON comes last in a row, so
/// that a scan of the columns does not read it. Contacts, of which there may be a million, keep it in a
/// table of its own: what search walks over is a fifth as long.
enum Schema {
  /// Of the file format; a file of another version is refused.
  static let version: Int64 = 2

  static let tables = """
    CREATE TABLE setting (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

    CREATE TABLE contact (
      n INTEGER PRIMARY KEY, id TEXT NOT NULL,
      -- 0 live, 1 archived, 2 merged into another
      state INTEGER NOT NULL DEFAULT 0,
      role TEXT NOT NULL, email TEXT COLLATE NOCASE, email_domain TEXT COLLATE NOCASE,
      name TEXT, phone TEXT, external_id TEXT, avatar TEXT, owner_id INTEGER,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, signed_up_at INTEGER, last_seen_at INTEGER,
      last_contacted_at INTEGER, last_replied_at INTEGER, last_email_opened_at INTEGER,
      last_email_clicked_at INTEGER,
      unsubscribed INTEGER NOT NULL DEFAULT 0, spam INTEGER NOT NULL DEFAULT 0,
      bounced INTEGER NOT NULL DEFAULT 0,
      language_override TEXT, browser TEXT, browser_language TEXT, os TEXT,
      country TEXT, region TEXT, city TEXT,
      -- Search does not see it before this time (index lag).
      searchable_at INTEGER NOT NULL DEFAULT 0,
      -- 1: has tags, notes, companies or subscriptions, so that a page must look them up.
      listed INTEGER NOT NULL DEFAULT 0,
      -- The custom attributes as JSON, null without any.
      custom TEXT,
      ios_last_seen_at INTEGER, ios_app_version TEXT, ios_device TEXT, ios_os_version TEXT, ios_app_name TEXT,
      ios_sdk_version TEXT,
      android_last_seen_at INTEGER, android_app_version TEXT, android_device TEXT, android_app_name TEXT,
      android_sdk_version TEXT
    );

    -- The body without lists and devices; app and device fields, absent if all are empty.
    CREATE TABLE contact_body (n INTEGER PRIMARY KEY, json TEXT NOT NULL, devices TEXT);

    -- How many live contacts have a value in a column (ContactColumn), so that none must be counted.
    CREATE TABLE tally (field INTEGER NOT NULL, value NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (field, value))
      WITHOUT ROWID;

    -- The least and the greatest date in a column within a block of contacts: where a search need not look.
    CREATE TABLE zone (
      field INTEGER NOT NULL, block INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
      PRIMARY KEY (field, block)) WITHOUT ROWID;

    CREATE TABLE company (
      n INTEGER PRIMARY KEY, id TEXT NOT NULL, company_id TEXT UNIQUE, name TEXT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, last_request_at INTEGER,
      user_count INTEGER NOT NULL DEFAULT 0, json TEXT NOT NULL
    );

    CREATE TABLE conversation (
      n INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      waiting_since INTEGER, snoozed_until INTEGER, state TEXT NOT NULL, open INTEGER NOT NULL,
      read INTEGER NOT NULL, priority TEXT, admin_assignee_id INTEGER, team_assignee_id INTEGER,
      -- The words of the first message, lower case, each between two spaces.
      words TEXT NOT NULL DEFAULT ' ', json TEXT NOT NULL
    );

    CREATE TABLE ticket (
      n INTEGER PRIMARY KEY, ticket_id INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      title TEXT, description TEXT, category TEXT NOT NULL, ticket_type_id INTEGER NOT NULL,
      state TEXT NOT NULL, open INTEGER NOT NULL, snoozed_until INTEGER,
      admin_assignee_id TEXT, team_assignee_id TEXT, ticket_state_id INTEGER NOT NULL, json TEXT NOT NULL
    );

    -- Conversations and tickets share their numbers, and their parts a table.
    CREATE TABLE part (n INTEGER PRIMARY KEY, owner INTEGER NOT NULL, json TEXT NOT NULL);
    CREATE INDEX part_of ON part (owner, n);

    -- Who takes part: of a conversation or a ticket.
    CREATE TABLE participant (owner INTEGER NOT NULL, contact INTEGER NOT NULL, PRIMARY KEY (owner, contact))
      WITHOUT ROWID;
    CREATE INDEX participant_contact ON participant (contact, owner);

    -- kind: 1 contact, 2 company, 3 conversation, 4 ticket
    CREATE TABLE tagging (
      tag INTEGER NOT NULL, kind INTEGER NOT NULL, record INTEGER NOT NULL,
      applied_at INTEGER NOT NULL, admin INTEGER, PRIMARY KEY (tag, kind, record)) WITHOUT ROWID;
    CREATE INDEX tagging_record ON tagging (kind, record, tag);

    CREATE TABLE membership (
      contact INTEGER NOT NULL, company INTEGER NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (contact, company))
      WITHOUT ROWID;
    CREATE INDEX membership_company ON membership (company, contact);

    CREATE TABLE note (
      n INTEGER PRIMARY KEY, contact INTEGER NOT NULL, admin INTEGER, created_at INTEGER NOT NULL,
      body TEXT NOT NULL);
    CREATE INDEX note_contact ON note (contact, n);

    CREATE TABLE subscription (
      contact INTEGER NOT NULL, type INTEGER NOT NULL, consent TEXT NOT NULL, PRIMARY KEY (contact, type))
      WITHOUT ROWID;

    CREATE TABLE event (
      n INTEGER PRIMARY KEY, contact INTEGER NOT NULL, name TEXT NOT NULL, created_at INTEGER NOT NULL,
      json TEXT NOT NULL);
    CREATE INDEX event_contact ON event (contact, created_at);

    -- Everything of which a workspace has few: admins, teams, tags, types, articles, news and so on.
    CREATE TABLE item (
      kind TEXT NOT NULL, n INTEGER NOT NULL, name TEXT, parent INTEGER,
      created_at INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL DEFAULT 0,
      archived INTEGER NOT NULL DEFAULT 0, json TEXT NOT NULL, PRIMARY KEY (kind, n)) WITHOUT ROWID;
    CREATE INDEX item_name ON item (kind, name);
    CREATE INDEX item_parent ON item (kind, parent, n);

    CREATE TABLE ledger (
      no INTEGER PRIMARY KEY, at INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, operation TEXT,
      status INTEGER, target TEXT, body_hash TEXT, applied INTEGER NOT NULL, writes INTEGER NOT NULL,
      mark TEXT, fault TEXT);
    CREATE INDEX ledger_mark ON ledger (mark) WHERE mark IS NOT NULL;

    """

  /// What a reset empties; the ledger stays.
  static let recordTables = [
    "setting", "contact", "contact_body", "tally", "zone", "company", "conversation", "ticket", "part",
    "participant", "tagging", "membership",
    "note", "subscription", "event", "item",
  ]

  /// The indexes that give a table's records in the order of a column, by table and column. A sparse one
  /// has no records without a value.
  static let sortIndexes: [String: [String: SortIndex]] = [
    "contact": Dictionary(
      // Those of flags have not every contact with a value.
      ContactColumn.all.filter { if case .flag = $0.values { false } else { true } }.map {
        ($0.name, SortIndex(name: $0.index, isSparse: $0.isSparse))
      },
      uniquingKeysWith: { first, _ in first }),
    "conversation": [
      "created_at": SortIndex(name: "conversation_created", isSparse: false),
      "updated_at": SortIndex(name: "conversation_updated", isSparse: false),
    ],
    "ticket": [
      "created_at": SortIndex(name: "ticket_created", isSparse: false),
      "updated_at": SortIndex(name: "ticket_updated", isSparse: false),
    ],
  ]

  struct SortIndex {
    let name: String
    let isSparse: Bool
  }

  /// Made after the seed's rows: sorting once is faster than finding the place of each row.
  static let indexes =
    ContactColumn.all.filter(\.isEager).map(\.indexSQL) + [
      "CREATE INDEX contact_external_any ON contact (external_id) WHERE external_id IS NOT NULL",
      // What is archived or merged is little: what counts by other tables takes it off.
      "CREATE INDEX contact_gone ON contact (n) WHERE state <> 0",
      "CREATE INDEX company_id ON company (id)",
      "CREATE INDEX company_name ON company (name)",
      "CREATE INDEX company_request ON company (last_request_at, n)",
      "CREATE INDEX conversation_created ON conversation (created_at, n)",
      "CREATE INDEX conversation_updated ON conversation (updated_at, n)",
      "CREATE INDEX conversation_state ON conversation (state, n)",
      "CREATE INDEX conversation_admin ON conversation (admin_assignee_id, n)",
      "CREATE INDEX conversation_team ON conversation (team_assignee_id, n)",
      "CREATE INDEX ticket_created ON ticket (created_at, n)",
      "CREATE INDEX ticket_updated ON ticket (updated_at, n)",
      "CREATE INDEX ticket_type ON ticket (ticket_type_id, n)",
      "CREATE INDEX ticket_state ON ticket (state, n)",
    ]
}
