/// The ids that a workspace gives out, all told by the number of its seed.
struct WorkspaceIdentity {
  let seed: UInt64
  let workspaceID: String
  let contacts: HexIdentifier
  let companies: HexIdentifier
  let segments: HexIdentifier

  init(seed: UInt64) {
    self.seed = seed
    contacts = HexIdentifier(seed: seed, family: .contact)
    companies = HexIdentifier(seed: seed, family: .company)
    segments = HexIdentifier(seed: seed, family: .segment)
    var randomness = Randomness(seed, stream: 0xA11)
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    workspaceID = String((0..<8).map { _ in randomness.pick(letters, default: "a") })
  }
}
