import HTTP
import Testing

@testable import CLI

@Suite struct DestinationTests {
  private func login(_ id: String?, zone: String? = nil) -> Destination {
    .workspace(
      WorkspaceProfile(name: "acme", base: .eu, region: "eu", id: id, zone: zone, keeper: .file))
  }

  @Test func aRunGoesOnWhereItMayBeTheSameWorkspace() {
    let token = Destination.live(region: "eu")
    #expect(token.mayBe(login("abc").account) && login("abc").mayBe(token.account))
    #expect(token.mayBe(token.account) && login("abc").mayBe(login("abc").account))
    #expect(!login("abc").mayBe(login("def").account))
    #expect(!Destination.live(region: "us").mayBe(login("abc").account))
    #expect(!token.mayBe(Destination.sandbox(seed: "demo", isDefault: true).account))
  }

  @Test func theZoneIsTheLoginsUnlessTheEnvironmentSaysAnother() throws {
    let dublin = login("abc", zone: "Europe/Dublin")
    #expect(try dublin.zone(environment: [:]) == "Europe/Dublin")
    #expect(try dublin.zone(environment: ["PARLANCE_ZONE": "Asia/Tokyo"]) == "Asia/Tokyo")
    #expect(try dublin.zone(environment: ["PARLANCE_ZONE": ""]) == "Europe/Dublin")
    #expect(try login("abc").zone(environment: [:]) == nil)
    #expect(try Destination.live(region: "eu").zone(environment: [:]) == nil)
    #expect(throws: (any Error).self) { try login("abc", zone: "Europe").zone(environment: [:]) }
  }

  @Test func aProfileKeepsItsZone() throws {
    guard case .workspace(let profile) = login("abc", zone: "Europe/Dublin") else { return }
    #expect(WorkspaceProfile(profile.json) == profile)
  }

  @Test func nothingButAFileOfRulesIsAZone() {
    #expect(LocalZone.isKnown("Europe/Dublin") && LocalZone.isKnown("UTC"))
    for name in ["", "Europe", "Europe/Dublim", "/Europe/Dublin", "../zoneinfo/UTC", "zone.tab", "a b"] {
      #expect(!LocalZone.isKnown(name), "\(name)")
    }
  }
}
