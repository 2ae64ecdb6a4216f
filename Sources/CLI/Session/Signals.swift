import Glibc
import Synchronization

/// SIGINT and SIGTERM: the first asks what runs to stop, the second ends the process at once.
///
/// The handler sets flags and writes a byte to a pipe; all else happens where the engine looks.
enum Signals {
  private static let flag = Atomic<UInt>(0)
  private static let wakeEnd = Atomic<Int32>(-1)
  private static let received = Atomic<Int32>(0)

  /// The signal that came first; nil for none.
  static var first: Int32? {
    let number = received.load(ordering: .acquiring)
    return number == 0 ? nil : number
  }

  /// Watches for a machine's run. `interruptFlag` has to live as long as the process may get signals.
  static func install(interruptFlag: UnsafeMutablePointer<Bool>) {
    flag.store(UInt(bitPattern: interruptFlag), ordering: .releasing)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { Signals.arrived($0) }
      sigaction(number, &action, nil)
    }
  }

  /// Writes that fail say so; the process shall not die of them.
  static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// The pipe that ends a wait for the network.
  static func wake(_ descriptor: Int32) { wakeEnd.store(descriptor, ordering: .releasing) }

  /// Before the machine goes away; the signals end the process again.
  static func forget() {
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    flag.store(0, ordering: .releasing)
  }

  /// Async-signal-safe: atomics, `write` and `_exit` only; errno is kept.
  private static func arrived(_ number: Int32) {
    let saved = errno
    defer { errno = saved }
    let (isFirst, _) = received.compareExchange(
      expected: 0, desired: number, ordering: .acquiringAndReleasing)
    let bits = flag.load(ordering: .acquiring)
    guard isFirst, let pointer = UnsafeMutablePointer<Bool>(bitPattern: bits) else { _exit(128 + number) }
    pointer.pointee = true
    endWait()
  }

  /// Ends a wait for the network; async-signal-safe.
  static func endWait() {
    let end = wakeEnd.load(ordering: .acquiring)
    guard end >= 0 else { return }
    var byte: UInt8 = 1
    _ = write(end, &byte, 1)
  }
}
