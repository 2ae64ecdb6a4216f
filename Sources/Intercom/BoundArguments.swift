import Catalogue
import JSON

/// The arguments of a call as the wire wants them, but for names that must be looked up first.
struct BoundArguments {
  indirect enum Part {
    case json(JSONValue)
    /// A record of this type by its id or name; `wantsName`: its name is sent, else its id.
    case lookup(type: String, text: String, wantsName: Bool)
    case list([Part])
  }

  /// By the parameter's name; what was left out is not in it, what was given as `null` is.
  private(set) var parts: [(name: String, part: Part)] = []

  subscript(name: String) -> Part? {
    get { parts.first { $0.name == name }?.part }
    set {
      parts.removeAll { $0.name == name }
      if let newValue { parts.append((name, newValue)) }
    }
  }

  /// Names that must be looked up, in order.
  var lookups: [(type: String, text: String)] {
    func collect(_ part: Part, _ found: inout [(type: String, text: String)]) {
      switch part {
      case .json: break
      case .lookup(let type, let text, _): found.append((type, text))
      case .list(let items): for item in items { collect(item, &found) }
      }
    }
    var found: [(type: String, text: String)] = []
    for (_, part) in parts { collect(part, &found) }
    return found
  }
}
