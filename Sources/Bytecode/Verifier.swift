/// Checks that code cannot leave its registers, constants, tables and jump targets, so that the machine
/// may run it without looking. Every chunk is verified before it is loaded.
public struct Verifier {
  public struct Failure: Error, Sendable {
    public var function: String
    public var index: Int
    public var reason: String
  }

  /// - Parameter isInternal: The chunk is the prelude's: it may use the instructions that reach into
  ///   iterators and sequences, which trust what they are given.
  public static func check(_ chunk: Chunk, isInternal: Bool = false) throws(Failure) {
    let checker = Verifier(
      chunk: chunk, isInternal: isInternal, top: Set(chunk.functions.map { ObjectIdentifier($0) }))
    try checker.checkAll()
  }

  private let chunk: Chunk
  private let isInternal: Bool
  private let top: Set<ObjectIdentifier>

  private func checkAll() throws(Failure) {
    // Functions of the top level mention each other, themselves too: each is checked once, on its own.
    try check(chunk.main, hasObject: false)
    for function in chunk.functions {
      guard function.captures.isEmpty else {
        throw Failure(
          function: function.name, index: 0, reason: "captures in a function that is called by number")
      }
      try check(function, hasObject: false)
    }
  }

  /// - Parameter hasObject: It runs as a function value: there is a "self", and there are its captures.
  private func check(_ prototype: Prototype, hasObject: Bool) throws(Failure) {
    let code = prototype.code
    func fail(_ index: Int, _ reason: String) -> Failure {
      Failure(function: prototype.name, index: index, reason: reason)
    }
    guard prototype.registers <= 250 else { throw fail(0, "too many registers") }
    guard prototype.parameters.count <= prototype.registers else { throw fail(0, "parameters") }
    guard !code.isEmpty else { throw fail(0, "no code") }

    var starts = Set<Int>()
    var targets: [(Int, Int)] = []
    var index = 0
    var last = Opcode.returnNull
    while index < code.count {
      let word = code[index]
      guard let op = Opcode(rawValue: word.opcodeByte) else { throw fail(index, "unknown opcode") }
      starts.insert(index)
      last = op
      let layout = op.layout
      let end = index + layout.length
      guard end <= code.count else { throw fail(index, "cut off") }
      func register(_ number: Int) throws(Failure) {
        guard number < prototype.registers else { throw fail(index, "register \(number)") }
      }
      func operand(_ operand: InstructionLayout.Operand, _ value: Int) throws(Failure) {
        switch operand {
        case .register: try register(value)
        case .constant:
          guard value < prototype.constants.count else { throw fail(index, "constant \(value)") }
        case .unused, .count: break
        }
      }
      if layout.isLongJump {
        targets.append((index, end + word.sax))
      } else {
        try operand(layout.a, word.a)
        switch layout.wide {
        case .none:
          try operand(layout.b, word.b)
          try operand(layout.c, word.c)
        case .constant:
          guard word.bx < prototype.constants.count else { throw fail(index, "constant \(word.bx)") }
        case .int: break
        case .global:
          guard word.bx < chunk.firstGlobal + chunk.globals.count else { throw fail(index, "global") }
        case .prototype:
          guard word.bx < prototype.children.count else { throw fail(index, "prototype") }
        case .jump: targets.append((index, end + word.sbx))
        }
      }
      for (offset, extra) in layout.extras.enumerated() {
        let value = code[index + 1 + offset]
        switch extra {
        case .jump: targets.append((index, end + value.signed))
        case .field:
          guard Int(value) < prototype.constants.count, case .string = prototype.constants[Int(value)] else {
            throw fail(index, "field name")
          }
        case .keys:
          guard Int(value) < prototype.constants.count, case .keys(let keys) = prototype.constants[Int(value)]
          else { throw fail(index, "keys") }
          if !keys.isEmpty { try register(word.b + keys.count - 1) }
        case .cache:
          guard value == 0 else { throw fail(index, "cache not empty") }
        case .prototype:
          guard Int(value) < chunk.functions.count else { throw fail(index, "function") }
        case .native:
          guard Int(value) < prototype.natives.count else { throw fail(index, "native") }
        case .word:
          guard value < UInt32(WordOperator.allCases.count) else { throw fail(index, "word operator") }
        }
      }
      switch op {
      case .makeList, .concatenate:
        if word.c > 0 { try register(word.b + word.c - 1) }
      case .call, .callStatic, .callNative: try register(word.a + word.b)
      case .loopPrepare, .loopCheck, .countPrepare, .countNext: try register(word.a + 2)
      case .loopNext:
        try register(word.a + 2)
        guard end < code.count, code[end].opcodeByte == Opcode.loopCheck.rawValue else {
          throw fail(index, "a loop without its check")
        }
      case .getCapture:
        guard word.b < prototype.captures.count else { throw fail(index, "capture") }
      case .getSelf:
        guard hasObject else { throw fail(index, "a function without an object") }
      case .iterate, .advance, .getSlot, .setSlot:
        guard isInternal else { throw fail(index, "an instruction of the prelude's") }
      default: break
      }
      index = end
    }
    switch last {
    case .returnValue, .returnShared, .returnNull, .jump, .jumpBack, .raise: break
    default: throw fail(index, "runs off its end")
    }
    for (at, target) in targets {
      guard starts.contains(target) else { throw fail(at, "jump into nowhere") }
      // Only these look at the interrupt flag and the limits.
      guard target > at || Verifier.mayGoBack(code[at]) else { throw fail(at, "jump backwards") }
    }
    for handler in prototype.handlers {
      guard starts.contains(handler.target), handler.register < prototype.registers,
        handler.start <= handler.end, handler.end <= code.count, handler.target >= handler.end
      else { throw fail(handler.target, "handler") }
    }
    for child in prototype.children {
      for capture in child.captures {
        switch capture {
        case .register(let number):
          guard number < prototype.registers else { throw fail(0, "captured register") }
        case .capture(let number):
          guard number < prototype.captures.count else { throw fail(0, "captured capture") }
        case .enclosing:
          guard hasObject else { throw fail(0, "captured function without an object") }
        }
      }
      if !top.contains(ObjectIdentifier(child)) { try check(child, hasObject: true) }
    }
  }

  private static func mayGoBack(_ word: UInt32) -> Bool {
    switch Opcode(rawValue: word.opcodeByte) {
    case .jumpBack, .loopNext, .loopCheck, .countNext: true
    default: false
    }
  }
}
