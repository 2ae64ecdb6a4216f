import Diagnostics
import Stdlib
import Synchronization
import Syntax

/// Everything that is known about the API: resources, operations and record types, from the shipped
/// declarations and a script's own.
///
/// A file is parsed when something in it is asked for, so that start-up costs only the index.
public final class APICatalogue: Sendable {
  /// A file of declarations with what is wrong in it.
  public struct FileReport: Sendable {
    public var source: SourceText
    public var diagnostics: [Diagnostic]
  }

  /// The shipped declarations.
  public static let standard = APICatalogue(
    files: Stdlib.files.map { ($0.path, $0.text) }, index: CatalogueIndex(text: Stdlib.index))

  /// Names of resources, operations and types.
  public let index: CatalogueIndex
  private let texts: [String: String]
  private let base: APICatalogue?
  private let state: Mutex<State>

  private struct State: Sendable {
    var resources: [String: Resource] = [:]
    var types: [String: RecordType] = [:]
    var loaded: Set<String> = []
  }

  /// A catalogue of shipped files; they may claim any effect.
  public init(files: [(path: String, text: String)], index: CatalogueIndex) {
    self.index = index
    texts = Dictionary(files.map { ($0.path, $0.text) }) { first, _ in first }
    base = nil
    state = Mutex(State())
  }

  private init(base: APICatalogue, index: CatalogueIndex, loaded: LoadedDeclarations) {
    self.base = base
    self.index = index
    texts = [:]
    var state = State()
    for resource in loaded.resources { state.resources[resource.name] = resource }
    for type in loaded.types { state.types[type.name] = type }
    self.state = Mutex(state)
  }

  /// All names in the order of declaration.
  public var resourceNames: [String] { index.resources.map { $0.name } }

  /// The names of a resource's operations, each once; nil for an unknown resource. Parses nothing.
  public func operationNames(of resource: String) -> [String]? { index.resource(resource)?.operations }

  /// The resource whose records are of this type. Parses nothing.
  public func resourceName(ofType type: String) -> String? { index.resource(ofType: type) }

  public func resource(_ name: String) -> Resource? {
    if let own = state.withLock({ $0.resources[name] }) { return own }
    guard let file = index.resource(name)?.file else { return nil }
    loadIfNeeded(file)
    return state.withLock { $0.resources[name] } ?? base?.resource(name)
  }

  public func recordType(_ name: String) -> RecordType? {
    if let own = state.withLock({ $0.types[name] }) { return own }
    guard let file = index.file(ofType: name) else { return nil }
    loadIfNeeded(file)
    return state.withLock { $0.types[name] } ?? base?.recordType(name)
  }

  /// All operations of a name: several where the type of a record decides. Empty for unknown ones.
  public func operations(_ resource: String, _ name: String) -> [APIOperation] {
    self.resource(resource)?.operations(named: name) ?? []
  }

  /// Every resource, in the order of declaration. Parses everything.
  public func allResources() -> [Resource] { resourceNames.compactMap { resource($0) } }

  /// Every record type, by name. Parses everything.
  public func allRecordTypes() -> [RecordType] { index.typeNames.compactMap { recordType($0) } }

  /// Parses every shipped file and says what is wrong with it; for tests and tools.
  public func checkAll() -> [FileReport] {
    texts.keys.sorted().filter { $0.hasPrefix("api/") }.map { path in
      let (source, loaded) = load(path)
      return FileReport(source: source, diagnostics: loaded.diagnostics)
    }
  }

  /// What has been parsed so far; for tests.
  var loadedFiles: [String] { state.withLock { $0.loaded.sorted() } }

  private func loadIfNeeded(_ path: String) {
    guard texts[path] != nil, !state.withLock({ $0.loaded.contains(path) }) else { return }
    let (_, loaded) = load(path)
    state.withLock { state in
      state.loaded.insert(path)
      for resource in loaded.resources { state.resources[resource.name] = resource }
      for type in loaded.types { state.types[type.name] = type }
    }
  }

  private func load(_ path: String) -> (SourceText, LoadedDeclarations) {
    let source = SourceText(name: "stdlib/\(path)", text: texts[path] ?? "")
    let parsed = Parser.parse(source)
    var loader = DeclarationLoader(scope: Self.scope(of: index), isTrusted: true)
    var loaded = loader.load(parsed.script)
    loaded.diagnostics = parsed.diagnostics + loaded.diagnostics
    return (source, loaded)
  }

  private static func scope(of index: CatalogueIndex) -> DeclarationScope {
    DeclarationScope(
      knowsType: { index.file(ofType: $0) != nil },
      operations: { index.resource($0)?.operations },
      resourceOfType: { index.resource(ofType: $0) })
  }

  /// This catalogue with a script's own `resource` and `type` declarations. They may add names, not
  /// redefine any, and an operation may not claim less than its method. The catalogue that comes
  /// back is to be used only if no diagnostic is an error.
  public func adding(_ script: Script) -> (catalogue: APICatalogue, diagnostics: [Diagnostic]) {
    var index = index
    var diagnostics: [Diagnostic] = []
    var accepted: [Declaration] = []
    for declaration in script.declarations {
      switch declaration {
      case .resource(let resource):
        if index.resource(resource.name.text) != nil {
          diagnostics.append(
            DeclarationFault.duplicateResource(resource.name.text).diagnostic(
              at: resource.name.range))
          continue
        }
        var names: [String] = []
        for operation in resource.operations where !names.contains(operation.name.text) {
          names.append(operation.name.text)
        }
        index.add(
          CatalogueIndex.ResourceEntry(
            name: resource.name.text, recordType: resource.recordType?.text, operations: names,
            file: ""))
        accepted.append(declaration)
      case .type(let type):
        if index.file(ofType: type.name.text) != nil {
          diagnostics.append(
            DeclarationFault.duplicateType(type.name.text).diagnostic(at: type.name.range))
          continue
        }
        index.addType(type.name.text, file: "")
        accepted.append(declaration)
      default: break
      }
    }
    var loader = DeclarationLoader(scope: Self.scope(of: index), isTrusted: false)
    let loaded = loader.load(Script(declarations: accepted, documentation: nil))
    return (APICatalogue(base: self, index: index, loaded: loaded), diagnostics + loaded.diagnostics)
  }
}
