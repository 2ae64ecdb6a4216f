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

  /// Done writes by the part of the time between the first and the last.
  func pace(parts: Int) throws(JournalError) -> [(at: Int64, done: Int)] {
    var bounds: (first: Int64, last: Int64)?
    var rows: [(at: Int64, done: Int)] = []
    try collect { () throws(SQLiteError) in
      try database.each(
        "SELECT min(settled_at), max(settled_at) FROM log WHERE state = 'done' AND kind = 'write'"
      ) {
        s in
        if let first = s.integer(0), let last = s.integer(1), last > first { bounds = (first, last) }
      }
    }
    guard let bounds else { return [] }
    let width = max(1_000, (bounds.last - bounds.first) / Int64(parts) + 1)
    try collect { () throws(SQLiteError) in
      try database.each(
        """
        SELECT (settled_at - ?1) / ?2, count(*) FROM log
        WHERE state = 'done' AND kind = 'write' AND settled_at IS NOT NULL GROUP BY 1 ORDER BY 1
        """, .integer(bounds.first), .integer(width)
      ) { s in
        let part = s.integer(0) ?? 0
        while Int64(rows.count) < part, rows.count < parts {
          rows.append((bounds.first + Int64(rows.count) * width, 0))
        }
        rows.append((bounds.first + part * width, Int(s.integer(1) ?? 0)))
      }
    }
    return rows
  }
}
