import Bytecode
import Catalogue
import JSON
import Machine

/// One comparison as a filter of the search. What the server's meaning leaves open makes the condition wider,
/// never narrower.
struct SearchLeaf {
  private typealias Outcome = FilterTranslation.Outcome

  private let translation: FilterTranslation
  private let folding: ConstantFolding

  init(_ translation: FilterTranslation, _ folding: ConstantFolding) {
    self.translation = translation
    self.folding = folding
  }

  private var machine: Machine { folding.machine }

  /// A day may have 25 hours; an hour more for good measure.
  static let longestDay: Int64 = 26 * 3600

  func outcome(_ tree: BlockTree) -> FilterTranslation.Outcome {
    switch tree {
    case .compare(let op, let left, let right):
      if let path = FilterTranslation.path(left), let value = folding.value(right) {
        return compare(op, path, value)
      }
      if let path = FilterTranslation.path(right), let value = folding.value(left) {
        return compare(SearchLeaf.turned(op), path, value)
      }
      return .local
    case .word(let word, let left, let right):
      if let path = FilterTranslation.path(left), let value = folding.value(right) {
        return self.word(word, path, value)
      }
      // `"5" in .tag_ids`: of lists that the search knows, and records do not.
      guard word == .isIn, let path = FilterTranslation.path(right), let value = folding.value(left) else {
        return .local
      }
      return member(.equal, value, of: path)
    case .call(let name, let arguments):
      guard arguments.count == 2, case .item = arguments[0], let field = translation.field(function: name),
        let value = folding.value(arguments[1]), let operand = operand(field, value)
      else { return .local }
      return .pushed(
        .leaf(field: field.wireName, operator: SearchOperator.equal.rawValue, operand), isExact: true)
    case .field:
      guard let path = FilterTranslation.path(tree), let (field, _) = translation.field(path),
        field.kind == .flag
      else { return .local }
      return .pushed(leaf(field, .equal, .bool(true)), isExact: true)
    default: return .local
    }
  }

  func negated(_ tree: BlockTree) -> FilterTranslation.Outcome {
    switch tree {
    case .compare(.equal, let left, let right): return outcome(.compare(.notEqual, left, right))
    case .compare(.notEqual, let left, let right): return outcome(.compare(.equal, left, right))
    case .compare(let op, let left, let right):
      // Where the value may be null the comparison is false, so its opposite is true: the server cannot say that.
      guard let path = FilterTranslation.path(left) ?? FilterTranslation.path(right),
        let (_, isNullable) = translation.field(path), !isNullable,
        let opposite = SearchLeaf.opposite(op)
      else { return .local }
      return outcome(.compare(opposite, left, right))
    case .word(.isIn, let left, let right):
      if let path = FilterTranslation.path(right), let value = folding.value(left) {
        return member(.notEqual, value, of: path)
      }
      guard let path = FilterTranslation.path(left), let value = folding.value(right), value.tag == .list
      else { return .local }
      return noneOf(path, Array(machine.items(value)))
    case .word(let word, let left, let right):
      guard word == .contains, let path = FilterTranslation.path(left), let value = folding.value(right)
      else { return .local }
      return lacks(path, value)
    case .call(let name, let arguments):
      // Whether `!=` is true of who has other tags too is the server's to say.
      guard translation.insists, arguments.count == 2, case .item = arguments[0],
        let field = translation.field(function: name), field.kind.operators.contains(.notEqual),
        let value = folding.value(arguments[1]), let operand = operand(field, value)
      else { return .local }
      return .pushed(
        .leaf(field: field.wireName, operator: SearchOperator.notEqual.rawValue, operand), isExact: false)
    case .field:
      guard let path = FilterTranslation.path(tree), let (field, isNullable) = translation.field(path),
        field.kind == .flag
      else { return .local }
      if !isNullable { return .pushed(leaf(field, .equal, .bool(false)), isExact: true) }
      return translation.insists ? .pushed(leaf(field, .notEqual, .bool(true)), isExact: false) : .local
    default: return .local
    }
  }

  /// `not in`: what is null is in no list; whether the server finds it is not known.
  private func noneOf(_ path: [String], _ values: [Value]) -> FilterTranslation.Outcome {
    if let (field, name) = translation.attribute(path) {
      guard translation.insists else { return .local }
      return SearchAttribute(field: field, name: name, machine: machine).noneOf(values)
    }
    guard let (field, isNullable) = translation.field(path), translation.insists || !isNullable,
      field.kind.operators.contains(.noneOf)
    else { return .local }
    var items: [JSONValue] = []
    var isExact = !isNullable
    for value in values {
      guard let (json, isSame) = equal(field, value), isSame || translation.insists else { return .local }
      items.append(json)
      isExact = isExact && isSame
    }
    return items.isEmpty ? .always : .pushed(leaf(field, .noneOf, .array(items)), isExact: isExact)
  }

