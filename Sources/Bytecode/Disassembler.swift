/// Prints code for people and for tests, from the opcode list alone.
public enum Disassembler {
  public static func text(of prototype: Prototype) -> String {
    var lines: [String] = []
    var index = 0
    while index < prototype.code.count {
      let word = prototype.code[index]
      guard let op = Opcode(rawValue: word.opcodeByte) else {
        lines.append("\(index) ?")
        index += 1
        continue
      }
      let layout = op.layout
      var parts = ["\(index)", "\(op)"]
      if layout.isLongJump {
        parts.append("-> \(index + 1 + word.sax)")
      } else {
        if case .unused = layout.a {} else { parts.append(describe(layout.a, word.a, prototype)) }
        switch layout.wide {
        case .none:
          if case .unused = layout.b {} else { parts.append(describe(layout.b, word.b, prototype)) }
          if case .unused = layout.c {} else { parts.append(describe(layout.c, word.c, prototype)) }
        case .constant: parts.append(constant(word.bx, prototype))
        case .int: parts.append("\(word.sbx)")
        case .global: parts.append("g\(word.bx)")
        case .prototype: parts.append("f\(word.bx)")
        case .jump: parts.append("-> \(index + layout.length + word.sbx)")
        }
      }
      for (offset, extra) in layout.extras.enumerated() where index + 1 + offset < prototype.code.count {
        let value = prototype.code[index + 1 + offset]
        switch extra {
        case .jump: parts.append("-> \(index + layout.length + value.signed)")
        case .field, .keys: parts.append(constant(Int(value), prototype))
        case .cache: break
        case .prototype: parts.append("s\(value)")
        case .native:
          parts.append(Int(value) < prototype.natives.count ? prototype.natives[Int(value)] : "?")
        case .word:
          parts.append(WordOperator(rawValue: UInt8(truncatingIfNeeded: value)).map { "\($0)" } ?? "?")
        }
      }
      lines.append(parts.joined(separator: " "))
      index += layout.length
    }
    return lines.joined(separator: "\n")
  }

  private static func describe(_ operand: InstructionLayout.Operand, _ value: Int, _ prototype: Prototype)
    -> String
  {
    switch operand {
    case .unused: ""
    case .register: "r\(value)"
    case .constant: constant(value, prototype)
    case .count: "\(value)"
    }
  }

  private static func constant(_ index: Int, _ prototype: Prototype) -> String {
    guard index < prototype.constants.count else { return "k\(index)?" }
    switch prototype.constants[index] {
    case .int(let value): return "\(value)"
    case .float(let value): return "\(value)"
    case .string(let value): return "\"\(value)\""
    case .duration(let value): return "\(value)ms"
    case .time(let value): return "@\(value)"
    case .keys(let keys): return "{\(keys.joined(separator: " "))}"
    }
  }
}
