import Bytecode
import Diagnostics

/// The register machine: values, heap, globals, natives and fibers of one engine. Single-threaded: one
/// thread at a time uses it; only `interrupt` may be called from elsewhere.
public final class Machine {
  let heap = Heap()
  let symbols: Symbols
  let shapes = Shapes()
  public let interruptFlag: UnsafeMutablePointer<Bool>
  public var limits = Limits()

  // What instructions' slow paths read at every turn has no dynamic exclusivity checks: a machine has one
  // caller at a time.
  @exclusivity(unchecked) var natives: [Native] = []
  var nativeNumbers: [String: Int] = [:]
  @exclusivity(unchecked) var prototypes: [Prototype] = []
  /// Prototypes that belong to the prelude: left out of traces.
  var internalPrototypes = Set<Int>()
  var internalLoading = false

  /// Bytes that living objects hold outside the heap, summed up as they are marked.
  var outside = 0

  var globals: UnsafeMutablePointer<Value>
  var globalCount = 0
  var globalCapacity = 4096

  @exclusivity(unchecked) var hosts: [AnyObject?] = []
  var freeHosts: [Int] = []
  /// Values that Swift code keeps alive.
  var roots: [Value] = []
  var freeRoots: [Int] = []
  var types: [RecordTypeInfo] = []

  var fibers: [ObjectIdentifier: Fiber] = [:]
  var ready: [Fiber] = []
  var readyHead = 0

  /// The prelude's function that turns a sequence into an iterator.
  var openSequence: UnsafeMutablePointer<LoadedCode>?
  /// Loads the prelude that declares it, when the first sequence is iterated.
  public var sequenceOpenerLoader: (() -> Void)?
  /// The error of an instruction's slow path, picked up by the loop.
  @exclusivity(unchecked) var pendingError: RuntimeError?
  /// A text that stands for what only the server will know was compared with another.
  public var comparedPlaceholder = false
  public internal(set) var stepsUsed = 0
  var nativeCalls = 0
  /// Asked every few thousand steps; true ends the script with a limit error.
  public var deadlineCheck: (() -> Bool)?
  /// `text matches pattern`: linear in the text, errors for a pattern that cannot be read.
  public var matcher:
    (
      (_ pattern: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>) throws(RuntimeError) -> Bool
    )?
  /// The nearest of some names, for "did you mean".
  public var nearestName: (_ name: String, _ known: [String]) -> String? = { _, _ in nil }
  private var loaded: [UnsafeMutablePointer<LoadedCode>] = []

  /// Minutes east of UTC at an instant (milliseconds since 1970), for printing and time literals.
  public var zoneOffsetMinutes: (Int64) -> Int = { _ in 0 }

  /// Bounds for what scripts may use; reaching one is an error that scripts cannot catch.
  public struct Limits: Sendable {
    /// Back-edges and calls.
    public var steps = Int.max
    public var memory = 4 << 30
    public var depth = 10_000
    public init() {}
  }

  public init() {
    symbols = Symbols(heap: heap)
    globals = .allocate(capacity: globalCapacity)
    globals.initialize(repeating: .undefined, count: globalCapacity)
    interruptFlag = .allocate(capacity: 1)
    interruptFlag.initialize(to: false)
    types.append(RecordTypeInfo(name: "", fields: []))
  }

  deinit {
    heap.begin()
    heap.sweep { object in
      if object.kind == Tag.record.rawValue {
        Unmanaged<RecordTable>.fromOpaque(
          UnsafeRawPointer(bitPattern: UInt(object.slots[0].bits)).unsafelyUnwrapped
        ).release()
      }
    }
    heap.destroy()
    for code in loaded {
      code.pointee.code.deallocate()
      code.pointee.constants.deallocate()
      code.pointee.children.deallocate()
      code.deallocate()
    }
    globals.deallocate()
    interruptFlag.deallocate()
  }

  /// Stops what runs within a few thousand steps; async-signal-safe.
  public func interrupt() { interruptFlag.pointee = true }

