import Bytecode
import Testing

@testable import Machine

/// The list of instructions, and what is derived from it.
@Suite struct OpcodeTests {
  /// An instruction of each kind, with operands that mean something.
  private func instruction(_ op: Opcode) -> Assembly {
    let main = Assembly(registers: 8)
    _ = main.constant(.string("name"))
    _ = main.constant(.keys(["a"]))
    _ = main.native("print")
    let layout = op.layout
    if layout.isLongJump {
      main.long(op, 0)
    } else if case .none = layout.wide {
      main.abc(op, 1, 0, 0)
    } else {
      main.wide(op, 1, 0)
    }
    for extra in layout.extras {
      if case .keys = extra { main.prototype.code.append(1) } else { main.prototype.code.append(0) }
    }
    return main.abc(.returnNull)
  }

  @Test(arguments: Opcode.allCases) func disassembles(op: Opcode) {
    let main = instruction(op)
    let lines = Disassembler.text(of: main.prototype).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("0 \(op)"))
    #expect(lines[1] == "\(op.layout.length) returnNull")
    #expect(!lines[0].contains("?"))
  }

  @Test(arguments: Opcode.allCases) func encodesWhatItDecodes(op: Opcode) {
    let word = Instruction.abc(op, 0x12, 0x34, 0x56)
    #expect(word.opcodeByte == op.rawValue && word.a == 0x12 && word.b == 0x34 && word.c == 0x56)
    for number in [-32_768, -1, 0, 1, 32_767] {
      #expect(Instruction.wide(op, 7, number).sbx == number)
      #expect(Instruction.wide(op, 7, number).a == 7)
    }
    for number in [-Instruction.longReach, -1, 0, 1, Instruction.longReach] {
      #expect(Instruction.long(op, number).sax == number)
    }
  }

  /// The loop makes the opcode of a byte without a look: the verifier has looked.
  @Test func numbersAreDense() {
    #expect(Opcode.allCases.map { Int($0.rawValue) } == Array(0..<Opcode.allCases.count))
    #expect(Opcode(rawValue: UInt8(Opcode.allCases.count)) == nil)
  }
}
