import Bytecode
import Compiler
import Diagnostics
import Engine
import Glibc
import Syntax

enum FormatProbe {
  /// Prints `@@ NAME`, then `== ok`, `== refused` for a script that does not parse (it stays as it is), or what
  /// formatting changed: formatted text must format to itself and compile to the same code.
  static func check(_ script: ProbeScript) {
    print("@@ \(script.name)")
    fflush(nil)
    let source = SourceText(name: script.name, bytes: script.bytes)
    let text = Formatter.format(source)
    let formatted = SourceText(name: script.name, text: text)
    if Parser.parse(source).hasErrors {
      let isUntouched = text == source.text(in: SourceRange(0, source.bytes.count))
      return print(isUntouched ? "== refused" : "== differs: a script with mistakes was changed")
    }
    guard !Parser.parse(formatted).hasErrors else { return print("== differs: formatted it does not parse") }
    guard Formatter.format(formatted) == text else { return print("== differs: formatted twice") }
    guard let code = Self.code(of: source) else { return print("== ok") }
    print(Self.code(of: formatted) == code ? "== ok" : "== differs: formatted it compiles to other code")
  }

  private static func code(of source: SourceText) -> String? {
    let script = Engine().compile(source)
    guard script.isRunnable else { return nil }
    var text = ""
    for prototype in Probe.prototypes(of: script.chunk) {
      text += "\(prototype.name) \(prototype.registers)\n" + Disassembler.text(of: prototype) + "\n"
    }
    return text
  }
}
