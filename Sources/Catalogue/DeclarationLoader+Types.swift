import Diagnostics
import Syntax

extension DeclarationLoader {
  enum TypePlace: String {
    case field = "the type of a field"
    case parameter = "the type of a parameter"
    case result = "a result"
  }

  mutating func type(_ reference: TypeReference, in place: TypePlace) -> FieldType {
    let found = plainType(reference, in: place)
    let fits =
      switch found {
      case .filter, .sort, .reference, .name: place == .parameter
      case .bytes: place == .result
      default: true
      }
    if !fits { report(.misplacedType("\(found)", place: place.rawValue), at: reference.range) }
    return found
  }

  private mutating func plainType(_ reference: TypeReference, in place: TypePlace) -> FieldType {
    switch reference.kind {
    case .choice(let words): return .choice(words)
    case .file:
      report(.misplacedType("file", place: place.rawValue), at: reference.range)
      return .any
    case .named(let name, argument: nil): return simpleType(name, at: reference.range)
    case .named("list", argument: let argument?):
      return .list(type(argument, in: place))
    case .named(let name, argument: let argument?):
      guard case .named(let record, argument: nil) = argument.kind else {
        report(.typeArgument(name, wants: "takes the name of a type"), at: argument.range)
        return .any
      }
      if !scope.knowsType(record) { report(.unknownType(record), at: argument.range) }
      switch name {
      case "id": return .id(record)
      case "ref": return .reference(record)
      case "name": return .name(record)
      case "filter": return .filter(record)
      default:
        report(.typeArgument(name, wants: "takes no type in < >"), at: reference.range)
        return .any
      }
    }
  }

  private mutating func simpleType(_ name: String, at range: SourceRange) -> FieldType {
    switch name {
    case "string": return .string
    case "int": return .int
    case "float": return .float
    case "bool": return .bool
    case "time": return .time
    case "duration": return .duration
    case "any": return .any
    case "record": return .record
    case "map": return .map
    case "bytes": return .bytes
    case "sort": return .sort
    case "list", "id", "ref", "name", "filter", "sequence":
      report(.typeArgument(name, wants: "wants a type in < >"), at: range)
      return .any
    default:
      if !scope.knowsType(name) { report(.unknownType(name), at: range) }
      return .object(name)
    }
  }

  mutating func load(_ declaration: TypeDeclaration) -> RecordType {
    if isTrusted, (declaration.documentation ?? "").isEmpty {
      report(.undocumented(declaration.name.text), at: declaration.name.range)
    }
    currentResource = scope.resourceOfType(declaration.name.text)
    var fields: [Field] = []
    var seen: Set<String> = []
    for source in declaration.fields {
      if !seen.insert(source.name.text).inserted {
        report(.duplicateField(source.name.text), at: source.name.range)
        continue
      }
      fields.append(load(source))
    }
    for field in fields {
      guard let first = field.computed?.first, !seen.contains(first) else { continue }
      if let place = declaration.fields.first(where: { $0.name.text == field.name }) {
        report(.unknownField(first, type: declaration.name.text), at: place.name.range)
      }
    }
    return RecordType(
      name: declaration.name.text, fields: fields, documentation: declaration.documentation)
  }

