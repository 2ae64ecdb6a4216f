/// All natives of the language, by type.
public enum BuiltinTable {
  public static func addAll(to table: inout NativeTable, host: BuiltinHost) {
    CoreNatives.add(to: &table, host: host)
    SequenceNatives.add(to: &table)
  }
}
