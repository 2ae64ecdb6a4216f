import Diagnostics
import Engine
import Glibc

var configuration = Engine.Configuration()
configuration.output = { print($0) }
configuration.warning = { print($0) }
let engine = Engine(configuration)
for (d, s) in engine.preludeDiagnostics { print(Renderer().render(d, in: s)) }
let arguments = CommandLine.arguments
var bytes: [UInt8] = []
var name = "eval"
if arguments[1] == "eval" { bytes = Array(arguments[2].utf8) } else {
  name = arguments[2]
  let file = fopen(name, "r")!
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  let n = fread(&buffer, 1, buffer.count, file)
  bytes = Array(buffer[0..<n])
}
let source = SourceText(name: name, bytes: bytes)
let script = engine.compile(source)
if !script.diagnostics.isEmpty { print(Renderer().render(script.diagnostics, in: source)) }
if script.isRunnable {
  switch engine.run(script) {
  case .finished(let value): if script.hasValue, name == "eval" { print(engine.machine.text(value)) }
  case .failed(let error):
    print("error:", error.message, error.hints)
    for t in error.trace { print("  in", t.function, t.source.name, t.source.position(of: t.range.start).line) }
  }
}