  /// `not contains`: by letters without case the server leaves out what a filter leaves out, and no more.
  private func lacks(_ path: [String], _ value: Value) -> FilterTranslation.Outcome {
    if let (field, name) = translation.attribute(path) {
      guard translation.insists else { return .local }
      return SearchAttribute(field: field, name: name, machine: machine).lacks(value)
    }
    guard let (field, isNullable) = translation.field(path), let text = text(field, value) else {
      return .local
    }
    let isExact = !isNullable && field.kind == .text && SearchLeaf.hasNoCase(text)
    guard isExact || translation.insists else { return .local }
    return .pushed(leaf(field, .notContains, .string(text)), isExact: isExact)
  }

  /// A part of a text that the search can look for.
  private func text(_ field: SearchField, _ value: Value) -> String? {
    // Token fields match word by word, and a part of a word is none.
    guard field.kind == .text || (field.kind == .token && translation.insists), field.words.isEmpty,
      value.tag == .string, isText(field.type)
    else { return nil }
    let text = machine.text(of: value)
    return text.isEmpty ? nil : text
  }

  /// An id among the list of them that only the search knows.
  private func member(_ op: SearchOperator, _ value: Value, of path: [String]) -> FilterTranslation.Outcome {
    guard translation.insists, let (field, _) = translation.field(path), case .list = field.type,
      let id = translation.id(of: value) ?? (value.tag == .string ? machine.text(of: value) : nil),
      !id.isEmpty
    else { return .local }
    return .pushed(leaf(field, op, .string(id)), isExact: true)
  }

  /// A record's id, or a name that is looked up when the sequence is opened.
  private func operand(_ field: SearchField, _ value: Value) -> SearchQuery.Operand? {
    if let id = translation.id(of: value) { return .json(.string(id)) }
    guard value.tag == .string, let type = field.type.recordType else { return nil }
    let text = machine.text(of: value)
    guard !text.isEmpty else { return nil }
    return field.function == "has_tag" ? .lookup(type: type, text: text) : .json(.string(text))
  }

  private static func turned(_ op: BlockTree.Comparison) -> BlockTree.Comparison {
    switch op {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .equal, .notEqual: op
    }
  }

  private static func opposite(_ op: BlockTree.Comparison) -> BlockTree.Comparison? {
    switch op {
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    case .equal, .notEqual: nil
    }
  }

  private func leaf(_ field: SearchField, _ op: SearchOperator, _ value: JSONValue) -> SearchQuery {
    .leaf(field: field.wireName, operator: op.rawValue, .json(value))
  }

  // MARK: Comparisons

  private func compare(_ op: BlockTree.Comparison, _ path: [String], _ value: Value)
    -> FilterTranslation.Outcome
  {
    if let (field, name) = translation.attribute(path) {
      if op == .notEqual {
        return translation.insists
          ? SearchAttribute(field: field, name: name, machine: machine).differs(value) : .local
      }
      return SearchAttribute(field: field, name: name, machine: machine).compare(op, value)
    }
    guard let (field, isNullable) = translation.field(path), !value.isNull else { return .local }
    switch op {
    case .equal:
      if field.kind == .day { return day(.equal, field, value) }
      guard let (json, isExact) = equal(field, value) else { return .local }
      // A flag that is not there may count as false for the server.
      let isSure = isExact && !(field.kind == .flag && !value.isTrue && isNullable)
      return .pushed(leaf(field, .equal, json), isExact: isSure)
    case .notEqual:
      // What is null differs from any value here; whether it does for the server is not known.
      guard field.kind.operators.contains(.notEqual), let (json, isSame) = equal(field, value) else {
        return .local
      }
      let isExact = isSame && !isNullable
      return isExact || translation.insists
        ? .pushed(leaf(field, .notEqual, json), isExact: isExact) : .local
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      if field.kind == .day { return day(op, field, value) }
      guard let bound = bound(op, field, value) else { return .local }
      return ordered(op, field, bound)
    }
  }

  /// Contact dates: the server compares days in the workspace's zone. A day more on the open side holds
  /// every record that is meant, whatever the zone.
  private func day(
    _ op: BlockTree.Comparison, _ field: SearchField, _ value: Value
  ) -> FilterTranslation.Outcome {
    guard value.tag == .time else { return .local }
    let seconds = SearchLeaf.floor(value.asInt, 1000)
    switch op {
    case .less, .lessOrEqual:
      return .pushed(leaf(field, .less, .int(seconds + SearchLeaf.longestDay)), isExact: false)
    case .greater, .greaterOrEqual:
      return .pushed(leaf(field, .greater, .int(seconds - SearchLeaf.longestDay)), isExact: false)
    case .equal: return .pushed(leaf(field, .equal, .int(seconds)), isExact: false)
    case .notEqual: return .local
    }
  }

  /// The whole number that a value on the wire is compared with, so that `op` means the same there.
  private func bound(_ op: BlockTree.Comparison, _ field: SearchField, _ value: Value) -> Int64? {
    switch (field.type, value.tag) {
    case (.time, .time), (.duration, .duration):
      switch op {
      case .less, .greaterOrEqual: return SearchLeaf.ceiling(value.asInt, 1000)
      default: return SearchLeaf.floor(value.asInt, 1000)
      }
    case (.int, .int), (.float, .int): return value.asInt
    default: return nil
    }
  }

