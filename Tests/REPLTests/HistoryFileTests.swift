import Foundation
import Testing

@testable import REPL

@Suite struct HistoryFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)")
  private var path: String { folder.path + "/state/parlance/history" }

  @Test func standsInTheStateFolder() {
    #expect(
      HistoryFile.standardPath { ["XDG_STATE_HOME": "/s", "HOME": "/h"][$0] } == "/s/parlance/history")
    #expect(HistoryFile.standardPath { ["HOME": "/h"][$0] } == "/h/.local/state/parlance/history")
    #expect(
      HistoryFile.standardPath { ["XDG_STATE_HOME": "relative", "HOME": "/h"][$0] }
        == "/h/.local/state/parlance/history")
    #expect(HistoryFile.standardPath { _ in nil } == nil)
  }

  @Test func comesBackAsItWas() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = HistoryFile(path: path)
    #expect(file.load() == [])
    let entries = ["1 + 1", "(1 +\n  2)", "\"a\\n\" \\ b", "語 🎉"]
    for entry in entries { try file.append(entry) }
    #expect(file.load() == entries)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func closesAFileThatOthersCouldRead() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = HistoryFile(path: path)
    try file.append("a")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    try file.append("b")
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
  }

  @Test func isCutWhenItGrewFarBeyondTheLimit() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(
      atPath: folder.path + "/state/parlance", withIntermediateDirectories: true)
    let lines = (0...History.limit * 2).map { "line \($0)\n" }.joined()
    try Data(lines.utf8).write(to: URL(fileURLWithPath: path))
    #expect(HistoryFile(path: path).load().count == History.limit)
    let left = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(left.count == History.limit)
    #expect(left.last == "line \(History.limit * 2)")
  }

  @Test func saysWhyItCannotBeWritten() {
    #expect(throws: TextFile.Failure.self) { try HistoryFile(path: "/proc/nowhere/history").append("a") }
  }
}
