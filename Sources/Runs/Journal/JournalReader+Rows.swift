import SQLite

/// Columns to rows, in the order of `JournalSchema`. nil for what no version writes.
extension JournalReader {
  static func runRow(_ s: Statement) -> RunRow? {
    guard let id = s.text(0), let state = s.text(17).flatMap(RunState.init) else { return nil }
    var row = RunRow(
      id: id, key: s.text(1), workspace: s.text(2) ?? "", admin: s.text(3) ?? "",
      account: s.text(4) ?? "", reason: s.text(5), mode: s.text(6) ?? "", script: s.text(7) ?? "",
      program: s.text(8) ?? "", programHash: s.text(9) ?? "", catalogueHash: s.text(10) ?? "",
      params: s.text(12) ?? "", seed: UInt64(bitPattern: s.integer(13) ?? 0), now: s.integer(14) ?? 0,
      caps: Caps(writes: s.integer(15).map { Int($0) }, destroys: s.integer(16).map { Int($0) }),
      state: state)
    row.modules = s.text(11) ?? "[]"
    row.exit = s.integer(18).flatMap { ExitCode(rawValue: Int32(truncatingIfNeeded: $0)) }
    row.startedAt = s.integer(19) ?? 0
    row.endedAt = s.integer(20)
    return row
  }

  static func stepRow(_ s: Statement) -> StepRow? {
    guard let no = s.integer(0), let source = s.text(3).flatMap(StepRow.Source.init),
      let phase = s.text(4).flatMap(StepRow.Phase.init)
    else { return nil }
    let limit = Int(s.integer(11) ?? 0)
    let errors: StepPolicy.ErrorLimit =
      switch s.text(10) {
      case "count": .count(limit)
      case "percent": .percent(limit)
      default: .none
      }
    let policy = StepPolicy(
      errors: errors, goesOn: s.integer(12) == 1, maxAge: s.integer(13) ?? 0,
      check: s.integer(14).flatMap { StepPolicy.Check(rawValue: Int($0)) } ?? .first,
      keepsNothing: s.integer(15) == 1)
    var row = StepRow(
      no: Int(no), statement: Int(s.integer(1) ?? 0), name: s.text(2) ?? "", source: source, phase: phase,
      captured: s.text(5) ?? "", items: Int(s.integer(8) ?? 0), policy: policy)
    row.frozenFrom = s.integer(6)
    row.frozenTo = s.integer(7)
    row.duplicates = Int(s.integer(9) ?? 0)
    return row
  }

  static func itemRow(_ s: Statement) -> ItemRow? {
    guard let step = s.integer(0), let no = s.integer(1), let key = s.text(2),
      let state = s.text(7).flatMap(ItemState.init)
    else { return nil }
    var row = ItemRow(
      step: Int(step), no: Int(no), key: key, ref: s.text(3).flatMap(RecordRef.init(_:)),
      record: s.text(4), version: s.text(5), readAt: s.integer(6) ?? 0, state: state)
    row.isPartial = s.integer(8) == 1
    row.problem = problem(s, from: 9)
    row.note = s.text(13)
    return row
  }

  static func logRow(_ s: Statement) -> LogRow? {
    guard let step = s.integer(0), let item = s.integer(1), let seq = s.integer(2),
      let kind = s.text(3).flatMap(LogRow.Kind.init), let state = s.text(14).flatMap(WriteState.init)
    else { return nil }
    let id = EntryID(step: Int(step), item: Int(item), seq: Int(seq))
    let operation = s.text(4) ?? ""
    let target = s.text(5).flatMap(RecordRef.init(_:))
    var row: LogRow
    switch kind {
    case .read:
      row = LogRow(
        id: id, read: ReadRequest(operation: operation, target: target, arguments: ""), answer: .success(""))
      row.result = nil
    case .write:
      guard let effect = s.text(7).flatMap(WriteEffect.init), let settle = s.text(8).flatMap(SettleClass.init)
      else { return nil }
      var request = WriteRequest(
        operation: operation, effect: effect, settle: settle, looksFirst: s.integer(9) == 1,
        isBodyless: s.integer(10) == 1, target: target, arguments: s.text(11) ?? "", written: s.text(12))
      request.ids = s.text(27)
      request.looksBefore = s.integer(28) == 1
      row = LogRow(id: id, write: request, state: state)
    }
    row.print = Fingerprint(bits: UInt64(bitPattern: s.integer(6) ?? 0))
    row.state = state
    row.before = s.text(13)
    row.attempt = Int(s.integer(15) ?? 0)
    row.problem = problem(s, from: 16)
    if s.text(20) != nil || s.text(21) != nil || s.text(22) != nil || (kind == .write && state == .done) {
      row.result = WriteResult(body: s.text(20), created: s.text(21), version: s.text(22))
    }
    row.intentAt = s.integer(23)
    row.sentAt = s.integer(24)
    row.settledAt = s.integer(25)
    row.how = s.text(26).flatMap(VerdictSource.init)
    return row
  }

  /// Four columns: status, code, message, request id. Without a code there is none.
  private static func problem(_ s: Statement, from column: Int) -> Problem? {
    guard let code = s.text(column + 1) else { return nil }
    return Problem(
      status: s.integer(column).map { Int($0) }, code: code, message: s.text(column + 2) ?? "",
      requestID: s.text(column + 3))
  }
}
