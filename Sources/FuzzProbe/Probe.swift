import Bytecode
import Compiler
import Diagnostics
import Engine
import Glibc
import Machine

struct ProbeOptions {
  /// Collects at every safe point.
  var stress = false
  var steps = 2_000_000
  var memory = 256 << 20
  var depth = 2_000
  var seed: UInt64 = 1
  /// Mutants a script.
  var count = 20
}

/// Runs scripts, each in an engine of its own.
struct Probe {
  let options: ProbeOptions

  init(_ options: ProbeOptions) { self.options = options }

  /// Prints `@@ NAME`, what the script printed, and `== ok`, `== error CODE` or `== refused MESSAGE`.
  func run(_ script: ProbeScript) {
    print("@@ \(script.name)")
    fflush(nil)
    let engine = makeEngine { print($0) }
    let source = SourceText(name: script.name, bytes: script.bytes)
    let compiled = engine.compile(source)
    for diagnostic in compiled.diagnostics { _ = Renderer().render(diagnostic, in: source) }
    guard compiled.isRunnable else {
      let first = compiled.diagnostics.first { $0.severity == .error }
      print("== refused \(first?.message ?? "")")
      return
    }
    for parameter in compiled.parameters { engine.setParameter(parameter, .absent) }
    print(ending(engine, engine.run(compiled)))
  }

  func ending(_ engine: Engine, _ outcome: Engine.Outcome) -> String {
    switch outcome {
    case .finished(let value):
      _ = engine.machine.short(value)
      return "== ok"
    case .failed(let error):
      switch error.kind {
      case .limit: return "== limit \(error.code)"
      case .uncatchable: return "== uncatchable \(error.message)"
      default: return "== error \(error.code) \(error.message)"
      }
    }
  }

  func makeEngine(_ output: @escaping (String) -> Void) -> Engine {
    var configuration = Engine.Configuration()
    configuration.output = output
    configuration.warning = output
    configuration.clock = { 1_700_000_000_000 }
    configuration.limits.steps = options.steps
    configuration.limits.memory = options.memory
    configuration.limits.depth = options.depth
    let engine = Engine(configuration)
    engine.machine.stressCollect = options.stress
    return engine
  }

  /// Runs mutants of the script's bytecode: each is refused by the verifier or ends without touching
  /// memory that is not its own (which AddressSanitizer watches).
  func mutate(_ script: ProbeScript) {
    print("@@ \(script.name)")
    fflush(nil)
    let source = SourceText(name: script.name, bytes: script.bytes)
    var random = Random(options.seed)
    var refused = 0
    var ran = 0
    for number in 0..<options.count {
      let engine = makeEngine { _ in }
      let compiled = engine.compile(source)
      guard compiled.isRunnable, compiled.parameters.isEmpty else { break }
      let prototypes = Probe.prototypes(of: compiled.chunk)
      let changes = 1 + Int(random.next() % 3)
      var log = ""
      for _ in 0..<changes {
        let prototype = prototypes[Int(random.next() % UInt64(prototypes.count))]
        if prototype.code.isEmpty { continue }
        let at = Int(random.next() % UInt64(prototype.code.count))
        prototype.code[at] = random.mutant(of: prototype.code[at])
        log += " \(prototype.name)[\(at)]=\(String(prototype.code[at], radix: 16))"
      }
      do {
        try Verifier.check(compiled.chunk)
      } catch {
        refused += 1
        continue
      }
      print("mutant \(number)\(log)")
      fflush(nil)
      ran += 1
      _ = ending(engine, engine.run(compiled))
    }
    print("== ok refused \(refused) ran \(ran)")
  }

  /// Prints the script's code, a function after another.
  func disassemble(_ script: ProbeScript) {
    let compiled = makeEngine { _ in }.compile(SourceText(name: script.name, bytes: script.bytes))
    for prototype in Probe.prototypes(of: compiled.chunk) {
      print("-- \(prototype.name), \(prototype.registers) registers")
      print(Disassembler.text(of: prototype))
    }
  }

  /// A chunk's functions, and those inside them.
  static func prototypes(of chunk: Chunk) -> [Prototype] {
    var all: [Prototype] = []
    gather(chunk.main, &all)
    for function in chunk.functions { gather(function, &all) }
    return all
  }

  private static func gather(_ prototype: Prototype, _ all: inout [Prototype]) {
    if all.contains(where: { $0 === prototype }) { return }
    all.append(prototype)
    for child in prototype.children { gather(child, &all) }
  }
}

/// A small generator of numbers (splitmix64): the same seed, the same mutants.
struct Random {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func mutant(of word: UInt32) -> UInt32 {
    switch next() % 4 {
    case 0: return word ^ (1 << UInt32(next() % 32))
    case 1:
      let shift = UInt32(next() % 4) * 8
      return (word & ~(0xFF << shift)) | UInt32(next() % 12) << shift
    case 2: return (word & ~0xFF) | UInt32(next() % UInt64(Opcode.allCases.count))
    default: return UInt32(truncatingIfNeeded: next())
    }
  }
}
