import Bytecode

/// What calling a function can do. A script's effects are known before it runs.
public enum Effect: String, Sendable, Hashable, CaseIterable {
  case read, write
  /// Somebody outside sees it.
  case outward
  /// It cannot be undone.
  case destroy

  var signature: Signature.Effect {
    switch self {
    case .read: .read
    case .write: .write
    case .outward: .outward
    case .destroy: .destroy
    }
  }

  init(_ effect: Signature.Effect) {
    switch effect {
    case .read: self = .read
    case .write: self = .write
    case .outward: self = .outward
    case .destroy: self = .destroy
    }
  }
}

/// A function of the host's that scripts can call.
public struct HostFunction {
  public struct Parameter: Sendable {
    var parameter: Signature.Parameter

    /// - Parameter type: As help shows it: `string`, `list<record>`.
    public static func required(_ name: String, _ type: String = "any") -> Parameter {
      Parameter(parameter: Signature.Parameter(name, type))
    }

    /// Left out it is `null`.
    public static func optional(_ name: String, _ type: String = "any") -> Parameter {
      Parameter(parameter: Signature.Parameter(name, type, optional: true))
    }
  }

  enum Body {
    case immediate(([Value]) throws -> Value)
    /// The engine's transport carries the call; its answer comes later.
    case transported
  }

  let signature: Signature
  let body: Body

  /// A function that answers at once.
  ///
  /// - Parameters:
  ///   - name: `shout`, or `crm.find` for one of a group.
  ///   - effect: Nil for what only computes.
  ///   - body: Gets a value for each parameter. What it throws becomes an error of the script's: a `Failure` as it
  ///     is, anything else by its description.
  public init(
    _ name: String, _ parameters: [Parameter] = [], effect: Effect? = nil, about: String = "",
    body: @escaping ([Value]) throws -> Value
  ) {
    signature = Signature(
      name, parameters.map(\.parameter), effect: effect?.signature, documentation: about)
    self.body = .immediate(body)
  }

  /// A function whose calls `Engine.transport` carries.
  public init(transported name: String, _ parameters: [Parameter] = [], effect: Effect?, about: String = "") {
    signature = Signature(
      name, parameters.map(\.parameter), effect: effect?.signature, documentation: about)
    body = .transported
  }
}