  public var stressCollect: Bool {
    get { heap.state.pointee.stress }
    set {
      heap.state.pointee.stress = newValue
      heap.state.pointee.threshold = newValue ? 0 : 4 << 20
    }
  }

  public var bytesInUse: Int { heap.state.pointee.bytes }
  public var collections: Int { heap.state.pointee.collections }

  // MARK: Natives and types

  public func register(_ native: Native) {
    if let number = nativeNumbers[native.name] {
      natives[number] = native
    } else {
      nativeNumbers[native.name] = natives.count
      natives.append(native)
    }
  }

  public var nativeNames: [String] { natives.map(\.name) }

  public func native(named name: String) -> Native? { nativeNumbers[name].map { natives[$0] } }

  // MARK: Loading

  /// Makes a chunk runnable. Its globals take the numbers from `chunk.firstGlobal` on.
  /// - Throws: what the verifier found, or a native that this machine lacks: faults of the compiler's.
  @discardableResult
  public func load(_ chunk: Chunk, isInternal: Bool = false) throws(RuntimeError) -> LoadedChunk {
    do { try Verifier.check(chunk, isInternal: isInternal) } catch {
      throw RuntimeError(
        "the compiled code of \(error.function) is not sound at \(error.index): \(error.reason)",
        kind: .uncatchable, hints: ["this is a fault of Parlance itself; please report it with the script"])
    }
    reserveGlobals(chunk.firstGlobal + chunk.globals.count)
    internalLoading = isInternal
    let statics = UnsafeMutablePointer<UnsafeMutablePointer<LoadedCode>>.allocate(
      capacity: max(1, chunk.functions.count))
    // Functions of the top level may mention each other as values: their places come first.
    var places: [ObjectIdentifier: UnsafeMutablePointer<LoadedCode>] = [:]
    for (index, function) in chunk.functions.enumerated() {
      statics[index] = .allocate(capacity: 1)
      places[ObjectIdentifier(function)] = statics[index]
    }
    for (index, function) in chunk.functions.enumerated() {
      _ = try load(function, statics, places, into: statics[index])
    }
    let main = try load(chunk.main, statics, places, into: .allocate(capacity: 1))
    var functions: [String: Value] = [:]
    for (index, function) in chunk.functions.enumerated() {
      functions[function.name] = makeFunction(statics[index])
    }
    for (_, value) in functions { _ = keep(value) }
    return LoadedChunk(main: main, functions: functions)
  }

  private func load(
    _ prototype: Prototype, _ statics: UnsafeMutablePointer<UnsafeMutablePointer<LoadedCode>>,
    _ places: [ObjectIdentifier: UnsafeMutablePointer<LoadedCode>],
    into result: UnsafeMutablePointer<LoadedCode>
  ) throws(RuntimeError) -> UnsafeMutablePointer<LoadedCode> {
    let code = UnsafeMutablePointer<UInt32>.allocate(capacity: prototype.code.count)
    for (index, word) in prototype.code.enumerated() { code[index] = word }
    let constants = UnsafeMutablePointer<Value>.allocate(capacity: max(1, prototype.constants.count))
    for (index, constant) in prototype.constants.enumerated() {
      constants[index] = load(constant)
    }
    let children = UnsafeMutablePointer<UnsafeMutablePointer<LoadedCode>>.allocate(
      capacity: max(1, prototype.children.count))
    for (index, child) in prototype.children.enumerated() {
      if let place = places[ObjectIdentifier(child)] {
        children[index] = place
      } else {
        children[index] = try load(child, statics, places, into: .allocate(capacity: 1))
      }
    }
    var index = 0
    while index < prototype.code.count {
      guard let op = Opcode(rawValue: code[index].opcodeByte) else { break }
      for (offset, extra) in op.layout.extras.enumerated() {
        let at = index + 1 + offset
        switch extra {
        case .field:
          if case .string(let name) = prototype.constants[Int(code[at])] {
            code[at] = symbols.number(of: name)
          }
        case .keys:
          if case .keys(let names) = prototype.constants[Int(code[at])] { code[at] = shapeNumber(names) }
        case .native:
          let name = prototype.natives[Int(code[at])]
          guard let number = nativeNumbers[name] else {
            throw RuntimeError("there is no builtin `\(name)` here", kind: .uncatchable)
          }
          code[at] = UInt32(number)
        case .jump, .cache, .prototype, .word: break
        }
      }
      index += op.layout.length
    }
    result.initialize(
      to: LoadedCode(
        code: code, constants: constants, children: children, statics: statics,
        registers: max(prototype.registers, 1), parameters: prototype.parameters.count,
        required: prototype.parameters.prefix { !$0.hasDefault }.count, number: prototypes.count))
    if internalLoading { internalPrototypes.insert(prototypes.count) }
    prototypes.append(prototype)
    loaded.append(result)
    return result
  }

