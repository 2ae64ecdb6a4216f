import Bytecode

/// A prototype as one machine runs it: raw memory, with its inline caches in the code.
/// It lives as long as the machine.
struct LoadedCode {
  var code: UnsafeMutablePointer<UInt32>
  var constants: UnsafeMutablePointer<Value>
  var children: UnsafeMutablePointer<UnsafeMutablePointer<LoadedCode>>
  /// The chunk's functions without captures, for `callStatic`.
  var statics: UnsafeMutablePointer<UnsafeMutablePointer<LoadedCode>>
  var registers: Int
  var parameters: Int
  /// Parameters without a default, from the left.
  var required: Int
  /// Where the machine keeps the prototype itself: names, ranges, handlers.
  var number: Int
}

/// A function that is running or waiting for one that it called.
struct Frame {
  var code: UnsafeMutablePointer<LoadedCode>
  /// Where to go on; only kept here while another frame runs, and at safe points.
  var pc: UnsafeMutablePointer<UInt32>
  /// Register 0 as an index into the fiber's stack (the stack may move).
  var base: Int
  /// Where the result goes, as an index into the fiber's stack.
  var result: Int
  /// The function object, for its captures; nil for functions without any.
  var function: Object?
}

extension UnsafeMutablePointer<Frame> {
  /// Makes the frame that of a call. Field by field: the initializer of the whole is a call of its own.
  @inline(__always) func enter(
    _ code: UnsafeMutablePointer<LoadedCode>, base: Int, result: Int, _ function: Object?
  ) {
    pointee.code = code
    pointee.pc = code.pointee.code
    pointee.base = base
    pointee.result = result
    pointee.function = function
  }
}
