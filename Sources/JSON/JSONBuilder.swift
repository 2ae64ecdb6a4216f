/// Makes values from what `JSONReader` reads, without a tree in between.
///
/// The reader gathers the values of a container on its own stack and hands them over at once, so that the
/// builder can allocate the exact size. Keys and shapes are made once each and then reused: an object
/// whose keys came before, in the same order, costs one call with a known shape.
///
/// Byte buffers are valid during the call only. The builder must not call the reader.
public protocol JSONBuilder {
  associatedtype Value
  /// What stands for a key. Kept by the reader as long as it lives.
  associatedtype Key
  /// What stands for a list of different keys. Kept by the reader as long as it lives.
  associatedtype Shape

  mutating func null() -> Value
  mutating func bool(_ value: Bool) -> Value
  mutating func int(_ value: Int64) -> Value
  /// Always finite.
  mutating func double(_ value: Double) -> Value
  /// `utf8` is valid UTF-8 with the escapes resolved.
  mutating func string(_ utf8: UnsafeBufferPointer<UInt8>) -> Value

  /// Called once for each different key before the first shape or map that has it.
  mutating func key(_ utf8: UnsafeBufferPointer<UInt8>) -> Key
  /// Called once for each different list of keys at one place of the text; the same list may come again from
  /// another place. No key stands in it twice.
  mutating func shape(_ keys: UnsafeBufferPointer<Key>) -> Shape

  /// Takes the items out of the memory (moves them); afterwards it counts as uninitialised.
  mutating func array(_ items: UnsafeMutableBufferPointer<Value>) -> Value
  /// Takes the values, one for each key of the shape, in its order.
  mutating func object(_ shape: Shape, _ values: UnsafeMutableBufferPointer<Value>) -> Value
  /// An object that is more like a map: very many keys, or ever different ones. Keys differ.
  mutating func object(
    keys: UnsafeBufferPointer<Key>, _ values: UnsafeMutableBufferPointer<Value>
  ) -> Value

  /// Called before a container is made and when the reader's stack grows. `live` is everything the reader
  /// still holds: a collector may run here, and nowhere else during a read. False ends the read
  /// with `JSONError.Reason.stopped`.
  mutating func safePoint(live: UnsafeBufferPointer<Value>) -> Bool
}

extension JSONBuilder {
  @inlinable @inline(__always)
  public mutating func safePoint(live: UnsafeBufferPointer<Value>) -> Bool { true }
}
