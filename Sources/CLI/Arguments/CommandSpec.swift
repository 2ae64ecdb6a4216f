/// A command as help, parsing and completion know it.
struct CommandSpec: Sendable {
  /// `eval`, `sandbox serve`
  var name: String
  /// What stands behind the name: `FILE…`.
  var operands: String
  var about: String
  var options: [OptionSpec]
  /// Options that the table does not have are the script's parameters.
  var takesParameters: Bool
  /// False for what is designed and not built.
  var isThere: Bool

  init(
    _ name: String, _ operands: String = "", _ about: String, options: [OptionSpec] = [],
    takesParameters: Bool = false, isThere: Bool = true
  ) {
    self.name = name
    self.operands = operands
    self.about = about
    self.options = options
    self.takesParameters = takesParameters
    self.isThere = isThere
  }

  var words: [String] { name.split(separator: " ").map(String.init) }

  var allOptions: [OptionSpec] { options + CommandTable.everywhere }
}