  private func ordered(
    _ op: BlockTree.Comparison, _ field: SearchField, _ bound: Int64
  ) -> FilterTranslation.Outcome {
    // Far out the bounds would overflow; there the machine compares.
    guard bound.magnitude < 1 << 50 else { return .local }
    let isWhole = field.type != .float
    // Whole numbers: `<` is `<=` of the number before.
    if isWhole, field.kind.operators.contains(.lessOrEqual) {
      switch op {
      case .less: return .pushed(leaf(field, .lessOrEqual, .int(bound - 1)), isExact: true)
      case .lessOrEqual: return .pushed(leaf(field, .lessOrEqual, .int(bound)), isExact: true)
      case .greater: return .pushed(leaf(field, .greaterOrEqual, .int(bound + 1)), isExact: true)
      default: return .pushed(leaf(field, .greaterOrEqual, .int(bound)), isExact: true)
      }
    }
    guard isWhole, field.kind.operators.contains(.less) else { return .local }
    // The server's `<` may or may not include the value: it is checked again here.
    guard field.isReadable || op == .less || op == .greater else { return .local }
    switch op {
    case .less: return .pushed(leaf(field, .less, .int(bound)), isExact: false)
    case .lessOrEqual: return .pushed(leaf(field, .less, .int(bound + 1)), isExact: false)
    case .greater: return .pushed(leaf(field, .greater, .int(bound)), isExact: false)
    default: return .pushed(leaf(field, .greater, .int(bound - 1)), isExact: false)
    }
  }

  // MARK: Words

  private func word(_ word: WordOperator, _ path: [String], _ value: Value) -> FilterTranslation.Outcome {
    if let (field, name) = translation.attribute(path) {
      return SearchAttribute(field: field, name: name, machine: machine).word(word, value)
    }
    guard let (field, _) = translation.field(path) else { return .local }
    switch word {
    case .isIn:
      guard value.tag == .list, field.kind.operators.contains(.oneOf) else { return .local }
      var items: [JSONValue] = []
      var isExact = true
      for item in machine.items(value) {
        guard let (json, isSame) = equal(field, item) else { return .local }
        items.append(json)
        isExact = isExact && isSame
      }
      return items.isEmpty ? .never : .pushed(leaf(field, .oneOf, .array(items)), isExact: isExact)
    case .contains, .startsWith, .endsWith:
      guard let text = text(field, value) else { return .local }
      let op: SearchOperator = word == .contains ? .contains : word == .startsWith ? .startsWith : .endsWith
      let isExact = field.kind == .text && SearchLeaf.hasNoCase(text)
      return .pushed(leaf(field, op, .string(text)), isExact: isExact)
    case .matches: return .local
    }
  }

  private func isText(_ type: FieldType) -> Bool {
    switch type {
    case .string, .id, .choice: true
    // The picture of a contact: an address, or a record.
    case .any: translation.insists
    default: false
    }
  }

  // MARK: Equality

  /// The value as the search spells it, and whether the server finds exactly the records that have it; nil
  /// where it may miss some.
  private func equal(_ field: SearchField, _ value: Value) -> (json: JSONValue, isExact: Bool)? {
    guard field.kind.operators.contains(.equal) else { return nil }
    switch (field.kind, value.tag) {
    case (.text, .string) where isText(field.type):
      let text = machine.text(of: value)
      guard !text.isEmpty else { return nil }
      if !field.words.isEmpty {
        return field.words.first { $0.value == text }.map { (.string($0.wire), true) }
      }
      switch field.type {
      case .choice(let words): return words.contains(text) ? (.string(text), true) : nil
      // Ids have no capitals: without one in the text, case cannot matter.
      case .id: return (.string(text), text.lowercased() == text)
      default: return (.string(text), SearchLeaf.hasNoCase(text))
      }
    case (.token, .string):
      let text = machine.text(of: value)
      let isWord =
        !text.isEmpty
        && text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
      return isWord ? (.string(text), false) : nil
    case (.tag, .string):
      let text = machine.text(of: value)
      return text.isEmpty ? nil : (.string(text), true)
    case (.flag, .bool): return (.bool(value.isTrue), true)
    case (.number, .int), (.integer, .int):
      guard case .int = field.type else { return nil }
      return (.int(value.asInt), true)
    case (.number, .string), (.integer, .string):
      // Ids that the search knows as numbers.
      guard case .id = field.type, let number = Int64(machine.text(of: value)),
        String(number) == machine.text(of: value)
      else { return nil }
      return (.int(number), true)
    case (.second, .time), (.secondRange, .time), (.integer, .duration):
      guard value.asInt % 1000 == 0 else { return nil }
      return (.int(value.asInt / 1000), true)
    default: return nil
    }
  }

  private static func hasNoCase(_ text: String) -> Bool { text.lowercased() == text.uppercased() }

  private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
    return rest < 0 ? whole - 1 : whole
  }

  private static func ceiling(_ value: Int64, _ unit: Int64) -> Int64 {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
    return rest > 0 ? whole + 1 : whole
  }
}