  private mutating func load(_ source: FieldDeclaration) -> Field {
    var field = Field(
      name: source.name.text, wire: source.name.text, type: type(source.type, in: .field),
      isOptional: source.type.isOptional, isSortable: false, sendsNumber: false, onlyFrom: [],
      onlySearch: false,
      documentation: source.documentation)
    var searchName: String?
    var words: [SearchField.Word] = []
    var doubt: SearchDoubt?
    var keyedByID = false
    var kind: SearchKind?
    var kindClause: Clause?
    var limit: Int?
    var rest: (clause: Clause, operation: String)?
    var restResource: String?
    var seen: Set<FieldClause> = []
    for clause in source.clauses {
      guard let known = FieldClause(rawValue: clause.name.text) else {
        report(
          .unknownClause(clause.name.text, known: FieldClause.allCases.map { $0.rawValue }),
          at: clause.name.range)
        continue
      }
      if !seen.insert(known).inserted, !known.repeats {
        report(.repeatedClause(clause.name.text), at: clause.name.range)
        continue
      }
      switch known {
      case .wire: if let text = text(clause, wants: "the key in JSON, as a text") { field.wire = text }
      case .inside: field.inside = text(clause, wants: "the key of the list, as a text")
      case .cut: limit = number(clause)
      case .rest:
        if let word = word(clause, wants: "the operation that reads the whole") { rest = (clause, word) }
      case .from:
        if rest == nil { report(.clauseWithout("from", before: "rest"), at: clause.name.range) }
        restResource = word(clause, wants: "a resource")
      case .search:
        kind = choice(clause, SearchKind.self)
        kindClause = clause
      case .searchAs: searchName = text(clause, wants: "the field's name in a search, as a text")
      case .words: words = wordPairs(clause)
      case .doubt:
        if let word = word(clause, wants: "spelling or meaning") {
          doubt = SearchDoubt(rawValue: word)
          if doubt == nil {
            report(
              .unknownWord(word, clause: "doubt", known: ["spelling", "meaning"]),
              at: clause.name.range)
          }
        }
      case .keyed:
        if let word = word(clause, wants: "id") {
          if word != "id" {
            report(.unknownWord(word, clause: "keyed", known: ["id"]), at: clause.name.range)
          }
          keyedByID = word == "id"
        }
      case .only:
        if let word = word(clause, wants: "an operation, or search") {
          if word == "search" { field.onlySearch = true } else { field.onlyFrom.append(word) }
        }
      case .computed:
        if let (first, more) = self.words(clause, wants: "a field, and in ( ) what lies in it") {
          field.computed = [first] + more
        }
      case .with: field.function = word(clause, wants: "the name of a function")
      case .sort:
        if let word = word(clause, wants: "server") {
          if word != "server" {
            report(.unknownWord(word, clause: "sort", known: ["server"]), at: clause.name.range)
          }
          field.isSortable = word == "server"
        }
      case .is: field.role = choice(clause, Field.Role.self)
      case .column: field.column = number(clause)
      case .as:
        if let word = word(clause, wants: "number") {
          if word != "number" {
            report(.unknownWord(word, clause: "as", known: ["number"]), at: clause.name.range)
          }
          field.sendsNumber = word == "number"
        }
      }
    }
    if let kind {
      field.search = Field.Search(
        kind: kind, wireName: searchName, words: words, doubt: doubt, keyedByID: keyedByID)
    } else if kindClause == nil,
      let clause = source.clauses.first(where: {
        ["search_as", "words", "doubt", "keyed"].contains($0.name.text)
      })
    {
      report(.clauseWithout(clause.name.text, before: "search"), at: clause.name.range)
    }
    let whole = rest.flatMap { lookUp($0.operation, resource: restResource, at: $0.clause) }
    if let limit {
      field.cut = Field.Cut(limit: limit, rest: whole)
    } else {
      field.rest = whole
    }
    return field
  }

  /// `"Customer=request, Back-office=task"`
  private mutating func wordPairs(_ clause: Clause) -> [SearchField.Word] {
    let wants = "pairs in a text: \"Customer=request, Back-office=task\""
    guard let text = text(clause, wants: wants) else { return [] }
    var words: [SearchField.Word] = []
    for pair in text.split(separator: ",") {
      let halves = pair.split(separator: "=").map { $0.trimmingSpaces }
      guard halves.count == 2, let value = halves.first, let wire = halves.last else {
        report(.clauseValue("words", wants: wants), at: clause.name.range)
        return []
      }
      words.append(SearchField.Word(value: value, wire: wire))
    }
    return words
  }

  /// An operation of the resource named, else of the one that is declared, or whose records are.
  mutating func lookUp(
    _ operation: String, field: String? = nil, resource: String?, at clause: Clause
  ) -> LookUp? {
    guard let owner = resource ?? currentResource, let names = scope.operations(owner) else {
      report(.unknownResource(resource ?? ""), at: clause.name.range)
      return nil
    }
    guard names.contains(operation) else {
      report(.unknownOperation(operation, resource: owner), at: clause.name.range)
      return nil
    }
    return LookUp(resource: owner, operation: operation, field: field)
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
