import Bytecode
import Testing

@testable import Machine

/// Fibers that wait, go on, fail and are given up.
@Suite struct FiberTests {
  /// `return ask()`; with a handler that returns the error's code where `catches`.
  private func asking(catches: Bool = false) -> Chunk {
    let main = Assembly(registers: 4)
    main.abc(.callNative, 1, 0, 0, main.native("ask"))
    main.abc(.returnValue, 1)
    if catches {
      let code = UInt32(main.constant(.string("code")))
      main.prototype.handlers = [Prototype.Handler(start: 0, end: 3, target: 3, register: 2)]
      main.abc(.getField, 3, 2, 0, code, 0).abc(.returnValue, 3)
    }
    return main.chunk()
  }

  private func machine(_ onAsk: @escaping (Fiber) -> Void = { _ in }) -> Machine {
    let machine = Machine()
    machine.register(
      Native(Signature("ask", [])) { call in
        onAsk(call.fiber)
        return call.suspend()
      })
    return machine
  }

  @Test func waitsAndGoesOn() throws {
    let machine = machine()
    let fiber = try machine.result(of: asking())
    #expect(fiber.state == .waiting)
    #expect(machine.isIdle)
    machine.resume(fiber, with: .success(machine.string("answer")))
    #expect(fiber.state == .ready)
    machine.runReady()
    #expect(fiber.state == .finished)
    #expect(machine.text(fiber.result) == "answer")
  }

  @Test func anErrorIsRaisedWhereItWaited() throws {
    let machine = machine()
    let fiber = try machine.result(of: asking())
    machine.resume(fiber, with: .failure(RuntimeError("no", code: "refused")))
    machine.runReady()
    #expect(fiber.state == .failed)
    #expect(fiber.error?.code == "refused")
    #expect(fiber.error?.trace.map(\.function) == ["main"])
  }

  @Test func anErrorCanBeCaught() throws {
    let machine = machine()
    let fiber = try machine.result(of: asking(catches: true))
    machine.resume(fiber, with: .failure(RuntimeError("no", code: "refused")))
    machine.runReady()
    #expect(machine.text(fiber.result) == "refused")
  }

  @Test(arguments: [RuntimeError.Kind.limit, .interrupt, .uncatchable, .skip])
  func someErrorsCannotBeCaught(kind: RuntimeError.Kind) throws {
    let machine = machine()
    let fiber = try machine.result(of: asking(catches: true))
    machine.resume(fiber, with: .failure(RuntimeError("no", kind: kind)))
    machine.runReady()
    #expect(fiber.state == .failed)
    #expect(fiber.error?.kind == kind)
  }

  @Test func resumingTwiceIsHarmless() throws {
    let machine = machine()
    let fiber = try machine.result(of: asking())
    machine.resume(fiber, with: .success(.int(1)))
    machine.resume(fiber, with: .success(.int(2)))
    machine.runReady()
    machine.resume(fiber, with: .success(.int(3)))
    machine.runReady()
    #expect(fiber.result.asInt == 1)
  }

  @Test func waitingFibersAreGivenUp() throws {
    let machine = machine()
    var cancelled = 0
    let fibers = try (0..<5).map { _ in
      let fiber = try machine.result(of: asking())
      fiber.onCancel = { cancelled += 1 }
      return fiber
    }
    var completed = 0
    for fiber in fibers { fiber.completion = { _ in completed += 1 } }
    machine.cancelWaiting(RuntimeError("interrupted", kind: .interrupt))
    machine.runReady()
    #expect(cancelled == 5)
    #expect(completed == 5)
    #expect(fibers.allSatisfy { $0.state == .failed })
    #expect(machine.fibers.isEmpty)
  }

  /// What a waiting fiber holds in its registers lives.
  @Test func waitingFibersKeepTheirValues() throws {
    let machine = machine()
    let main = Assembly(registers: 4)
    main.wide(.loadConstant, 1, main.constant(.string("a"))).abc(.makeList, 2, 1, 1)
    main.abc(.callNative, 3, 0, 0, main.native("ask")).abc(.returnValue, 2)
    let fibers = try (0..<50).map { _ in try machine.result(of: main.chunk()) }
    machine.collectNow()
    for _ in 0..<1000 { _ = machine.list([.int(1)]) }
    for fiber in fibers { machine.resume(fiber, with: .success(.null)) }
    machine.runReady()
    #expect(fibers.allSatisfy { machine.literal($0.result) == "[\"a\"]" })
  }

  @Test func aFunctionRunsInAFiberOfItsOwn() throws {
    let machine = Machine()
    let add = Assembly("add", registers: 3, parameters: ["a", "b"])
    add.abc(.add, 2, 0, 1).abc(.returnValue, 2)
    let main = Assembly()
    main.abc(.returnNull)
    let loaded = try machine.load(main.chunk(add))
    let function = try #require(loaded.functions["add"])
    let fiber = try machine.start(function, [.int(2), .int(40)])
    machine.runReady()
    #expect(fiber.result.asInt == 42)
    #expect(throws: RuntimeError.self) { try machine.start(.int(1), []) }
    #expect(throws: RuntimeError.self) { try machine.start(function, [.int(1)]) }
    #expect(throws: RuntimeError.self) { try machine.start(function, [.int(1), .int(2), .int(3)]) }
  }

  /// Fibers that end before they come to a safe point of their own do not pile up what they were given.
  @Test func shortFibersAreCollected() throws {
    let machine = Machine()
    let short = Assembly("short", registers: 2, parameters: ["a"])
    short.abc(.returnNull)
    let loaded = try machine.load(Assembly().abc(.returnNull).chunk(short))
    let function = try #require(loaded.functions["short"])
    for _ in 0..<2_000 {
      _ = try machine.start(function, [machine.string(String(repeating: "x", count: 20_000))])
      machine.runReady()
    }
    #expect(machine.bytesInUse < 16 << 20)
  }

  /// The memory limit is found at the start of a fiber, too: it fails there, with a trace of its own.
  @Test func aFiberBeyondTheMemoryLimitFails() throws {
    let machine = Machine()
    machine.limits.memory = 8 << 20
    let short = Assembly("short", registers: 2, parameters: ["a"])
    short.abc(.returnNull)
    let loaded = try machine.load(Assembly().abc(.returnNull).chunk(short))
    let function = try #require(loaded.functions["short"])
    let handle = machine.keep(
      machine.list((0..<500).map { _ in machine.string(String(repeating: "x", count: 20_000)) }))
    let fiber = try machine.start(function, [.int(1)])
    machine.runReady()
    #expect(fiber.state == .failed)
    #expect(fiber.error?.code == "memory")
    machine.release(handle)
  }
}
