import SQLite

extension JournalReader {
  private func collect(_ body: () throws(SQLiteError) -> Void) throws(JournalError) {
    do throws(SQLiteError) { try body() } catch { throw JournalError(error, path: path) }
  }

  func errorGroups() throws(JournalError) -> [RunReport.ErrorGroup] {
    var groups: [RunReport.ErrorGroup] = []
    try collect { () throws(SQLiteError) in
      // With one min(), SQLite takes the other columns from that row.
      try database.each(
        """
        SELECT state, status, code, count(*), key, message, min(step * 1000000000 + no) FROM item
        WHERE code IS NOT NULL AND state IN ('failed', 'changed', 'diverged', 'unknown')
        GROUP BY state, status, code ORDER BY 4 DESC, 3
        """
      ) { s in
        guard let state = s.text(0).flatMap(ItemState.init) else { return }
        groups.append(
          RunReport.ErrorGroup(
            state: state, status: s.integer(1).map { Int($0) }, code: s.text(2) ?? "",
            items: Int(s.integer(3) ?? 0), exampleKey: s.text(4) ?? "", message: s.text(5) ?? ""))
      }
    }
    return groups
  }

  func openWrites(limit: Int) throws(JournalError) -> [RunReport.OpenWrite] {
    var rows: [RunReport.OpenWrite] = []
    try collect { () throws(SQLiteError) in
      try database.each(
        """
        SELECT log.step, log.item, seq, op, target, key, coalesce(item.message, log.message, '')
        FROM log JOIN item ON item.step = log.step AND item.no = log.item
        WHERE log.state IN ('unknown', 'intent') AND kind = 'write' ORDER BY 1, 2, 3 LIMIT ?
        """, .integer(Int64(limit))
      ) { s in
        rows.append(
          RunReport.OpenWrite(
            id: EntryID(
              step: Int(s.integer(0) ?? 0), item: Int(s.integer(1) ?? 0), seq: Int(s.integer(2) ?? 0)),
            operation: s.text(3) ?? "", target: s.text(4).flatMap(RecordRef.init(_:)),
            key: s.text(5) ?? "", why: s.text(6) ?? ""))
      }
    }
    return rows
  }

  func doneWrites() throws(JournalError) -> [(operation: String, done: Int)] {
    var rows: [(operation: String, done: Int)] = []
    try collect { () throws(SQLiteError) in
      try database.each(
        "SELECT op, count(*) FROM log WHERE kind = 'write' AND state = 'done' GROUP BY op ORDER BY op"
      ) { s in rows.append((s.text(0) ?? "", Int(s.integer(1) ?? 0))) }
    }
    return rows
  }
}