  private func load(_ constant: Constant) -> Value {
    switch constant {
    case .int(let value): return .int(value)
    case .float(let value): return .float(value)
    case .duration(let value): return .duration(value)
    case .time(let value): return .time(value)
    case .string(let text): return symbols.value(symbols.number(of: text))
    case .keys: return .null
    }
  }

  /// The shape of a literal's keys; the compiler keeps literals under the widest shape and has no duplicates.
  private func shapeNumber(_ names: [String]) -> UInt32 {
    var shape = shapes.root()
    for name in names {
      guard let next = shapes.adding(symbols.number(of: name), to: shape) else { return 0 }
      shape = next
    }
    return shape.number
  }

  private func reserveGlobals(_ count: Int) {
    if count > globalCapacity {
      let capacity = max(count, globalCapacity * 2)
      let new = UnsafeMutablePointer<Value>.allocate(capacity: capacity)
      new.update(from: globals, count: globalCapacity)
      (new + globalCapacity).initialize(repeating: .undefined, count: capacity - globalCapacity)
      globals.deallocate()
      globals = new
      globalCapacity = capacity
    }
    globalCount = max(globalCount, count)
  }

  public func global(_ number: Int) -> Value { number < globalCount ? globals[number] : .undefined }

  public func setGlobal(_ number: Int, _ value: Value) {
    reserveGlobals(number + 1)
    globals[number] = value
    shareIfNeeded(value)
  }

  // MARK: Keeping values alive from Swift

  /// A handle that keeps the value alive until `release`.
  public func keep(_ value: Value) -> Int {
    if let free = freeRoots.popLast() {
      roots[free] = value
      return free
    }
    roots.append(value)
    return roots.count - 1
  }

  public func kept(_ handle: Int) -> Value { roots[handle] }

  public func release(_ handle: Int) {
    roots[handle] = .null
    freeRoots.append(handle)
  }

  @inline(__always) func shareIfNeeded(_ value: Value) {
    if value.tag == .list || value.tag == .record { value.object.setShared() }
  }

  func makeFunction(_ code: UnsafeMutablePointer<LoadedCode>) -> Value {
    let object = heap.allocate(.function, payload: 16)
    object.count32 = 1
    object.slots[0] = Value(tag: .null, bits: UInt64(UInt(bitPattern: code)))
    return .object(.function, object)
  }

  /// The function that the prelude declares for turning sequences into iterators.
  public func setSequenceOpener(_ function: Value) {
    guard function.tag == .function else { return }
    openSequence = function.object.loadedCode
  }
}

/// A chunk made runnable in one machine.
public struct LoadedChunk {
  let main: UnsafeMutablePointer<LoadedCode>
  /// The chunk's top-level functions without captures, by name; kept alive by the machine.
  public let functions: [String: Value]
}

extension UnsafeMutableRawPointer {
  /// The code of a function object.
  @inline(__always) var loadedCode: UnsafeMutablePointer<LoadedCode> {
    UnsafeMutablePointer<LoadedCode>(bitPattern: UInt(slots[0].bits)).unsafelyUnwrapped
  }
}
