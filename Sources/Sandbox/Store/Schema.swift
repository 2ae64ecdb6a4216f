/// The tables of a workspace.
///
/// Records that are many (contacts, companies, conversations, tickets) have a table each: the JSON that
/// pages are made of, and beside it the columns that search and sort by. The JSON comes last in a row, so
/// that a scan of the columns does not read it.
enum Schema {
  /// Of the file format; a file of another version is refused.
  static let version: Int64 = 1

  static let tables = """
    CREATE TABLE setting (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

    CREATE TABLE contact (
      n INTEGER PRIMARY KEY, id TEXT NOT NULL,
      -- 0 live, 1 archived, 2 merged into another
      state INTEGER NOT NULL DEFAULT 0,
      role TEXT NOT NULL, email TEXT COLLATE NOCASE, email_domain TEXT COLLATE NOCASE,
      name TEXT, phone TEXT, external_id TEXT, owner_id INTEGER,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, signed_up_at INTEGER, last_seen_at INTEGER,
      last_contacted_at INTEGER, last_replied_at INTEGER,
      -- Search does not see it before this time (index lag).
      searchable_at INTEGER NOT NULL DEFAULT 0,
      -- 1: has tags, notes, companies or subscriptions, so that a page must look them up.
      listed INTEGER NOT NULL DEFAULT 0,
      -- The body without lists and devices; app and device fields, absent if all are empty.
      json TEXT NOT NULL, devices TEXT
    );

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
    "setting", "contact", "company", "conversation", "ticket", "part", "participant", "tagging", "membership",
    "note", "subscription", "event", "item",
  ]

  static let indexNames = indexes.split(separator: "\n").compactMap { line in
    line.split(separator: " ").dropFirst(2).first.map(String.init)
  }

  /// The indexes that give a table's records in the order of a column, by table and column.
  static let sortIndexes: [String: [String: String]] = [
    "contact": [
      "created_at": "contact_created", "updated_at": "contact_updated", "signed_up_at": "contact_signed_up",
      "last_seen_at": "contact_seen", "last_contacted_at": "contact_contacted",
      "last_replied_at": "contact_replied",
    ],
    "conversation": ["created_at": "conversation_created", "updated_at": "conversation_updated"],
    "ticket": ["created_at": "ticket_created", "updated_at": "ticket_updated"],
  ]

  /// Made after the seed's rows: sorting once is faster than finding the place of each row.
  static let indexes = """
    CREATE INDEX contact_email ON contact (email, n);
    CREATE INDEX contact_external ON contact (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX contact_role ON contact (role, last_seen_at, n) WHERE state = 0;
    CREATE INDEX contact_owner ON contact (owner_id, n) WHERE state = 0;
    CREATE INDEX contact_domain ON contact (email_domain, n) WHERE state = 0;
    CREATE INDEX contact_name ON contact (name, n) WHERE state = 0;
    CREATE INDEX contact_phone ON contact (phone) WHERE state = 0 AND phone IS NOT NULL;
    CREATE INDEX contact_created ON contact (created_at, n) WHERE state = 0;
    CREATE INDEX contact_updated ON contact (updated_at, n) WHERE state = 0;
    CREATE INDEX contact_signed_up ON contact (signed_up_at, n) WHERE state = 0;
    CREATE INDEX contact_seen ON contact (last_seen_at, n) WHERE state = 0;
    CREATE INDEX contact_contacted ON contact (last_contacted_at, n) WHERE state = 0;
    CREATE INDEX contact_replied ON contact (last_replied_at, n) WHERE state = 0;
    CREATE INDEX company_name ON company (name);
    CREATE INDEX company_request ON company (last_request_at, n);
    CREATE INDEX conversation_created ON conversation (created_at, n);
    CREATE INDEX conversation_updated ON conversation (updated_at, n);
    CREATE INDEX conversation_state ON conversation (state, n);
    CREATE INDEX conversation_admin ON conversation (admin_assignee_id, n);
    CREATE INDEX conversation_team ON conversation (team_assignee_id, n);
    CREATE INDEX ticket_created ON ticket (created_at, n);
    CREATE INDEX ticket_updated ON ticket (updated_at, n);
    CREATE INDEX ticket_type ON ticket (ticket_type_id, n);
    CREATE INDEX ticket_state ON ticket (state, n);

    """
}
