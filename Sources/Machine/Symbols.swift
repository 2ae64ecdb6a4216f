import Bytecode

/// Interned field names: each has a number, and one pinned string object.
final class Symbols {
  private var numbers: [ExactText: UInt32] = [:]
  private(set) var names: [String] = []
  private(set) var objects: [Object] = []
  private let heap: Heap

  init(heap: Heap) {
    self.heap = heap
  }

  func number(of name: String) -> UInt32 {
    let key = ExactText(name)
    if let known = numbers[key] { return known }
    let number = UInt32(names.count)
    numbers[key] = number
    names.append(name)
    var copy = name
    let object = copy.withUTF8 { bytes in heap.string(bytes) }
    object.mark = Heap.pinned
    object.aux = number + 1
    objects.append(object)
    return number
  }

  /// The number of a string object's text; remembered in its header.
  func number(of object: Object) -> UInt32 {
    if object.aux != 0 { return object.aux - 1 }
    let number = number(of: String(decoding: object.utf8, as: UTF8.self))
    object.aux = number + 1
    return number
  }

  /// Looks without interning.
  func known(_ object: Object) -> UInt32? {
    if object.aux != 0 { return object.aux - 1 }
    return numbers[ExactText(String(decoding: object.utf8, as: UTF8.self))]
  }

  func value(_ number: UInt32) -> Value { .object(.string, objects[Int(number)]) }
}
