import Glibc

/// What the comment above a `test` says about the sandbox that it wants: statements that come before the script,
/// the script's parameters, and files that they name.
///
///     ## First: tags.create("Vip")
///     ## Given: --into VIP --people people.csv
///     ## people.csv: email,plan
///     ## people.csv: \(ada.email),pro
///     test "…" { … }
struct TestSetup: Equatable {
  struct File: Equatable {
    var name: String
    var text: String
  }

  /// Statements, a line each.
  private(set) var first = ""
  private(set) var given: [String] = []
  private(set) var files: [File] = []

  init(_ documentation: String?) {
    for line in (documentation ?? "").split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let word = line[..<colon].trimmingSpaces
      var text = line[line.index(after: colon)...]
      if text.first == " " { text = text.dropFirst() }
      switch word {
      case "First": first += text + "\n"
      case "Given": given += TestSetup.words(text)
      default:
        // A sentence may hold a colon; a file's name has a point and no space.
        guard word.contains("."), !word.contains(" "), !word.contains("/") else { continue }
        let row = text.isEmpty ? "" : text + "\n"
        if let index = files.firstIndex(where: { $0.name == word }) {
          files[index].text += row
        } else {
          files.append(File(name: word, text: row))
        }
      }
    }
  }

  /// Works out what the statements before have made: `\(made.id)` in a parameter or a file.
  mutating func fill(_ value: (String) throws(Problem) -> String) throws(Problem) {
    for index in given.indices where given[index].contains("\\(") { given[index] = try value(given[index]) }
    for index in files.indices where files[index].text.contains("\\(") {
      files[index].text = try value(files[index].text)
    }
  }

  /// The parameters, with the files' names as paths in the folder.
  func words(in folder: String?) -> [String] {
    guard let folder else { return given }
    return given.map { word in files.contains { $0.name == word } ? "\(folder)/\(word)" : word }
  }

  /// Writes the files into a folder of their own; nil where there is none to write.
  func writeFiles(_ environment: [String: String]) throws(Problem) -> String? {
    guard !files.isEmpty else { return nil }
    let base = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let folder = "\(base)/parlance-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    guard mkdir(folder, 0o700) == 0 else {
      throw Problem("`\(folder)` cannot be made: \(ScriptFile.words(errno))", exit: .refused)
    }
    for file in files { try ScriptFile.write(Array(file.text.utf8), to: "\(folder)/\(file.name)") }
    return folder
  }

  /// Removes the folder of `writeFiles`: it holds files alone.
  static func remove(_ folder: String) {
    for name in ScriptFile.listing(folder) where name != "." && name != ".." { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  /// Words as a shell would part them: quotes of both kinds keep spaces.
  private static func words(_ text: Substring) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "\"" || character == "'" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let whole = word { words.append(whole) }
    return words
  }
}
