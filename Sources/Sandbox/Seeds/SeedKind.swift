/// What a store was filled with, as it remembers it.
enum SeedKind: Equatable {
  case seed(SandboxConfiguration.Seed)
  /// Records of a live workspace: there is nothing to go back to.
  case pulled

  var text: String {
    switch self {
    case .seed(.empty): "empty"
    case .seed(.demo): "demo"
    case .seed(.synthetic(let contacts)): "contacts \(contacts)"
    case .pulled: "pulled"
    }
  }

  init?(text: String) {
    switch text {
    case "empty": self = .seed(.empty)
    case "demo": self = .seed(.demo)
    case "pulled": self = .pulled
    default:
      let words = text.split(separator: " ")
      guard words.count == 2, words[0] == "contacts", let count = Int(words[1]) else { return nil }
      self = .seed(.synthetic(contacts: count))
    }
  }
}
