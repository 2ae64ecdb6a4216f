import Catalogue

/// Goes through a description and the declarations side by side.
struct Comparison {
  typealias Node = OfficialDescription.Node
  typealias Shape = OfficialDescription.Shape

  private let description: OfficialDescription
  private let catalogue: APICatalogue
  private let declared: DeclaredShapes
  private var named: [String: [APIOperation]] = [:]
  private var unnamed: [APIOperation] = []

  private(set) var found: [Difference] = []
  private(set) var operations = 0
  private(set) var compared: [(what: String, count: Int)] = []
  private var pairs: Set<String> = []
  /// Declared types with the fields that are described for them.
  private var described: [(type: RecordType, fields: Set<String>)] = []

  init(_ description: OfficialDescription, _ catalogue: APICatalogue) {
    self.description = description
    self.catalogue = catalogue
    declared = DeclaredShapes(catalogue: catalogue)
    for operation in catalogue.allResources().flatMap(\.operations) {
      if let name = operation.officialName {
        named[name, default: []].append(operation)
      } else {
        unnamed.append(operation)
      }
    }
  }

  private mutating func differ(_ kind: String, _ owner: String, _ detail: String, _ text: String) {
    found.append(Difference(kind: kind, owner: owner, detail: detail, text: text))
  }

  private mutating func count(_ what: String) {
    if let index = compared.firstIndex(where: { $0.what == what }) {
      compared[index].count += 1
    } else {
      compared.append((what, 1))
    }
  }

  mutating func run() {
    let names = Set(description.operations.map(\.name))
    for name in named.keys.sorted() where !names.contains(name) {
      differ("operation", name, "-", "declared, not described")
    }
    for operation in unnamed {
      differ("operation", operation.qualifiedName, "-", "does not say its official name")
    }
    for operation in description.operations {
      guard let ours = named[operation.name] else {
        differ(
          "operation", operation.name, "-", "described, not declared: \(operation.method) \(operation.path)")
        continue
      }
      operations += 1
      for one in ours { route(operation, one) }
      parameters(operation, ours)
      body(operation, ours)
      answers(operation, ours)
    }
    // Declared fields of answers that no description of the type has.
    for (type, fields) in described {
      for field in type.fields where !field.onlySearch && !fields.contains(field.wire) {
        differ("answer-extra", type.name, field.wire, "declared, not described")
      }
    }
  }

  // MARK: Requests

  private mutating func route(_ operation: OfficialDescription.Operation, _ ours: APIOperation) {
    if ours.method.rawValue != operation.method {
      differ(
        "method", operation.name, ours.qualifiedName, "\(ours.method.rawValue), described \(operation.method)"
      )
    }
    if ours.path.shape != PathTemplate(operation.path)?.shape {
      differ("path", operation.name, ours.qualifiedName, "\(ours.path.text), described \(operation.path)")
    }
    count("paths")
  }

  private mutating func parameters(_ operation: OfficialDescription.Operation, _ ours: [APIOperation]) {
    var theirs: [String: Shape] = [:]
    var wanted: [String] = []
    for parameter in operation.parameters where parameter.json["in"] == "query" {
      guard let name = parameter.json["name"]?.stringValue else { continue }
      let schema = parameter["schema"]
      let inner = description.fields(schema)
      if inner.isEmpty {
        theirs[name, default: Shape()].merge(Shape(words: description.words(schema)))
        if parameter.json["required"]?.boolValue == true { wanted.append(name) }
      }
      // An exploded form: its fields are parameters of their own.
      for (key, shape) in inner { theirs[key, default: Shape()].merge(Shape(words: shape.words)) }
    }
    fields("query", operation.name, theirs, ours, .query)
    required(operation.name, "query", wanted, ours)
  }

