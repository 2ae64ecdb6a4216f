import SQLite

extension Journal {
  func apply(_ change: JournalChange) throws(SQLiteError) {
    switch change {
    case .run(let state, let exit, let at):
      try database.run(
        "UPDATE run SET state = ?, exit = ?, ended_at = ?", .text(state.rawValue),
        .optional(exit.map { Int64($0.rawValue) }), state == .running ? .null : .integer(at))
    case .caps(let caps):
      try database.run(
        "UPDATE run SET max_writes = ?, max_destroys = ?", .optional(caps.writes.map(Int64.init)),
        .optional(caps.destroys.map(Int64.init)))
    case .step(let row): try put(row)
    case .items(let rows): for row in rows { try insert(row) }
    case .item(let row):
      try database.run(
        """
        UPDATE item SET state = ?, partial = ?, status = ?, code = ?, message = ?, request_id = ?, note = ?
        WHERE step = ? AND no = ?
        """, .text(row.state.rawValue), .integer(row.isPartial ? 1 : 0),
        .optional(row.problem?.status.map(Int64.init)), .optional(row.problem?.code),
        .optional(row.problem?.message), .optional(row.problem?.requestID), .optional(row.note),
        .integer(Int64(row.step)), .integer(Int64(row.no)))
    case .log(let row): try put(row)
    case .drop(let id):
      try database.run(
        "DELETE FROM log WHERE step = ? AND item = ? AND seq = ?", .integer(Int64(id.step)),
        .integer(Int64(id.item)), .integer(Int64(id.seq)))
    case .erase(let step, let item):
      let key = (SQLiteValue.integer(Int64(step)), SQLiteValue.integer(Int64(item)))
      try database.run("UPDATE item SET record = NULL WHERE step = ? AND no = ?", key.0, key.1)
      try database.run("DELETE FROM log WHERE step = ? AND item = ? AND kind = 'read'", key.0, key.1)
      // Of a destroy ids alone stay: an erasure must not live on here.
      try database.run(
        """
        UPDATE log SET request = NULL, result = NULL,
          before = CASE effect WHEN 'destroy' THEN NULL ELSE before END,
          written = CASE effect WHEN 'destroy' THEN NULL ELSE written END,
          message = CASE effect WHEN 'destroy' THEN NULL ELSE message END
        WHERE step = ? AND item = ?
        """, key.0, key.1)
    case .forget(let step):
      try database.run("UPDATE item SET record = NULL WHERE step = ?", .integer(Int64(step)))
    case .eraseScript:
      try database.run(
        """
        DELETE FROM log WHERE kind = 'read' AND (step = 0 OR step IN (SELECT no FROM step WHERE source = 'script'))
        """)
      try database.run(
        """
        UPDATE log SET request = NULL, result = NULL
        WHERE state = 'done' AND step IN (SELECT no FROM step WHERE source = 'script')
        """)
    case .mode(let mode): try database.run("UPDATE run SET mode = ?", .text(mode))
    case .touched(let record, let touched):
      try database.run(
        "INSERT OR REPLACE INTO touched VALUES (?, ?, ?)", .text(record.description),
        .optional(touched.version), .integer(touched.at))
    case .event(let at, let kind, let text):
      try database.run("INSERT INTO event VALUES (?, ?, ?)", .integer(at), .text(kind), .text(text))
    case .clear(let step, let keepsItems):
      try database.run("DELETE FROM log WHERE step = ?", .integer(Int64(step)))
      if !keepsItems { try database.run("DELETE FROM item WHERE step = ?", .integer(Int64(step))) }
    }
  }

  func insert(_ run: RunRow) throws(SQLiteError) {
    try database.run(
      "INSERT INTO run VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", .text(run.id),
      .optional(run.key), .text(run.workspace), .text(run.admin), .text(run.account),
      .optional(run.reason), .text(run.mode), .text(run.script), .text(run.program),
      .text(run.programHash), .text(run.catalogueHash), .text(run.modules), .text(run.params),
      .integer(Int64(bitPattern: run.seed)), .integer(run.now), .optional(run.caps.writes.map(Int64.init)),
      .optional(run.caps.destroys.map(Int64.init)), .text(run.state.rawValue),
      .optional(run.exit.map { Int64($0.rawValue) }), .integer(run.startedAt), .optional(run.endedAt))
  }

  private func put(_ step: StepRow) throws(SQLiteError) {
    let (kind, limit): (String, Int) =
      switch step.policy.errors {
      case .none: ("none", 0)
      case .count(let limit): ("count", limit)
      case .percent(let limit): ("percent", limit)
      }
    try database.run(
      "INSERT OR REPLACE INTO step VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", .integer(Int64(step.no)),
      .integer(Int64(step.statement)), .text(step.name), .text(step.source.rawValue),
      .text(step.phase.rawValue), .text(step.captured), .optional(step.frozenFrom),
      .optional(step.frozenTo), .integer(Int64(step.items)), .integer(Int64(step.duplicates)),
      .text(kind), .integer(Int64(limit)), .integer(step.policy.goesOn ? 1 : 0),
      .integer(step.policy.maxAge), .integer(Int64(step.policy.check.rawValue)),
      .integer(step.policy.keepsNothing ? 1 : 0))
  }

  private func insert(_ row: ItemRow) throws(SQLiteError) {
    try database.run(
      "INSERT INTO item VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", .integer(Int64(row.step)),
      .integer(Int64(row.no)), .text(row.key), .optional(row.ref?.description), .optional(row.record),
      .optional(row.version), .integer(row.readAt), .text(row.state.rawValue),
      .integer(row.isPartial ? 1 : 0), .optional(row.problem?.status.map(Int64.init)),
      .optional(row.problem?.code), .optional(row.problem?.message), .optional(row.problem?.requestID),
      .optional(row.note))
  }

  private func put(_ row: LogRow) throws(SQLiteError) {
    let request = row.request
    let values: [SQLiteValue] = [
      .integer(Int64(row.id.step)), .integer(Int64(row.id.item)), .integer(Int64(row.id.seq)),
      .text(row.kind.rawValue), .text(row.operation), .optional(row.target?.description),
      .integer(Int64(bitPattern: row.print.bits)), .optional(request?.effect.rawValue),
      .optional(request?.settle.rawValue), .optional(request.map { $0.looksFirst ? 1 : 0 }),
      .optional(request.map { $0.isBodyless ? 1 : 0 }), .optional(request?.arguments),
      .optional(request?.written), .optional(row.before), .text(row.state.rawValue),
      .integer(Int64(row.attempt)), .optional(row.problem?.status.map(Int64.init)),
      .optional(row.problem?.code), .optional(row.problem?.message), .optional(row.problem?.requestID),
      .optional(row.result?.body), .optional(row.result?.created), .optional(row.result?.version),
      .optional(row.intentAt), .optional(row.sentAt), .optional(row.settledAt),
      .optional(row.how?.rawValue), .optional(request?.ids),
      .optional(request.map { $0.looksBefore ? 1 : 0 }),
    ]
    let marks = Array(repeating: "?", count: values.count).joined(separator: ",")
    let statement = try database.prepare("INSERT OR REPLACE INTO log VALUES (\(marks))")
    try statement.bind(values)
    defer { statement.reset() }
    try statement.run()
  }
}
