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
    // Bytes in one piece, not characters or slices of them: this is on the way of every start.
    var text = text
    text.withUTF8 { bytes in
      for line in Self.parts(bytes, UInt8(ascii: "\n")) {
        let parts = Self.parts(line, UInt8(ascii: "|"))
        guard parts.count == 3 else { continue }
        let file = Self.text(parts[0])
        for entry in Self.parts(parts[1], UInt8(ascii: ";")) {
          let halves = Self.parts(entry, UInt8(ascii: ":"))
          guard halves.count == 2 else { continue }
          let words = Self.words(halves[0])
          guard let name = words.first else { continue }
          add(
            ResourceEntry(
              name: name, recordType: words.count == 3 ? words[2] : nil,
              operations: Self.words(halves[1]), file: file))
        }
        for type in Self.words(parts[2]) { addType(type, file: file) }
      }
    }
  }

  private static func parts(_ bytes: UnsafeBufferPointer<UInt8>, _ separator: UInt8) -> [UnsafeBufferPointer<
    UInt8
  >] {
    var parts: [UnsafeBufferPointer<UInt8>] = []
    var start = 0
    for index in 0...bytes.count where index == bytes.count || bytes[index] == separator {
      parts.append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
      start = index + 1
    }
    return parts
  }

  private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  private static func words(_ bytes: UnsafeBufferPointer<UInt8>) -> [String] {
    parts(bytes, UInt8(ascii: " ")).filter { !$0.isEmpty }.map { text($0) }
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
