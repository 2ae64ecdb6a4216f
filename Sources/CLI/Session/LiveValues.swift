import Glibc
import Intercom

/// Tags, teammates, teams and the like as the workspace has them, for completion: read once, kept for a while, and
/// never waited for longer than a person notices.
final class LiveValues {
  /// A Tab waits no longer than this for an answer.
  static let longestWait: Duration = .milliseconds(200)
  /// How old a list may be.
  private static let shelfLife: Duration = .seconds(300)

  private let workbench: Workbench
  private let clock = ContinuousClock()
  private var readAt: [String: ContinuousClock.Instant] = [:]

  init(_ workbench: Workbench) { self.workbench = workbench }

  /// The records of a type, as far as they are known in time; the next Tab finds the rest.
  func records(of type: String) -> [APIBinding.Named] {
    // Asking for a name opens the workspace.
    if workbench.binding == nil { _ = workbench.engine.operationNames("tags") }
    guard let binding = workbench.binding, workbench.openingProblem == nil, binding.isListable(type) else {
      return []
    }
    if let read = readAt[type], clock.now - read > LiveValues.shelfLife {
      binding.forgetNames(of: type)
      readAt[type] = nil
    }
    let deadline = clock.now + LiveValues.longestWait
    binding.learn(type)
    while binding.known(type) == nil, clock.now < deadline, !LiveValues.someoneTypes {
      guard binding.transport.wait(milliseconds: 10) else { break }
    }
    guard let known = binding.known(type) else { return [] }
    if readAt[type] == nil { readAt[type] = clock.now }
    return known
  }

  /// The next key is worth more than the list.
  private static var someoneTypes: Bool {
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return isatty(STDIN_FILENO) == 1 && poll(&waiting, 1, 0) > 0
  }
}
