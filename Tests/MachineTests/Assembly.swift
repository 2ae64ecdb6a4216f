import Bytecode
import Diagnostics

@testable import Machine

/// Puts prototypes together by hand, for tests of the machine without a compiler.
final class Assembly {
  let prototype: Prototype

  init(_ name: String = "main", registers: Int = 8, parameters: [String] = []) {
    prototype = Prototype(name: name, source: SourceText(name: "test", text: "x"))
    prototype.registers = registers
    prototype.parameters = parameters.map { Prototype.Parameter(name: $0, hasDefault: false) }
    prototype.ranges = [Prototype.RangeEntry(start: 0, range: SourceRange(0, 1))]
  }

  @discardableResult
  func abc(_ op: Opcode, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ extras: UInt32...) -> Assembly {
    prototype.code.append(Instruction.abc(op, a, b, c))
    prototype.code.append(contentsOf: extras)
    return self
  }

  @discardableResult
  func wide(_ op: Opcode, _ a: Int, _ bx: Int) -> Assembly {
    prototype.code.append(Instruction.wide(op, a, bx))
    return self
  }

  @discardableResult
  func long(_ op: Opcode, _ offset: Int) -> Assembly {
    prototype.code.append(Instruction.long(op, offset))
    return self
  }

  func constant(_ constant: Constant) -> Int {
    prototype.constants.append(constant)
    return prototype.constants.count - 1
  }

  /// The word of a call of a native, by its name.
  func native(_ name: String) -> UInt32 {
    prototype.natives.append(name)
    return UInt32(prototype.natives.count - 1)
  }

  func chunk(_ functions: Assembly..., globals: [String] = []) -> Chunk {
    let chunk = Chunk(main: prototype)
    chunk.functions = functions.map(\.prototype)
    chunk.globals = globals
    return chunk
  }
}

extension Machine {
  /// Runs a chunk that needs no host to its end.
  func result(of chunk: Chunk) throws -> Fiber {
    let fiber = start(try load(chunk))
    runReady()
    return fiber
  }
}

/// A host's thing that says when it is let go.
final class Held {
  private let onEnd: () -> Void
  init(_ onEnd: @escaping () -> Void) { self.onEnd = onEnd }
  deinit { onEnd() }
}
