import Bytecode
import Foundation
import Testing

@testable import Machine

/// Limits and interrupts end any code, whatever jumps it is made of.
@Suite struct LimitTests {
  /// Loops without end, one of each kind of jump that may go back.
  enum Endless: CaseIterable { case jumpBack, loopCheck, countNext, call }

  private func chunk(_ endless: Endless) -> Chunk {
    let main = Assembly()
    switch endless {
    case .jumpBack: main.long(.jumpBack, -1)
    case .loopCheck: main.wide(.loadInt, 2, 1).wide(.loopCheck, 0, -1)
    case .countNext: main.wide(.loadInt, 1, 1).wide(.countNext, 0, -2)
    case .call: main.abc(.callStatic, 1, 0, 0, 0).long(.jumpBack, -3)
    }
    return main.abc(.returnNull).chunk(Assembly("callee").abc(.returnNull))
  }

  @Test(arguments: Endless.allCases) func steps(endless: Endless) throws {
    let machine = Machine()
    machine.limits.steps = 100_000
    let fiber = try machine.result(of: chunk(endless))
    #expect(fiber.error?.code == "steps")
    #expect(machine.stepsUsed <= 100_000 + 2 * Machine.fuel)
  }

  @Test(arguments: Endless.allCases) func interrupts(endless: Endless) throws {
    let machine = Machine()
    machine.interrupt()
    let fiber = try machine.result(of: chunk(endless))
    #expect(fiber.error?.kind == .interrupt)
    #expect(!machine.interruptFlag.pointee)
  }

  @Test func interruptsFromAnotherThread() throws {
    let machine = Machine()
    let flag = UInt(bitPattern: machine.interruptFlag)
    let thread = Thread {
      usleep(20_000)
      UnsafeMutablePointer<Bool>(bitPattern: flag)?.pointee = true
    }
    thread.start()
    let fiber = try machine.result(of: Assembly().long(.jumpBack, -1).abc(.returnNull).chunk())
    #expect(fiber.error?.kind == .interrupt)
  }

  @Test func time() throws {
    let machine = Machine()
    var asked = 0
    machine.deadlineCheck = {
      asked += 1
      return asked == 3
    }
    let fiber = try machine.result(of: Assembly().long(.jumpBack, -1).abc(.returnNull).chunk())
    #expect(fiber.error?.code == "time")
    #expect(asked == 3)
  }

  @Test func depth() throws {
    let machine = Machine()
    machine.limits.depth = 100
    let callee = Assembly("callee")
    callee.abc(.callStatic, 1, 0, 0, 0).abc(.returnNull)
    let main = Assembly()
    main.abc(.callStatic, 1, 0, 0, 0).abc(.returnNull)
    let fiber = try machine.result(of: main.chunk(callee))
    #expect(fiber.error?.code == "depth")
    #expect((fiber.error?.trace.count ?? 0) <= 100)
  }

  @Test func memory() throws {
    let machine = Machine()
    machine.limits.memory = 8 << 20
    let main = Assembly()
    main.abc(.makeList, 1, 0, 0).abc(.makeList, 2, 0, 0).abc(.push, 1, 2).long(.jumpBack, -3).abc(.returnNull)
    let fiber = try machine.result(of: main.chunk())
    #expect(fiber.error?.code == "memory")
  }

  /// A stack that is full of frames is no reason to trap: the limit comes first, whatever it is.
  @Test(arguments: [1, 2, 7, 8, 9, 64, 10_000]) func anyDepth(limit: Int) throws {
    let machine = Machine()
    machine.limits.depth = limit
    let callee = Assembly("callee", registers: 250)
    callee.abc(.callStatic, 200, 0, 0, 0).abc(.returnNull)
    let main = Assembly()
    main.abc(.callStatic, 1, 0, 0, 0).abc(.returnNull)
    #expect(try machine.result(of: main.chunk(callee)).error?.code == "depth")
  }
}
