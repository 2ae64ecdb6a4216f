import Foundation
import Glibc
import JSON
import TestSupport
import Testing

@testable import Sandbox

/// What a file store holds after its process was killed in the middle of writing.
struct KillTests {
  /// The probe lies beside the test bundle.
  private static func probe() -> URL? {
    var folders = CommandLine.arguments.filter { $0.contains(".xctest") }.map {
      URL(fileURLWithPath: $0).deletingLastPathComponent()
    }
    folders.append(URL(fileURLWithPath: ".build/debug"))
    return folders.flatMap { [$0, $0.deletingLastPathComponent()] }
      .map { $0.appendingPathComponent("SandboxProbe") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  private final class Served {
    let process = Process()
    let port: Int

    init(_ probe: URL, _ arguments: [String]) throws {
      process.executableURL = probe
      process.arguments = arguments
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      var line = Data()
      while line.last != 10 {
        let more = output.fileHandleForReading.readData(ofLength: 1)
        if more.isEmpty { break }
        line += more
      }
      let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      port = text.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    func kill() {
      Glibc.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
  }

  private func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm", ".making"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
  }

  /// Ten rounds by default, two hundred in the long lane: every write that was answered is there, with its
  /// line in the ledger, and the one under way is there as a whole or not at all.
  @Test func everyAnsweredWriteOutlivesAKill() throws {
    let probe = try #require(Self.probe(), "SandboxProbe is not built")
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("kill-\(UUID().uuidString)").path
    defer { remove(path) }
    let rounds = ProcessInfo.processInfo.environment["PARLANCE_LONG_TESTS"] != nil ? 200 : 10
    var dice = Dice(11)
    var answered: [String] = []
    for round in 0..<rounds {
      let served = try Served(probe, ["--data", path, "--seed", "empty", "--clock", "1768478400"])
      let client = RawClient(port: served.port)
      // The store is there before the race begins.
      #expect(try client.get("/me").status == 200)
      // Killed from another thread at some moment of the writing.
      let moment = UInt32(2_000 + dice.below(60_000))
      let pid = served.process.processIdentifier
      let killer = Thread {
        usleep(moment)
        Glibc.kill(pid, SIGKILL)
      }
      killer.start()
      var number = 0
      while true {
        let email = "r\(round)n\(number)@example.com"
        guard let made = try? client.post("/contacts", ["email": .string(email)]) else { break }
        #expect(made.status == 200)
        answered.append(email)
        if let id = made.json["id"]?.stringValue,
          let tagged = try? client.post("/tags", ["name": "all", "users": [["id": .string(id)]]])
        {
          #expect(tagged.status == 200)
        }
        number += 1
      }
      served.kill()
    }
    let sandbox = try TestSandbox { $0.location = .file(path: path) }
    var found: Set<String> = []
    var cursor: JSONValue?
    repeat {
      var pagination: JSONObject = ["per_page": 150]
      if let cursor { pagination["starting_after"] = cursor }
      let page = try sandbox.client.post(
        "/contacts/search",
        ["query": ["field": "created_at", "operator": ">", "value": 0], "pagination": .object(pagination)]
      ).json
      for contact in page["data"]?.arrayValue ?? [] { found.insert(contact["email"]?.stringValue ?? "") }
      cursor = page["pages"]?["next"]?["starting_after"]
    } while cursor != nil
    #expect(found.isSuperset(of: answered))
    // At most the one write of each round whose answer did not arrive.
    #expect(found.count <= answered.count + rounds)
    let created = try sandbox.server.requests().filter { $0.operation == "CreateContact" && $0.applied }
    #expect(created.count == found.count)
    #expect(!answered.isEmpty)
  }

  /// A store is there as a whole or not at all.
  @Test func aKillWhileSeedingLeavesNoHalfStore() throws {
    let probe = try #require(Self.probe(), "SandboxProbe is not built")
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("seed-\(UUID().uuidString)").path
    defer { remove(path) }
    for moment in [UInt32(20_000), 120_000, 300_000] {
      let served = try Served(probe, ["--data", path, "--contacts", "3000", "--clock", "1768478400"])
      usleep(moment)
      served.kill()
    }
    let sandbox = try TestSandbox {
      $0.location = .file(path: path)
      $0.seed = .synthetic(contacts: 3_000)
    }
    #expect(try sandbox.client.get("/contacts").json["total_count"] == 3_000)
  }
}
