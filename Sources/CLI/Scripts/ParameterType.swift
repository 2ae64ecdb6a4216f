import Machine
import Syntax

/// The type of a `param`, as far as a command line is concerned.
indirect enum ParameterType: Equatable {
  case string, int, float, bool, time, duration
  case choice([String])
  case list(ParameterType)
  case file(columns: [String])
  /// A record of the workspace, given by name, email or id: the word for it and the resource to ask.
  case record(String, resource: String)

  static let names = [
    "string", "int", "float", "bool", "time", "duration", "list", "file", "admin", "team", "tag", "segment",
    "ticket_type",
  ]

  /// Nil for a type that no parameter has.
  init?(_ type: TypeReference) {
    switch type.kind {
    case .choice(let words): self = .choice(words)
    case .file(let columns): self = .file(columns: columns)
    case .named(let name, let argument):
      switch (name, argument) {
      case ("string", nil): self = .string
      case ("int", nil): self = .int
      case ("float", nil): self = .float
      case ("bool", nil): self = .bool
      case ("time", nil): self = .time
      case ("duration", nil): self = .duration
      case ("file", nil): self = .file(columns: [])
      case ("list", let item?):
        guard let element = ParameterType(item) else { return nil }
        if case .list = element { return nil }
        if case .file = element { return nil }
        self = .list(element)
      case ("admin", nil), ("team", nil), ("tag", nil), ("segment", nil), ("ticket_type", nil):
        self = .record(name, resource: name + "s")
      default: return nil
      }
    }
  }

  /// A name stands for it on the command line: it is looked up before the script runs.
  var isLookedUp: Bool {
    switch self {
    case .record, .file: true
    default: false
    }
  }

  /// How a value is written, for messages: `a whole number, such as 20`.
  var wanted: String {
    switch self {
    case .string: "a text"
    case .int: "a whole number, such as 20"
    case .float: "a number, such as 2.5"
    case .bool: "true or false"
    case .time: "a time, such as 2026-01-31 or 2026-01-31T09:30Z"
    case .duration: "a duration, such as 90d, 2h or 30m"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .list(let element): "values with commas between, each \(element.wanted)"
    case .file: "the path of a CSV, JSON or JSON lines file"
    case .record(let word, _):
      "the name or id of \(word == "admin" ? "an" : "a") \(word.replacingUnderscores)"
    }
  }

  /// As help shows it: `DURATION`, `open|closed`.
  var placeholder: String {
    switch self {
    case .choice(let words): words.joined(separator: "|")
    case .list(let element): element.placeholder + ",…"
    case .string: "TEXT"
    case .int: "N"
    case .float: "NUMBER"
    case .bool: "true|false"
    case .time: "TIME"
    case .duration: "DURATION"
    case .file: "FILE"
    case .record(let word, _): word.uppercased()
    }
  }
}

extension String {
  /// `ticket_type` as people say it.
  var replacingUnderscores: String { String(map { $0 == "_" ? " " : $0 }) }
}
