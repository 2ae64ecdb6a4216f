import Foundation
import Testing

/// Requests that once went wrong, as scripts/fuzz-sandbox kept them: each is answered as documented.
struct RequestCorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Requests")

  @Test func eachKeptRequestGetsADocumentedAnswer() throws {
    let files = try FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "http" }.sorted { $0.path < $1.path }
    #expect(!files.isEmpty)
    let sandbox = try TestSandbox {
      $0.seed = .demo
      $0.bodyLimit = 200_000
      $0.arrivalLimit = 300
    }
    for file in files {
      let raw = Array(try Data(contentsOf: file))
      let client = RawClient(port: sandbox.port)
      try client.send(raw)
      guard let answer = try? client.receive(head: raw.starts(with: Array("HEAD".utf8))) else { continue }
      #expect(answer.status < 500, "\(file.lastPathComponent): \(answer.status)")
      if answer.status >= 400, !answer.body.isEmpty {
        #expect(answer.json["type"] == "error.list", "\(file.lastPathComponent)")
      }
    }
    #expect(try sandbox.client.get("/me").status == 200)
  }
}
