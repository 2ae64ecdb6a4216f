/// A life of named states whose legal changes are data.
public protocol Lifecycle: RawRepresentable, Sendable, Hashable, CaseIterable where RawValue == String {
  /// Every legal change, in the order of docs/runs.md.
  static var transitions: [Transition<Self>] { get }
}

/// A legal change of state and what brings it about.
public struct Transition<State: Sendable & Hashable>: Sendable, Hashable {
  public let from: State
  public let to: State
  public let cause: String

  init(_ from: State, _ to: State, _ cause: String) {
    self.from = from
    self.to = to
    self.cause = cause
  }
}

/// A change of state that the tables do not have: our own mistake, or a journal that was edited by hand.
public struct IllegalTransition: Error, Sendable, Equatable {
  public let kind: String
  public let from: String
  public let to: String
}

extension Lifecycle {
  public static func allows(_ from: Self, _ to: Self) -> Bool {
    transitions.contains { $0.from == from && $0.to == to }
  }

  /// The new state, or an error that names both.
  public func moved(to next: Self) throws(IllegalTransition) -> Self {
    guard Self.allows(self, next) else {
      throw IllegalTransition(kind: "\(Self.self)", from: rawValue, to: next.rawValue)
    }
    return next
  }

  /// Nothing leads out of it.
  public var isFinal: Bool { !Self.transitions.contains { $0.from == self } }
}
