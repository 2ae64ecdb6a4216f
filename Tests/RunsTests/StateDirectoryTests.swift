import Foundation
import Testing

@testable import Runs

@Suite struct StateDirectoryTests {
  @Test func isFoundByTheEnvironment() {
    #expect(StateDirectory.find(in: ["PARLANCE_STATE": "/a", "HOME": "/h"])?.path == "/a")
    #expect(StateDirectory.find(in: ["XDG_STATE_HOME": "/x"])?.path == "/x/parlance/runs")
    #expect(
      StateDirectory.find(in: ["HOME": "/h", "PARLANCE_STATE": ""])?.path == "/h/.local/state/parlance/runs")
    #expect(StateDirectory.find(in: [:]) == nil)
  }

  @Test func isPrivate() throws {
    let temporary = TemporaryDirectory()
    try temporary.state.prepare()
    let attributes = try FileManager.default.attributesOfItem(atPath: temporary.path)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
    #expect(throws: JournalError.self) { try StateDirectory(path: "/proc/nowhere/runs").prepare() }
  }

  @Test func knowsNetworkFileSystems() {
    let table = MountTable("dev / ext4 rw 0 0\nhost:/x /tmp nfs4 rw 0 0\n")
    #expect(table.type(of: "/tmp/none/there") == "nfs4")
    #expect(table.type(of: "/usr") == "ext4")
  }

  @Test func idsSortAndType() {
    var random = SystemRandomNumberGenerator()
    let id = RunID.make(at: 1_795_348_800_000, random: &random)
    #expect(id.hasPrefix("r-20261122-") && RunID.isValid(id))
    for text in [
      "r-2026112-abcd", "r-20261122-abc", "../r-20261122-abcd", "r-20261122-ab/d", "r-20261122-l0o1",
    ] {
      #expect(!RunID.isValid(text))
    }
    #expect(CivilDate.from(days: 0) == (1970, 1, 1))
    #expect(CivilDate.from(days: 11_016) == (2000, 2, 29))
    #expect(CivilDate.from(days: 11_017) == (2000, 3, 1))
  }

  @Test func oneRunHoldsAWorkspace() throws {
    let temporary = TemporaryDirectory()
    try temporary.state.prepare()
    var lock: WorkspaceLock? = try WorkspaceLock(workspace: "w1", run: "r-a", in: temporary.state)
    do throws(JournalError) {
      _ = try WorkspaceLock(workspace: "w1", run: "r-b", in: temporary.state)
      Issue.record("a second run took the workspace")
    } catch {
      guard case .held("w1", let by) = error else { throw error }
      #expect(by.hasPrefix("r-a"))
    }
    _ = try WorkspaceLock(workspace: "w2", run: "r-b", in: temporary.state)
    withExtendedLifetime(lock) {}
    lock = nil
    // The name of the one before is still in the file; the lock is what counts.
    _ = try WorkspaceLock(workspace: "w1", run: "r-b", in: temporary.state)
    #expect(WorkspaceLock.holder(of: "w1", in: temporary.state) == nil)
  }

  @Test func controlIsReadBack() throws {
    let temporary = TemporaryDirectory()
    try temporary.state.prepare()
    let file = ControlFile(run: "r-20261122-abcd", in: temporary.state)
    #expect(file.words(after: 0).isEmpty)
    try file.write(.pause)
    try file.write(.rate(60))
    #expect(file.words(after: 0).map(\.number) == [1, 2])
    #expect(file.words(after: 0).map(\.command) == [.pause, .rate(60)])
    #expect(file.words(after: 1).map(\.command) == [.rate(60)])
    for _ in 0..<100 { try file.write(.rate(100_000)) }
    #expect(file.words(after: 0).map(\.number) == Array(87...102))
    #expect(ControlFile.command(["rate", "-1"]) == nil)
    #expect(ControlFile.command(["pause", "now"]) == nil)
  }

  @Test func ballastIsReal() throws {
    let temporary = TemporaryDirectory()
    try temporary.state.prepare()
    let ballast = Ballast(in: temporary.state)
    try ballast.lay()
    let size = try FileManager.default.attributesOfItem(atPath: ballast.path)[.size] as? Int
    #expect(size == Ballast.size)
    ballast.release()
    #expect(!FileManager.default.fileExists(atPath: ballast.path))
  }
}
