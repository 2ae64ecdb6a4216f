import Glibc
import Synchronization

/// The signals that the shell lives with. The handlers set atomics and write a byte to a pipe that the line
/// editor polls; all else happens on the thread that types and evaluates.
final class Interrupts: Sendable {
  enum Phase: Int { case idle, editing, evaluating }

  private static let phase = Atomic<Int>(Phase.idle.rawValue)
  private static let pending = Atomic<UInt32>(0)
  private static let wakeEnd = Atomic<Int32>(-1)
  /// The session to interrupt, unretained: the shell holds it while the handlers stand.
  private static let target = Atomic<UInt>(0)

  static let interruptBit: UInt32 = 1
  static let resizeBit: UInt32 = 2
  static let stopBit: UInt32 = 4
  static let messageBit: UInt32 = 8

  /// The end of the pipe that becomes readable when something happened.
  let readEnd: Int32
  private let writeEnd: Int32

  /// Nil if the process has no descriptors left.
  init?(session: any REPLSession) {
    guard let ends = PipeEnds.open(blocking: false) else { return nil }
    (readEnd, writeEnd) = (ends.read, ends.write)
    let relay = Relay(session)
    Interrupts.target.store(
      UInt(bitPattern: Unmanaged.passRetained(relay).toOpaque()), ordering: .releasing)
    Interrupts.wakeEnd.store(writeEnd, ordering: .releasing)
    Interrupts.install(SIGINT) { _ in Interrupts.arrived(Interrupts.interruptBit) }
    Interrupts.install(SIGWINCH) { _ in Interrupts.arrived(Interrupts.resizeBit) }
    Interrupts.install(SIGTSTP) { _ in Interrupts.arrived(Interrupts.stopBit) }
    signal(SIGPIPE, SIG_IGN)
  }

  deinit {
    signal(SIGINT, SIG_DFL)
    signal(SIGWINCH, SIG_DFL)
    signal(SIGTSTP, SIG_DFL)
    Interrupts.wakeEnd.store(-1, ordering: .releasing)
    let bits = Interrupts.target.exchange(0, ordering: .acquiringAndReleasing)
    if let pointer = UnsafeRawPointer(bitPattern: bits) { Unmanaged<Relay>.fromOpaque(pointer).release() }
    close(readEnd)
    close(writeEnd)
  }

  func enter(_ phase: Phase) { Interrupts.phase.store(phase.rawValue, ordering: .releasing) }

  /// What happened since the last call; empties the pipe.
  func take() -> UInt32 {
    var buffer = [UInt8](repeating: 0, count: 64)
    while read(readEnd, &buffer, buffer.count) > 0 {}
    return Interrupts.pending.exchange(0, ordering: .acquiringAndReleasing)
  }

  /// Wakes the line editor from any thread.
  static func wake() { arrived(messageBit) }

  private static func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigaction(number, &action, nil)
  }

  /// Runs in the handler: async-signal-safe calls only, errno kept.
  private static func arrived(_ bit: UInt32) {
    let saved = errno
    defer { errno = saved }
    let now = phase.load(ordering: .acquiring)
    if bit == stopBit, now != Phase.editing.rawValue {
      kill(getpid(), SIGSTOP)
      return
    }
    if bit == interruptBit, now == Phase.evaluating.rawValue {
      let bits = target.load(ordering: .acquiring)
      if let pointer = UnsafeRawPointer(bitPattern: bits) {
        Unmanaged<Relay>.fromOpaque(pointer)._withUnsafeGuaranteedRef { $0.session.interrupt() }
      }
      return
    }
    // An interrupt while neither typing nor evaluating (a pager runs) is not for us.
    if bit == interruptBit, now == Phase.idle.rawValue { return }
    pending.bitwiseOr(bit, ordering: .acquiringAndReleasing)
    let end = wakeEnd.load(ordering: .acquiring)
    if end >= 0 {
      var byte: UInt8 = 0
      write(end, &byte, 1)
    }
  }

  private final class Relay {
    let session: any REPLSession
    init(_ session: any REPLSession) { self.session = session }
  }
}

/// A pipe that child processes do not inherit.
struct PipeEnds {
  let read: Int32
  let write: Int32

  static func open(blocking: Bool) -> PipeEnds? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      if !blocking { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }
    return PipeEnds(read: ends[0], write: ends[1])
  }
}
