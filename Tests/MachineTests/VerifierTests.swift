import Bytecode
import Testing

@testable import Machine

/// Code that would leave its registers, tables or jump targets is refused before it runs.
@Suite struct VerifierTests {
  private func refusal(_ assembly: Assembly, _ functions: [Prototype] = []) -> String? {
    let chunk = assembly.chunk()
    chunk.functions = functions
    do {
      try Verifier.check(chunk)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func acceptsWhatIsSound() {
    let main = Assembly(registers: 3)
    let text = main.constant(.string("name"))
    main.wide(.loadConstant, 0, text).abc(.getField, 1, 0, 0, UInt32(text), 0)
    main.wide(.jumpIfNull, 1, 1).long(.jumpBack, -5).abc(.returnValue, 1)
    #expect(refusal(main) == nil)
  }

  @Test func refusesRegistersBeyondTheFrame() {
    #expect(refusal(Assembly(registers: 2).abc(.move, 0, 2).abc(.returnNull)) == "register 2")
    #expect(refusal(Assembly(registers: 2).abc(.move, 2, 0).abc(.returnNull)) == "register 2")
    #expect(refusal(Assembly(registers: 2).abc(.add, 0, 1, 9).abc(.returnNull)) == "register 9")
    #expect(refusal(Assembly(registers: 2).abc(.makeList, 0, 1, 2).abc(.returnNull)) == "register 2")
    #expect(refusal(Assembly(registers: 2).abc(.concatenate, 0, 1, 5).abc(.returnNull)) == "register 5")
    #expect(refusal(Assembly(registers: 2).abc(.call, 1, 1).abc(.returnNull)) == "register 2")
    for op in [Opcode.loopPrepare, .countPrepare] {
      #expect(refusal(Assembly(registers: 4).abc(op, 2).abc(.returnNull)) == "register 4")
    }
    for op in [Opcode.loopNext, .loopCheck, .countNext] {
      #expect(refusal(Assembly(registers: 4).wide(op, 2, 0).abc(.returnNull)) == "register 4")
    }
    #expect(refusal(Assembly(registers: 251).abc(.returnNull)) == "too many registers")
    #expect(refusal(Assembly(registers: 1, parameters: ["a", "b"]).abc(.returnNull)) == "parameters")
  }

  @Test func refusesWhatIsInNoTable() {
    #expect(refusal(Assembly().wide(.loadConstant, 0, 0).abc(.returnNull)) == "constant 0")
    #expect(refusal(Assembly().abc(.addConstant, 0, 0, 3).abc(.returnNull)) == "constant 3")
    #expect(refusal(Assembly().wide(.getGlobal, 0, 1).abc(.returnNull)) == "global")
    #expect(refusal(Assembly().wide(.makeFunction, 0, 0).abc(.returnNull)) == "prototype")
    #expect(refusal(Assembly().abc(.callStatic, 0, 0, 0, 0).abc(.returnNull)) == "function")
    #expect(refusal(Assembly().abc(.callNative, 0, 0, 0, 0).abc(.returnNull)) == "native")
    #expect(refusal(Assembly().abc(.getCapture, 0, 0).abc(.returnNull)) == "capture")
    #expect(refusal(Assembly().abc(.word, 0, 0, 0, 99).abc(.returnNull)) == "word operator")
    let number = Assembly()
    let constant = UInt32(number.constant(.int(1)))
    #expect(refusal(number.abc(.getField, 0, 0, 0, constant, 0).abc(.returnNull)) == "field name")
    #expect(refusal(Assembly().abc(.makeRecord, 0, 0, 0, 0).abc(.returnNull)) == "keys")
    let keys = Assembly(registers: 2)
    let list = UInt32(keys.constant(.keys(["a", "b", "c"])))
    #expect(refusal(keys.abc(.makeRecord, 0, 0, 0, list).abc(.returnNull)) == "register 2")
  }

  /// A cache that is not empty would be believed.
  @Test func refusesCachesThatAreFilled() {
    let main = Assembly()
    let name = UInt32(main.constant(.string("a")))
    #expect(refusal(main.abc(.getField, 0, 0, 0, name, 0x101).abc(.returnNull)) == "cache not empty")
    #expect(refusal(Assembly().abc(.getIndex, 0, 0, 0, 0, 1).abc(.returnNull)) == "cache not empty")
  }

  @Test func refusesJumpsIntoNowhere() {
    #expect(refusal(Assembly().long(.jump, 5).abc(.returnNull)) == "jump into nowhere")
    #expect(refusal(Assembly().long(.jumpBack, -2).abc(.returnNull)) == "jump into nowhere")
    // Between an instruction's words.
    let main = Assembly()
    let name = UInt32(main.constant(.string("a")))
    main.abc(.getField, 0, 0, 0, name, 0).wide(.jumpIfTrue, 0, -2).abc(.returnNull)
    #expect(refusal(main) == "jump into nowhere")
  }

  /// Only jumps that look at the interrupt flag and the limits may go back.
  @Test func refusesLoopsThatNobodyCanStop() {
    #expect(refusal(Assembly().long(.jump, -1).abc(.returnNull)) == "jump backwards")
    #expect(refusal(Assembly().wide(.jumpIfTrue, 0, -1).abc(.returnNull)) == "jump backwards")
    let main = Assembly()
    let name = UInt32(main.constant(.string("a")))
    main.abc(.putField, 0, 1, 0, name, 0, UInt32(bitPattern: -4)).abc(.returnNull)
    #expect(refusal(main) == "jump backwards")
  }

  @Test func refusesCodeThatRunsOffItsEnd() {
    #expect(refusal(Assembly()) == "no code")
    #expect(refusal(Assembly().abc(.loadNull, 0)) == "runs off its end")
    let cut = Assembly()
    _ = cut.constant(.string("a"))
    cut.prototype.code.append(Instruction.abc(.getField, 0, 0))
    #expect(refusal(cut) == "cut off")
    let unknown = Assembly()
    unknown.prototype.code.append(0xFF)
    #expect(refusal(unknown.abc(.returnNull)) == "unknown opcode")
  }

  @Test func refusesWhatOnlyThePreludeMayDo() {
    for op in [Opcode.iterate, .advance, .getSlot, .setSlot] {
      let main = Assembly().abc(op, 0, 1).abc(.returnNull)
      #expect(refusal(main) == "an instruction of the prelude's")
      #expect(throws: Never.self) { try Verifier.check(main.chunk(), isInternal: true) }
    }
  }

  /// The end of the items goes on behind it, which must not be in the middle of an instruction.
  @Test func refusesLoopsWithoutTheirCheck() {
    let other = Assembly().wide(.loopNext, 2, 0).abc(.getField, 0, 0, 0, 0, 0).abc(.returnNull)
    #expect(refusal(other) == "a loop without its check")
    #expect(refusal(Assembly().wide(.loopNext, 2, 0)) == "a loop without its check")
    #expect(refusal(Assembly().wide(.loopNext, 2, 0).wide(.loopCheck, 2, -2).abc(.returnNull)) == nil)
  }

  /// Mutated code may call a function of the prelude's own with anything.
  @Test(arguments: [Opcode.getSlot, .setSlot])
  func slotsOfOtherThingsAreAnError(op: Opcode) throws {
    for (load, slot) in [(Opcode.loadInt, 1), (.loadNull, 0), (.makeList, 1)] {
      let main = Assembly().abc(load, 1, 2, 1).abc(op, 1, 1, slot).abc(.returnNull)
      let machine = Machine()
      let fiber = machine.start(try machine.load(main.chunk(), isInternal: true))
      machine.runReady()
      #expect(fiber.error?.message.contains("no object of the prelude's") == true)
    }
  }

  @Test func refusesHandlersThatDoNotFit() {
    for handler in [
      Prototype.Handler(start: 0, end: 9, target: 1, register: 0),
      Prototype.Handler(start: 0, end: 1, target: 9, register: 0),
      Prototype.Handler(start: 0, end: 1, target: 1, register: 8),
      Prototype.Handler(start: 1, end: 0, target: 1, register: 0),
      Prototype.Handler(start: 0, end: 2, target: 0, register: 0),
    ] {
      let main = Assembly().abc(.loadNull, 0).abc(.returnNull)
      main.prototype.handlers = [handler]
      #expect(refusal(main) == "handler")
    }
  }

  @Test func refusesCapturesThatAreNotThere() {
    for (capture, reason) in [
      (Prototype.Capture.register(8), "captured register"), (.capture(0), "captured capture"),
      (.enclosing, "captured function without an object"),
    ] {
      let child = Assembly("child").abc(.returnNull)
      child.prototype.captures = [capture]
      let main = Assembly().wide(.makeFunction, 0, 0).abc(.returnNull)
      main.prototype.children = [child.prototype]
      #expect(refusal(main) == reason)
    }
    #expect(refusal(Assembly().abc(.getSelf, 0).abc(.returnNull)) == "a function without an object")
    let function = Assembly("f").abc(.returnNull)
    function.prototype.captures = [.register(0)]
    #expect(
      refusal(Assembly().abc(.returnNull), [function.prototype])
        == "captures in a function that is called by number")
  }

  @Test func theMachineRefusesItToo() {
    #expect(throws: RuntimeError.self) { try Machine().load(Assembly().long(.jump, 5).chunk()) }
    let unknown = Assembly()
    unknown.abc(.callNative, 0, 0, 0, unknown.native("nobody")).abc(.returnNull)
    #expect(throws: RuntimeError.self) { try Machine().load(unknown.chunk()) }
  }
}
