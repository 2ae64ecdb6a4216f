import Catalogue
import Diagnostics
import HTTP
import JSON
import Machine

/// Records that calls may name by name: tags, teammates, teams … Read once for each type, and again when
/// a name is not among them.
final class Directory {
  struct Entry {
    var id: String
    var name: String?
    var others: [String]
    /// The record as it came.
    var record: JSONValue
  }

  /// Types whose records are few, all listed at once, and called by a name.
  static func canName(_ type: String, _ catalogue: APICatalogue) -> Bool {
    guard let resource = catalogue.resourceName(ofType: type), let all = catalogue.resource(resource)?.all,
      all.paging?.style == Paging.Style.none || type == "newsfeed", let declared = catalogue.recordType(type)
    else { return false }
    return declared.field(with: .name) != nil || declared.field(with: .alias) != nil
      || declared.field("default_translation") != nil
  }

  private unowned let binding: APIBinding
  private var entries: [String: [Entry]] = [:]
  private var waiting: [String: [(Result<[Entry], RuntimeError>) -> Void]] = [:]

  init(_ binding: APIBinding) { self.binding = binding }

  /// Forgets a type's records: a write may have changed them.
  func forget(_ type: String) { entries[type] = nil }

  func forgetAll() { entries = [:] }

  /// What is known of a type, without asking.
  func known(_ type: String) -> [Entry]? { entries[type] }

  func isReading(_ type: String) -> Bool { waiting[type] != nil }

  /// Reads a type's records for whoever asks next.
  func read(_ type: String) { load(type) { _ in } }

  /// The record that a text names; calls back at once where that is known.
  func find(_ type: String, _ text: String, _ done: @escaping (Result<Entry, RuntimeError>) -> Void) {
    if let known = entries[type] {
      if case .success(let entry) = pick(type, text, known) { return done(.success(entry)) }
    }
    load(type) { [self] result in
      done(result.flatMap { pick(type, text, $0) })
    }
  }

  /// All records of a type, as they came; none where they cannot be read.
  func records(of type: String, _ done: @escaping ([JSONValue]) -> Void) {
    if let known = entries[type] { return done(known.map(\.record)) }
    load(type) { done(((try? $0.get()) ?? []).map(\.record)) }
  }

  private func pick(_ type: String, _ text: String, _ known: [Entry]) -> Result<Entry, RuntimeError> {
    if let byID = known.first(where: { $0.id == text }) { return .success(byID) }
    let exact = known.filter { $0.name == text || $0.others.contains(text) }
    let matches =
      exact.isEmpty
      ? known.filter {
        $0.name?.lowercased() == text.lowercased()
          || $0.others.contains { $0.lowercased() == text.lowercased() }
      }
      : exact
    if matches.count > 1 { return .failure(APIMessages.ambiguous(type, text, ids: matches.map(\.id))) }
    if let match = matches.first { return .success(match) }
    let names = known.compactMap(\.name) + known.flatMap(\.others)
    return .failure(
      APIMessages.noSuch(type, text, near: Spelling.nearest(text, in: names), known: known.count))
  }

  private func load(_ type: String, _ done: @escaping (Result<[Entry], RuntimeError>) -> Void) {
    if waiting[type] != nil {
      waiting[type]?.append(done)
      return
    }
    guard let resource = binding.catalogue.resourceName(ofType: type),
      let all = binding.catalogue.resource(resource)?.all, let declared = binding.catalogue.recordType(type)
    else {
      return done(
        .failure(RuntimeError("\(APIMessages.article(type)) cannot be found by name", code: "argument")))
    }
    waiting[type] = [done]
    let pages = PageReader(
      ResolvedCall(operation: all, arguments: [:], order: [], signer: nil), search: nil, sort: nil,
      catalogue: binding.catalogue)
    gather(pages, declared, []) { [self] result in
      if case .success(let found) = result { entries[type] = found }
      for waiter in waiting.removeValue(forKey: type) ?? [] { waiter(result) }
    }
  }

  private func gather(
    _ pages: PageReader, _ type: RecordType, _ found: [Entry],
    _ done: @escaping (Result<[Entry], RuntimeError>) -> Void
  ) {
    let request: HTTPRequest
    do throws(RuntimeError) { request = try pages.next(size: nil) } catch {
      return done(.failure(error))
    }
    binding.read(pages.operation, request) { [self] result in
      do throws(RuntimeError) {
        let page = try pages.accept(try result.get(), binding.reader, binding.machine)
        let found = found + binding.machine.items(page).compactMap { entry($0, type) }
        if pages.hasMore { gather(pages, type, found, done) } else { done(.success(found)) }
      } catch {
        done(.failure(error))
      }
    }
  }

  private func entry(_ record: Value, _ type: RecordType) -> Entry? {
    let machine = binding.machine
    func text(_ field: Field?) -> String? {
      guard let field else { return nil }
      let value = machine.field(field.wire, of: record)
      if value.tag == .int { return String(value.asInt) }
      return value.tag == .string ? machine.text(of: value) : nil
    }
    // Attributes that Intercom brings along have a name, and no id.
    guard let id = text(type.field(with: .key)) ?? (type.name == "data_attribute" ? "" : nil) else {
      return nil
    }
    return Entry(
      id: id, name: text(type.field(with: .name)) ?? nestedName(record),
      others: type.fields.filter { $0.role == .alias }.compactMap { text($0) },
      record: (try? machine.json(of: record)) ?? .null)
  }

  /// Subscription types bear their name in a translation, ticket states in a label.
  private func nestedName(_ record: Value) -> String? {
    let machine = binding.machine
    let translation = machine.field("name", of: machine.field("default_translation", of: record))
    return translation.tag == .string ? machine.text(of: translation) : nil
  }
}
