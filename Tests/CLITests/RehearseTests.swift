import Foundation
import Sandbox
import Testing

import enum Runs.ExitCode
import struct Runs.RunShelf
import struct Runs.StateDirectory

@testable import CLI

/// A sandbox stands in for the live workspace: it must be read and not written, whatever the script does.
@Suite(.serialized) struct RehearseTests {
  private final class Place {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "rehearse-\(UUID().uuidString)")
    let server: SandboxServer
    let port: Int
    var said = ""
    var printed = ""

    init() throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var configuration = SandboxConfiguration()
      configuration.seed = .demo
      server = try SandboxServer(configuration: configuration)
      port = try server.start()
      try server.waitUntilReady()
    }

    deinit {
      server.stop()
      try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func run(_ script: String, _ words: [String] = []) throws -> ExitCode {
      try Data(script.utf8).write(to: folder.appendingPathComponent("job.parl"))
      return try command(["rehearse", path("job.parl"), "--base-url", "http://127.0.0.1:\(port)"] + words)
    }

    func command(_ words: [String]) throws -> ExitCode {
      (said, printed) = ("", "")
      let console = Console(outputIsTerminal: false) { [unowned self] descriptor, bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if descriptor == 1 { printed += text } else { said += text }
        return true
      }
      let line = try CommandLineReader.read(words)
      let context = CommandContext(
        arguments: line.arguments, console: console,
        environment: ["PARLANCE_STATE": path("state"), "TMPDIR": folder.path])
      defer { console.flush() }
      return try CommandRunner.run(line.command, context)
    }

    /// What the workspace was asked that was no read.
    func writes() throws -> [LedgerEntry] { try server.requests().filter { $0.isWrite || $0.applied } }

    func runs() throws -> [RunShelf.Entry] {
      try RunShelf(StateDirectory(path: path("state"))).entries().runs
    }
  }

  /// Its reads see its writes: no plan reaches to its end.
  private static let script = """
    let label = tags.create("rehearsed")
    contacts | filter { .role == "lead" } | take(5) | bulk "mark" {
      tags.apply(it, label)
      if has_tag(contacts.get(it), label) { contacts.update(it, name: "Marked") }
    }
    print(contacts | filter { .name == "Marked" } | count)
    """

  @Test func theScriptSeesItsWritesAndTheWorkspaceIsOnlyRead() throws {
    let place = try Place()
    #expect(try place.run(Self.script) == .done, "\(place.said)")
    #expect(place.printed == "5\n")
    let requests = try place.server.requests()
    #expect(!requests.isEmpty)
    #expect(try place.writes().isEmpty)
    #expect(place.said.contains("Nothing was written to http://127.0.0.1:\(place.port)"))
    #expect(place.said.contains("it got \(requests.count) requests"))
    for line in ["  contacts.update  5", "  tags.apply  5", "  tags.create  1", "The copy cannot know"] {
      #expect(place.said.contains(line), "\(place.said)")
    }
    // The copy is gone.
    let left = try FileManager.default.contentsOfDirectory(atPath: place.folder.path).sorted()
    #expect(left == ["job.parl", "state"])
  }

  @Test func itsJournalIsReadAndNothingGoesOnWithIt() throws {
    let place = try Place()
    #expect(try place.run(Self.script, ["--max-writes", "3"]) == .stopped)
    #expect(!place.said.contains("parlance resume"))
    let run = try #require(try place.runs().first?.run)
    #expect(run.mode == "rehearse" && run.account == "rehearsal of http://127.0.0.1:\(place.port)")
    for words in [
      ["resume", run.id], ["retry", run.id], ["undo", run.id], ["apply", run.id],
      ["settle", run.id, "1.1.1", "done"],
    ] {
      let problem = #expect(throws: Problem.self) {
        _ = try place.command(
          words + (words[0] == "settle" ? [] : ["--base-url", "http://127.0.0.1:\(place.port)"]))
      }
      #expect(problem?.message.contains("was a rehearsal") == true, "\(words): \(problem?.message ?? "")")
    }
    // It is no unfinished run of the script.
    #expect(
      try place.command([
        "run", place.path("job.parl"), "--apply", "--base-url", "http://127.0.0.1:\(place.port)",
      ])
        == .done)
    #expect(try place.writes().count == 11)
  }

  @Test func aCopyThatIsKeptIsRehearsedOnAgain() throws {
    let place = try Place()
    #expect(try place.run(Self.script, ["--copy-to", place.path("kept.sandbox")]) == .done)
    let before = try place.server.requests().count
    let again = ["rehearse", place.path("job.parl"), "--copy-of", place.path("kept.sandbox")]
    #expect(try place.command(again) == .done)
    // The same five, a second time.
    #expect(place.printed == "5\n")
    #expect(try place.server.requests().count == before)
    let problem = #expect(throws: Problem.self) {
      _ = try place.run(Self.script, ["--copy-to", place.path("kept.sandbox")])
    }
    #expect(problem?.exit == .usage)
  }

  @Test func mistakesComeBeforeTheFirstRequest() throws {
    let place = try Place()
    #expect(try place.run("print(contatcs | count)") == .scriptError)
    #expect(try place.server.requests().isEmpty)
  }

  @Test func aCopyHoldsWhatTheScriptCanReach() {
    let people = CopyExtent(reaching: ["contacts.list", "tags.apply"])
    #expect(people.people && !people.conversations && !people.tickets && !people.articles && !people.news)
    #expect(!people.withParts && people.missing.isEmpty)
    let talk = CopyExtent(reaching: ["conversations.search", "conversations.close"])
    #expect(talk.people && talk.conversations && !talk.tickets && !talk.withParts)
    #expect(CopyExtent(reaching: ["conversations.get"]).withParts)
    #expect(!CopyExtent(reaching: ["articles.list"]).people)
    #expect(CopyExtent(reaching: ["notes.list"]).withParts)
    #expect(CopyExtent(reaching: ["segments.list", "contacts.list"]).missing == ["segments"])
    // Whatever it may ask for.
    for operation in ["api.get", "exports.create", "tags.delete"] {
      let all = CopyExtent(reaching: [operation])
      #expect(all.conversations && all.tickets && all.articles && all.news)
    }
  }
}
