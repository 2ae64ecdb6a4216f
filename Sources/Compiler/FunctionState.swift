import Bytecode
import Diagnostics
import Syntax

/// A name bound in a register of the function being compiled.
struct Local {
  enum Kind { case fixed, variable }

  var register: Int
  var kind: Kind
  /// For a local `fn`: its parameters, so that calls can be checked.
  var parameters: [Prototype.Parameter]?
  var range: SourceRange
  var isUsed = false
}

/// A function being compiled: its code so far, its scopes and its free registers.
final class FunctionState {
  let prototype: Prototype
  let parent: FunctionState?
  let isBlock: Bool
  /// The register of `it`; nil where there is none.
  var item: Int?
  var scopes: [[String: Local]] = [[:]]
  var nextRegister = 0
  var captureNumbers: [String: Int] = [:]
  /// The name by which a local `fn` calls itself.
  var selfName: String?
  var loops: [Loop] = []
  var constantNumbers: [Constant: Int] = [:]
  /// Texts apart, as equal ones may differ in their bytes.
  private var textNumbers: [ExactText: Int] = [:]
  var nativeNumbers: [String: Int] = [:]
  private var childNumbers: [ObjectIdentifier: Int] = [:]
  /// Names of children's captured locals may not change: they are copies.
  var tooManyRegisters = false
  var tooManyConstants = false

  struct Loop {
    var breaks: [Int] = []
    var continues: [Int] = []
  }

  static let mostRegisters = 240

  init(prototype: Prototype, parent: FunctionState?, isBlock: Bool) {
    self.prototype = prototype
    self.parent = parent
    self.isBlock = isBlock
    prototype.isBlock = isBlock
  }

  func allocate(_ count: Int = 1) -> Int {
    let register = nextRegister
    nextRegister += count
    if nextRegister > FunctionState.mostRegisters {
      tooManyRegisters = true
      nextRegister = register
      return max(0, min(register, FunctionState.mostRegisters - count))
    }
    prototype.registers = max(prototype.registers, nextRegister)
    return register
  }

  func constant(_ constant: Constant) -> Int {
    if case .string(let text) = constant {
      if let known = textNumbers[ExactText(text)] { return known }
      prototype.constants.append(constant)
      textNumbers[ExactText(text)] = prototype.constants.count - 1
      return prototype.constants.count - 1
    }
    if case .keys = constant {
      prototype.constants.append(constant)
      return prototype.constants.count - 1
    }
    if let known = constantNumbers[constant] { return known }
    prototype.constants.append(constant)
    constantNumbers[constant] = prototype.constants.count - 1
    return prototype.constants.count - 1
  }

  func native(_ name: String) -> Int {
    if let known = nativeNumbers[name] { return known }
    prototype.natives.append(name)
    nativeNumbers[name] = prototype.natives.count - 1
    return prototype.natives.count - 1
  }

  /// The number of a function that this one makes values of.
  func child(_ child: Prototype) -> Int {
    if let known = childNumbers[ObjectIdentifier(child)] { return known }
    let number = prototype.children.count
    if number > Int(UInt16.max) {
      tooLong = true
      return 0
    }
    prototype.children.append(child)
    childNumbers[ObjectIdentifier(child)] = number
    return number
  }

  func local(_ name: String) -> Local? {
    for scope in scopes.reversed() {
      if let local = scope[name] { return local }
    }
    return nil
  }

  func markUsed(_ name: String) {
    for index in scopes.indices.reversed() where scopes[index][name] != nil {
      scopes[index][name]?.isUsed = true
      return
    }
  }

  // MARK: Emission

  var here: Int { prototype.code.count }

  func emit(_ word: UInt32, _ range: SourceRange) {
    if prototype.ranges.last?.range != range {
      prototype.ranges.append(Prototype.RangeEntry(start: prototype.code.count, range: range))
    }
    prototype.code.append(word)
  }

  func emit(_ op: Opcode, _ a: Int, _ b: Int, _ c: Int, extras: [Int] = [], _ range: SourceRange) {
    emit(Instruction.abc(op, a, b, c), range)
    for extra in extras { prototype.code.append(UInt32(truncatingIfNeeded: extra)) }
  }

  func emit(_ op: Opcode, _ a: Int, _ b: Int, extras: [Int] = [], _ range: SourceRange) {
    emit(op, a, b, 0, extras: extras, range)
  }

  func emit(_ op: Opcode, _ a: Int, _ range: SourceRange) {
    emit(op, a, 0, 0, range)
  }

  /// A jump whose target comes later; the index to hand to `patch`.
  func emitJump(_ op: Opcode, _ range: SourceRange) -> Int { emitJump(op, 0, 0, range) }

  func emitJump(_ op: Opcode, _ a: Int, _ range: SourceRange) -> Int { emitJump(op, a, 0, range) }

  func emitJump(_ op: Opcode, _ a: Int, _ b: Int, _ range: SourceRange) -> Int {
    let at = here
    emit(op.layout.isLongJump ? Instruction.long(op, 0) : Instruction.abc(op, a, b), range)
    for _ in op.layout.extras { prototype.code.append(0) }
    return at
  }

  /// Lets the jump at `index` go to `target`. False where it is out of reach.
  @discardableResult func patch(_ index: Int, to target: Int? = nil) -> Bool {
    let target = target ?? here
    let word = prototype.code[index]
    guard let op = Opcode(rawValue: word.opcodeByte) else { return false }
    let offset = target - (index + op.layout.length)
    if op.layout.isLongJump {
      guard abs(offset) < Instruction.longReach else {
        tooLong = true
        return false
      }
      prototype.code[index] = Instruction.long(op, offset)
    } else if let place = op.layout.extras.firstIndex(where: { if case .jump = $0 { true } else { false } }) {
      prototype.code[index + 1 + place] = UInt32(bitPattern: Int32(truncatingIfNeeded: offset))
    } else {
      guard abs(offset) < Instruction.wideReach else {
        tooLong = true
        return false
      }
      prototype.code[index] = Instruction.wide(op, word.a, offset)
    }
    return true
  }

  /// A jump was out of its 16-bit reach.
  var tooLong = false
}
