import Machine

/// Reading arguments: the one place where natives refuse what they are given, always in the same words.
extension NativeCall {
  /// How messages call argument `index` of native `name`.
  private func refuse(_ name: String, _ index: Int, _ wanted: String) -> RuntimeError {
    let value = self[index]
    let given = value.isAbsent ? "nothing" : value.tag.word
    return RuntimeError(
      "`\(name)` needs \(wanted), not \(given)",
      hints: value.isNull ? ["say what stands for nothing: `x ?? …`"] : [])
  }

  public func int(_ index: Int, _ name: String) throws(RuntimeError) -> Int64 {
    let value = self[index]
    guard value.tag == .int else { throw refuse(name, index, "an int") }
    return value.asInt
  }

  public func number(_ index: Int, _ name: String) throws(RuntimeError) -> Double {
    let value = self[index]
    if value.tag == .int { return Double(value.asInt) }
    guard value.tag == .float else { throw refuse(name, index, "a number") }
    return value.asDouble
  }

  public func text(_ index: Int, _ name: String) throws(RuntimeError) -> String {
    let value = self[index]
    guard value.tag == .string else { throw refuse(name, index, "a text") }
    return machine.text(of: value)
  }

  /// Nil for null: text functions give null for null.
  public func optionalText(_ index: Int, _ name: String) throws(RuntimeError) -> String? {
    self[index].isNull || self[index].isAbsent ? nil : try text(index, name)
  }

  public func bool(_ index: Int, _ name: String, default fallback: Bool) throws(RuntimeError) -> Bool {
    let value = self[index]
    if value.isAbsent || value.isNull { return fallback }
    guard value.tag == .bool else { throw refuse(name, index, "true or false") }
    return value.isTrue
  }

  public func duration(_ index: Int, _ name: String) throws(RuntimeError) -> Int64 {
    let value = self[index]
    guard value.tag == .duration else { throw refuse(name, index, "a duration such as 90d") }
    return value.asInt
  }

  public func time(_ index: Int, _ name: String) throws(RuntimeError) -> Int64 {
    let value = self[index]
    guard value.tag == .time else { throw refuse(name, index, "a time") }
    return value.asInt
  }

  public func list(_ index: Int, _ name: String) throws(RuntimeError) -> UnsafeBufferPointer<Value> {
    let value = self[index]
    guard value.tag == .list else { throw refuse(name, index, "a list") }
    return machine.items(value)
  }

  public func record(_ index: Int, _ name: String) throws(RuntimeError) -> Value {
    let value = self[index]
    guard value.tag == .record else { throw refuse(name, index, "a record") }
    return value
  }
}