  private mutating func body(_ operation: OfficialDescription.Operation, _ ours: [APIOperation]) {
    let content = operation.node["requestBody"].map { description.resolve($0) }?["content"]
    let schemas = (content?.json.objectValue ?? [:]).map(\.key).compactMap { content?[$0]?["schema"] }
    var theirs: [String: Shape] = [:]
    for schema in schemas { theirs.merge(description.fields(schema)) { $1 } }
    fields("body", operation.name, theirs, ours, .body)
    for schema in schemas {
      let alternatives = description.alternatives(schema)
      guard alternatives.count == 1 else { continue }
      required(
        operation.name, "body",
        (alternatives[0].json["required"]?.arrayValue ?? []).compactMap(\.stringValue), ours)
    }
  }

  /// What the description demands each call sends: as an argument, by default, or always.
  private mutating func required(_ name: String, _ place: String, _ wanted: [String], _ ours: [APIOperation])
  {
    for key in wanted {
      count("required fields")
      for one in ours {
        var sent = Set(one.fixedFields.compactMap(\.wire.first))
        for parameter in one.parameters where parameter.isRequired || parameter.defaultValue != nil {
          if let first = parameter.wire.first { sent.insert(first) }
        }
        let isSearch =
          one.filterParameter != nil
          || one.fixedFilters.contains { one.parameter($0.parameter)?.isRequired == true }
        if isSearch { sent.insert("query") }
        for requirement in one.requirements
        where requirement.parameters.allSatisfy({ one.parameter($0)?.wire.first == key }) { sent.insert(key) }
        if !sent.contains(key) {
          differ("\(place)-required", name, key, "\(one.qualifiedName) may leave it out")
        }
      }
    }
  }

  /// All builtins of an operation together send what is described, and each of them nothing else.
  private mutating func fields(
    _ place: String, _ owner: String, _ theirs: [String: Shape], _ operations: [APIOperation],
    _ where: Parameter.Place
  ) {
    let all = declared.union(operations, `where`)
    let open = all.keys.filter { $0.hasSuffix(".*") }.map { String($0.dropLast()) }
    func isInside(_ key: String) -> Bool { open.contains { key.hasPrefix($0) } }
    for key in Set(theirs.keys).union(all.keys).sorted() where !key.hasSuffix(".*") {
      count("\(place) fields")
      if theirs[key]?.words.isEmpty == false { count("enumerations") }
      if all[key] == nil, !isInside(key), !all.keys.contains(where: { $0.hasPrefix(key + ".") }) {
        differ("\(place)-missing", owner, key, "described, not declared")
      }
      guard let mine = all[key] else { continue }
      guard let other = theirs[key] else {
        if !isInside(key), !theirs.keys.contains(where: { $0.hasPrefix(key + ".") }) {
          differ("\(place)-extra", owner, key, "declared, not described")
        }
        continue
      }
      if other.words != mine.words { words("\(place)-enum", owner, key, mine.words, other.words) }
    }
    for operation in operations {
      for (key, mine) in declared.fields(operation, `where`).sorted(by: { $0.key < $1.key }) {
        guard let other = theirs[key] else { continue }
        // What one sends always, or lets choose from, is a part of what may be sent.
        if !other.words.isEmpty, mine.words.isEmpty || !mine.words.isSubset(of: other.words),
          mine.words != all[key]?.words
        {
          words("\(place)-enum", owner, key, mine.words, other.words)
        }
        if !other.kinds.isEmpty, !mine.kinds.isEmpty, other.kinds.isDisjoint(with: mine.kinds) {
          differ(
            "\(place)-type", owner, key,
            "\(mine.kinds.sorted().joined(separator: "|")), described \(other.kinds.sorted().joined(separator: "|"))"
          )
        }
      }
    }
  }

  /// The declared words stand in the detail: a row explains these words, not any others.
  private mutating func words(
    _ kind: String, _ owner: String, _ key: String, _ ours: Set<String>, _ theirs: Set<String>
  ) {
    let list = ours.isEmpty ? "open" : ours.sorted().joined(separator: "|")
    differ(kind, owner, "\(key)=\(list)", Comparison.words(ours, theirs))
  }

  private static func words(_ ours: Set<String>, _ theirs: Set<String>) -> String {
    func list(_ words: Set<String>) -> String {
      words.isEmpty ? "open" : words.sorted().joined(separator: "|")
    }
    return "\(list(ours)), described \(list(theirs))"
  }

