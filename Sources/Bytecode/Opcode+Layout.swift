/// How an opcode's operands are laid out: what the verifier checks and the disassembler prints.
public struct InstructionLayout: Sendable {
  public enum Operand: Sendable {
    case unused
    /// A register that is read (or both read and written).
    case register
    /// An 8-bit index into the constants.
    case constant
    /// A count of registers, or a slot number.
    case count
  }
  public enum Wide: Sendable {
    case none
    case constant, int, global, prototype
    /// Signed, relative to the end of the instruction.
    case jump
  }
  public enum Extra: Sendable {
    case jump, field, cache, prototype, native, keys, word
  }

  public var a: Operand
  public var b: Operand
  public var c: Operand
  /// What the 16-bit operand is, where B and C are one.
  public var wide: Wide
  /// The 24-bit operand is a jump.
  public var isLongJump: Bool
  public var extras: [Extra]

  init(
    _ a: Operand = .unused, _ b: Operand = .unused, _ c: Operand = .unused, wide: Wide = .none,
    long: Bool = false, extras: [Extra] = []
  ) {
    self.a = a
    self.b = b
    self.c = c
    self.wide = wide
    isLongJump = long
    self.extras = extras
  }

  /// Words that the whole instruction takes.
  public var length: Int { 1 + extras.count }
}

extension Opcode {
  public var layout: InstructionLayout {
    switch self {
    case .move, .negate, .not, .iterate, .advance, .appendTo, .push, .spread: .init(.register, .register)
    case .loadConstant: .init(.register, wide: .constant)
    case .loadInt: .init(.register, wide: .int)
    case .loadNull, .loadTrue, .loadFalse, .loadAbsent, .getSelf, .share, .own, .raise: .init(.register)
    case .getGlobal, .setGlobal: .init(.register, wide: .global)
    case .getCapture: .init(.register, .count)
    case .add, .subtract, .multiply, .divide, .remainder: .init(.register, .register, .register)
    case .addConstant, .subtractConstant, .multiplyConstant, .divideConstant, .remainderConstant:
      .init(.register, .register, .constant)
    case .equal, .notEqual, .less, .lessOrEqual, .makeRange: .init(.register, .register, .register)
    case .word: .init(.register, .register, .register, extras: [.word])
    case .jump, .jumpBack: .init(long: true)
    case .jumpIfFalse, .jumpIfTrue, .jumpIfNull, .jumpIfNotNull, .jumpIfPresent, .jumpIfEnd, .loopNext,
      .loopCheck, .countNext:
      .init(.register, wide: .jump)
    case .jumpIfEqual, .jumpUnlessEqual, .jumpIfLess, .jumpUnlessLess, .jumpIfLessOrEqual,
      .jumpUnlessLessOrEqual:
      .init(.register, .register, extras: [.jump])
    case .jumpIfEqualConstant, .jumpUnlessEqualConstant, .jumpIfLessConstant, .jumpUnlessLessConstant,
      .jumpIfLessOrEqualConstant, .jumpUnlessLessOrEqualConstant, .jumpIfGreaterConstant,
      .jumpUnlessGreaterConstant, .jumpIfGreaterOrEqualConstant, .jumpUnlessGreaterOrEqualConstant:
      .init(.register, .constant, extras: [.jump])
    case .makeList, .concatenate: .init(.register, .register, .count)
    case .makeRecord: .init(.register, .register, extras: [.keys])
    case .getField, .setField, .takeField: .init(.register, .register, extras: [.field, .cache])
    case .putField: .init(.register, .register, extras: [.field, .cache, .jump])
    case .getIndex: .init(.register, .register, .register, extras: [.cache, .cache])
    case .getItemField: .init(.register, .register, .register, extras: [.field, .cache, .cache, .cache])
    case .setIndex, .takeIndex: .init(.register, .register, .register)
    case .call: .init(.register, .count)
    case .callStatic: .init(.register, .count, extras: [.prototype])
    case .callNative: .init(.register, .count, extras: [.native])
    case .returnValue, .returnShared: .init(.register)
    case .returnNull: .init()
    case .makeFunction: .init(.register, wide: .prototype)
    case .loopPrepare, .countPrepare: .init(.register)
    case .getSlot: .init(.register, .register, .count)
    case .setSlot: .init(.register, .register, .count)
    }
  }
}
