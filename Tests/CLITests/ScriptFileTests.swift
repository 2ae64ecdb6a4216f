import Foundation
import Testing

@testable import CLI

@Suite struct ScriptFileTests {
  private func failure(_ body: () throws(CLI.Problem) -> Void) -> CLI.Problem? {
    do throws(CLI.Problem) {
      try body()
      return nil
    } catch { return error }
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "parlance-cli-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func whatIsNoScriptSaysWhy() throws {
    try withFolder { folder in
      let files = ScriptFile(environment: [:])
      #expect(
        failure { () throws(CLI.Problem) in _ = try files.load(folder) }?.message
          == "`\(folder)` is a folder, not a file")
      let missing = failure { () throws(CLI.Problem) in _ = try files.load("\(folder)/clena.parl") }
      #expect(missing?.exit == .usage)
      try Data("print 1".utf8).write(to: URL(fileURLWithPath: "\(folder)/clean.parl"))
      let near = failure { () throws(CLI.Problem) in _ = try files.load("\(folder)/clena.parl") }
      #expect(near?.hints == ["did you mean `\(folder)/clean.parl`?"])
    }
  }

  @Test func bytesThatAreNoText() {
    let elf = failure { () throws(CLI.Problem) in
      _ = try ScriptFile.source("x", [0x7F, 0x45, 0x4C, 0x46, 0, 0])
    }
    #expect(elf?.message == "`x` is no script: it holds binary data")
    let latin = failure { () throws(CLI.Problem) in
      _ = try ScriptFile.source("x", Array("a\nb".utf8) + [0xE9, 0x20])
    }
    #expect(latin?.message.hasPrefix("x:2: this is not a text file in UTF-8") == true)
    #expect(latin?.exit == .scriptError)
    #expect(failure { () throws(CLI.Problem) in _ = try ScriptFile.source("x", []) } == nil)
  }

  @Test func ownRunbooksComeBeforeThoseThatShip() throws {
    try withFolder { folder in
      let path = "\(folder)/tag-dormant-contacts.parl"
      try Data("## mine\nprint 1".utf8).write(to: URL(fileURLWithPath: path))
      let files = ScriptFile(environment: ["PARLANCE_PATH": folder])
      #expect(try files.load("tag-dormant-contacts").name == path)
      #expect(files.runbooks().filter { $0.name == "tag-dormant-contacts" }.map(\.path) == [path])
      let shipped = try ScriptFile(environment: [:]).load("tag-dormant-contacts")
      #expect(shipped.name == "runbooks/tag-dormant-contacts.parl")
    }
  }
}
