/// What long-running natives ask now and then.
extension Machine {
  /// - Throws: the interrupt that was asked for, and forgets it.
  public func checkInterrupt() throws(RuntimeError) {
    guard interruptFlag.pointee else { return }
    interruptFlag.pointee = false
    throw RuntimeError("interrupted", kind: .interrupt, code: "interrupt")
  }

  /// - Throws: a limit error if a text that was just made grew too long to be whole.
  public func checkText() throws(RuntimeError) {
    guard let error = pendingError else { return }
    pendingError = nil
    throw error
  }

  /// For natives that gather values: they lie outside the heap until the result is made of them.
  ///
  /// - Throws: the interrupt, or a limit error where so many values are too much.
  public func checkWork(holding values: Int) throws(RuntimeError) {
    try checkInterrupt()
    // The array may be twice as large as what is in it, and the list comes beside it.
    guard heap.state.pointee.bytes + values * 48 <= limits.memory else { throw tooMuchMemory }
    guard heap.canAllocate(values * 48) else { throw systemGivesNoMore }
  }

  /// - Throws: the interrupt or the memory limit that stopped a reading of JSON, if one did.
  public func checkRead() throws(RuntimeError) {
    try checkInterrupt()
    try checkRoom(0)
  }

  /// - Throws: a limit error where a result of so many bytes may not be made.
  public func checkRoom(_ bytes: Int) throws(RuntimeError) {
    guard !fits(bytes) else { return }
    let error = pendingError ?? RuntimeError("there is not enough memory", kind: .limit, code: "memory")
    pendingError = nil
    throw error
  }
}
