import Glibc
import REPL

let output = TerminalOutput()
let session = ProbeSession(output: output)
if InputPolicy.current == .script {
  do {
    switch session.evaluate(try PipeReader.readAll()) {
    case .ok(let text): output.write(text.map { $0 + "\n" } ?? "")
    case .failed(let text): output.write(text + "\n")
    case .interrupted: exit(130)
    }
  } catch {
    output.write("error: \(error)\n")
    exit(2)
  }
} else {
  try Shell(session: session, output: output).run()
}
