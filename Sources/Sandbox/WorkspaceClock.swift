import Glibc

/// The workspace's time, in unix seconds.
struct WorkspaceClock {
  private let mode: SandboxConfiguration.Clock
  /// What the control endpoint added.
  private var offset: Int64 = 0

  init(_ mode: SandboxConfiguration.Clock) { self.mode = mode }

  var now: Int64 {
    switch mode {
    case .real: Int64(time(nil)) &+ offset
    case .fixed(let seconds): seconds &+ offset
    }
  }

  /// How far it is ahead of the machine's; nil if it stands still.
  var ahead: Int64? {
    if case .real = mode { offset } else { nil }
  }

  mutating func advance(by seconds: Int64) { offset = offset &+ seconds }
}
