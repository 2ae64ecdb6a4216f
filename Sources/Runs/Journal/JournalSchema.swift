/// The tables of a run's file. A change of shape is a new `version`.
enum JournalSchema {
  static let version = 2

  static let text = """
    CREATE TABLE run (
      id TEXT NOT NULL PRIMARY KEY, key TEXT, workspace TEXT NOT NULL, admin TEXT NOT NULL,
      account TEXT NOT NULL, reason TEXT, mode TEXT NOT NULL, script TEXT NOT NULL,
      program TEXT NOT NULL, program_hash TEXT NOT NULL, catalogue_hash TEXT NOT NULL,
      modules TEXT NOT NULL, params TEXT NOT NULL, seed INTEGER NOT NULL, now INTEGER NOT NULL,
      max_writes INTEGER, max_destroys INTEGER, state TEXT NOT NULL, exit INTEGER,
      started_at INTEGER NOT NULL, ended_at INTEGER);
    CREATE TABLE step (
      no INTEGER PRIMARY KEY, statement INTEGER NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL,
      phase TEXT NOT NULL, captured TEXT NOT NULL, frozen_from INTEGER, frozen_to INTEGER,
      items INTEGER NOT NULL, duplicates INTEGER NOT NULL, error_kind TEXT NOT NULL,
      error_limit INTEGER NOT NULL, goes_on INTEGER NOT NULL, max_age INTEGER NOT NULL,
      checks INTEGER NOT NULL, keeps_nothing INTEGER NOT NULL);
    CREATE TABLE item (
      step INTEGER NOT NULL, no INTEGER NOT NULL, key TEXT NOT NULL, ref TEXT, record TEXT,
      version TEXT, read_at INTEGER NOT NULL, state TEXT NOT NULL, partial INTEGER NOT NULL,
      status INTEGER, code TEXT, message TEXT, request_id TEXT, note TEXT,
      PRIMARY KEY (step, no), UNIQUE (step, key));
    CREATE INDEX item_state ON item (step, state, no);
    CREATE TABLE log (
      step INTEGER NOT NULL, item INTEGER NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL,
      op TEXT NOT NULL, target TEXT, print INTEGER NOT NULL, effect TEXT, class TEXT,
      looks_first INTEGER, bodyless INTEGER, request TEXT, written TEXT, before TEXT,
      state TEXT NOT NULL, attempt INTEGER NOT NULL, status INTEGER, code TEXT, message TEXT,
      request_id TEXT, result TEXT, created TEXT, version TEXT, intent_at INTEGER, sent_at INTEGER,
      settled_at INTEGER, how TEXT, ids TEXT, looks_before INTEGER,
      PRIMARY KEY (step, item, seq)) WITHOUT ROWID;
    CREATE INDEX log_state ON log (state);
    CREATE INDEX log_created ON log (created) WHERE created IS NOT NULL;
    CREATE TABLE touched (
      ref TEXT NOT NULL PRIMARY KEY, version_after TEXT, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE event (at INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
    PRAGMA user_version = \(version);
    """
}
