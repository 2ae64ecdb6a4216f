import Testing

@testable import Runs

@Suite struct RecordQueuesTests {
  let a = RecordRef(type: "contact", id: "a")
  let b = RecordRef(type: "contact", id: "b")

  @Test func itemsTakeTurnsInTheirOrder() {
    var queues = RecordQueues()
    queues.enter(2, for: a)
    queues.enter(9, for: a)
    queues.enter(5, for: a)
    #expect(queues.isReady(2) && !queues.isReady(5) && !queues.isReady(9))
    #expect(queues.leave(2) == [5])
    #expect(queues.isReady(5))
    #expect(queues.leave(5) == [9])
  }

  @Test func theOneAtWorkIsNotOvertaken() {
    var queues = RecordQueues()
    queues.enter(5, for: a)
    queues.enter(1, for: a)
    #expect(queues.isFirst(5, for: a) && !queues.isReady(1))
  }

  @Test func aCircleOfWaitingIsSeen() {
    var queues = RecordQueues()
    queues.enter(1, for: a)
    queues.enter(2, for: b)
    queues.enter(1, for: b)
    #expect(!queues.wouldDeadlock(1, waitingFor: b))
    queues.wait(1, for: b)
    queues.enter(2, for: a)
    #expect(queues.wouldDeadlock(2, waitingFor: a))
    _ = queues.leave(2)
    #expect(queues.isFirst(1, for: b))
  }
}
