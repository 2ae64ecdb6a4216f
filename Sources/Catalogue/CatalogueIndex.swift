/// What is declared where, known without parsing anything.
///
/// `scripts/embed-stdlib` writes it beside the embedded text, one line a file:
/// `api/tags.parl|tags of tag:list get create|tag`. Between the bars stand the resources with their
/// record type and operations, `;` between two of them, then the types.
public struct CatalogueIndex: Sendable {
  public struct ResourceEntry: Sendable, Hashable {
    public var name: String
    public var recordType: String?
    /// In the order of declaration, each name once.
    public var operations: [String]
    public var file: String
  }

  /// In the order of the files.
  public private(set) var resources: [ResourceEntry] = []
  private var resourcePositions: [String: Int] = [:]
  private var typeFiles: [String: String] = [:]
  private var resourcesByType: [String: String] = [:]

  public init() {}

  /// Reads the generated text; a line of another form is left out.
  public init(text: String) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "|", omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let file = String(parts[0])
      for entry in parts[1].split(separator: ";") {
        let halves = entry.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { continue }
        let words = halves[0].split(separator: " ")
        guard let name = words.first else { continue }
        add(
          ResourceEntry(
            name: String(name),
            recordType: words.count == 3 ? String(words[2]) : nil,
            operations: halves[1].split(separator: " ").map { String($0) },
            file: file))
      }
      for type in parts[2].split(separator: " ") { addType(String(type), file: file) }
    }
  }

  public mutating func add(_ entry: ResourceEntry) {
    guard resourcePositions[entry.name] == nil else { return }
    resourcePositions[entry.name] = resources.count
    resources.append(entry)
    if let type = entry.recordType, resourcesByType[type] == nil { resourcesByType[type] = entry.name }
  }

  public mutating func addType(_ name: String, file: String) {
    if typeFiles[name] == nil { typeFiles[name] = file }
  }

  public func resource(_ name: String) -> ResourceEntry? {
    guard let position = resourcePositions[name], resources.indices.contains(position) else {
      return nil
    }
    return resources[position]
  }

  /// The file that declares a type.
  public func file(ofType name: String) -> String? { typeFiles[name] }

  public var typeNames: [String] { typeFiles.keys.sorted() }

  /// The resource whose records are of this type.
  public func resource(ofType name: String) -> String? { resourcesByType[name] }
}
