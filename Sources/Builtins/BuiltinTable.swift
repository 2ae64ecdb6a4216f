import Machine

/// All natives of the language, by type.
public enum BuiltinTable {
  public static func addAll(
    to table: inout NativeTable, host: BuiltinHost, patterns: PatternCache = PatternCache()
  ) {
    CoreNatives.add(to: &table, host: host)
    Expectation.add(to: &table)
    SequenceNatives.add(to: &table)
    TextNatives.add(to: &table, patterns: patterns)
    RecordNatives.add(to: &table)
    NumberNatives.add(to: &table)
    TimeNatives.add(to: &table)
    OutputNatives.add(to: &table, host: host)
    FileNatives.add(to: &table, host: host)
    Fingerprinting.add(to: &table, host: host)
  }

  /// Makes a machine that knows them all, and `matches`.
  public static func install(on machine: Machine, host: BuiltinHost) {
    var table = NativeTable()
    let patterns = PatternCache()
    addAll(to: &table, host: host, patterns: patterns)
    for native in table.natives { machine.register(native) }
    machine.matcher = { [unowned machine] source, text throws(RuntimeError) in
      try patterns.matches(source, text, machine)
    }
  }
}