  // MARK: Answers

  private mutating func answers(_ operation: OfficialDescription.Operation, _ ours: [APIOperation]) {
    let responses = operation.node["responses"]
    for status in (responses?.json.objectValue ?? [:]).map(\.key) where status.hasPrefix("2") {
      let content = responses?[status].map { description.resolve($0) }?["content"]
      for media in (content?.json.objectValue ?? [:]).map(\.key) {
        guard let schema = content?[media]?["schema"] else { continue }
        for one in ours { answer(operation.name, schema, one) }
      }
    }
  }

  private mutating func answer(_ name: String, _ schema: Node, _ ours: APIOperation) {
    switch ours.result {
    case .nothing: differ("answer", name, ours.qualifiedName, "declared without a result")
    case .value(let type): record(name, schema, type)
    case .sequence(let type):
      var schema = schema
      for step in ours.items {
        guard let inner = self.step(schema, step) else {
          differ("items", name, ours.items.joined(separator: "."), "no such list is described")
          return
        }
        schema = inner
      }
      record(name, schema, type)
    }
  }

  private func step(_ schema: Node, _ name: String) -> Node? {
    description.alternatives(schema).lazy.compactMap { $0["properties"]?[name] }.first
  }

  /// A described schema beside a declared type, through lists and the records inside.
  private mutating func record(_ owner: String, _ schema: Node, _ type: FieldType) {
    var schema = description.resolve(schema)
    while schema.json["type"] == "array", let items = schema["items"] { schema = description.resolve(items) }
    var type = type
    while case .list(let element) = type { type = element }
    guard case .object(let name) = type, let record = catalogue.recordType(name) else { return }
    var properties: [(key: String, node: Node)] = []
    for alternative in description.alternatives(schema) {
      for key in (alternative.json["properties"]?.objectValue ?? [:]).map(\.key) {
        guard let node = alternative["properties"]?[key] else { continue }
        if let index = properties.firstIndex(where: { $0.key == key }) {
          properties[index].node = node
        } else {
          properties.append((key, node))
        }
      }
    }
    guard !properties.isEmpty, pairs.insert("\(name) \(schema.place)").inserted else { return }
    if let index = described.firstIndex(where: { $0.type.name == name }) {
      described[index].fields.formUnion(properties.map(\.key))
    } else {
      described.append((record, Set(properties.map(\.key))))
    }
    let fields = Dictionary(record.fields.filter { !$0.onlySearch }.map { ($0.wire, $0) }) { $1 }
    for (key, node) in properties {
      count("answer fields")
      if let field = fields[key] {
        answerField(owner, name, key, node, field)
      } else {
        differ("answer-missing", name, key, "described for \(owner), not declared")
      }
    }
  }

  private mutating func answerField(
    _ owner: String, _ name: String, _ key: String, _ node: Node, _ field: Field
  ) {
    var schema = node
    if let inside = field.inside {
      guard let inner = step(schema, inside) else {
        differ("answer-inside", name, key, "no list \(inside) is described")
        return
      }
      schema = inner
    }
    var element = description.resolve(schema)
    var type = field.type
    if case .list(let inner) = type {
      element =
        element["items"].map { description.resolve($0) } ?? Node(json: .null, place: element.place + "/items")
      type = inner
    }
    let words = description.words(element)
    let ours: Set<String> = if case .choice(let words) = type { Set(words) } else { [] }
    if !words.isEmpty { count("enumerations") }
    if ours != words, !ours.isEmpty || words.count > 1 {
      self.words("answer-enum", name, key, ours, words)
    }
    let theirs = description.kinds(element)
    let mine: Set<String> =
      switch type {
      case .id, .reference: ["string", "integer"]
      default: declared.kind(type)
      }
    if !theirs.isEmpty, !mine.isEmpty, theirs.isDisjoint(with: mine) {
      differ("answer-type", name, key, "\(type), described \(theirs.sorted().joined(separator: "|"))")
    }
    record(owner, element, type)
  }
}
