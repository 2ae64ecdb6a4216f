/// The declarations, library and runbooks written in the language itself, as they lie in `stdlib/`.
public enum Stdlib {
  public struct File: Sendable {
    /// Below `stdlib/`: `api/tags.parl`.
    public let path: String
    public let text: String
  }

  /// All files, by path.
  public static var files: [File] { generatedFiles }

  /// What `api/*.parl` declares, a line a file: `CatalogueIndex` reads it.
  public static var index: String { generatedIndex }

  public static func file(_ path: String) -> File? { generatedFiles.first { $0.path == path } }
}
