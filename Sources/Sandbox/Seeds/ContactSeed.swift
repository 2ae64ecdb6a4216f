import JSON

/// Makes the contacts of a seed, each out of its own number alone.
struct ContactSeed {
  let seed: UInt64
  /// The present: ages are told from it.
  let now: Int64
  let count: Int64
  let identifiers: HexIdentifier
  let owners: [Int64]

  private static let day: Int64 = 86_400
  /// How long ago the first one came.
  private static let span: Int64 = 720 * day

  /// Numbers count from 1. Later numbers were created later, as in a store that grows.
  func contact(_ number: Int64) -> ContactRecord {
    var random = Randomness(seed, stream: UInt64(bitPattern: number))
    let step = max(1, Self.span / max(1, count))
    let created = now - Self.span + (number - 1) * Self.span / max(1, count) + random.between(0, step - 1)
    let isLead = random.chance(30)
    var record = ContactRecord(
      number: number, id: identifiers.text(number, createdAt: created), role: isLead ? "lead" : "user",
      createdAt: created)
    let given = random.pick(SeedNames.given)
    let family = random.pick(SeedNames.family)
    if !isLead || random.chance(60) { record.name = given + " " + family }
    if !isLead {
      record.externalID = "user-" + String(number)
      record.signedUpAt = created
    }
    if !isLead || random.chance(80) {
      record.email =
        Self.ascii(given) + "." + Self.ascii(family) + String(number) + "@" + random.pick(SeedNames.domains)
    }
    if random.chance(35) { record.phone = "+1555" + String(1_000_000 + random.below(8_999_999)) }
    if random.chance(20) { record.ownerID = random.pick(owners, default: 0) }

    // A quarter has not been seen for half a year or more; some leads never were.
    if !isLead || random.chance(65) {
      let age =
        random.chance(25)
        ? random.between(180 * Self.day, 600 * Self.day)
        : random.chance(40) ? random.between(0, 7 * Self.day) : random.between(0, 180 * Self.day)
      record.lastSeenAt = max(created, now - age)
    }
    if random.chance(30) {
      let at = max(created, now - random.between(0, 300 * Self.day))
      record.lastContactedAt = at
      if random.chance(50) { record.lastRepliedAt = min(now, at + random.between(600, 3 * Self.day)) }
      if random.chance(50) { record.lastEmailOpenedAt = min(now, at + random.between(60, Self.day)) }
    }
    record.updatedAt = max(
      created, record.lastSeenAt ?? 0, record.lastContactedAt ?? 0, record.lastRepliedAt ?? 0)
    record.unsubscribedFromEmails = random.chance(6)
    record.hasHardBounced = random.chance(2)
    record.markedEmailAsSpam = random.chance(1)
    if random.chance(70) {
      let place = random.pick(SeedNames.places, default: ("Ireland", "Leinster", "Dublin", "IRL", "EU"))
      (record.country, record.region, record.city, record.countryCode, record.continentCode) = place
      record.browser = random.pick(SeedNames.browsers)
      record.browserVersion = String(90 + random.below(40)) + ".0"
      record.browserLanguage = random.pick(SeedNames.languages)
      record.os = random.pick(SeedNames.systems)
    }
    if random.chance(10) { record.languageOverride = random.pick(SeedNames.languages) }
    if !isLead || random.chance(20) {
      record.customAttributes["plan"] = .string(random.pick(SeedNames.plans))
      if random.chance(50) { record.customAttributes["logins"] = .int(Int64(random.below(400))) }
    }
    if record.lastSeenAt != nil, random.chance(12) { apps(&record, &random) }
    if record.lastEmailOpenedAt != nil, random.chance(30) {
      record.lastEmailClickedAt = record.lastEmailOpenedAt.map { min(now, $0 + random.between(5, 600)) }
    }
    return record
  }

  private func apps(_ record: inout ContactRecord, _ random: inout Randomness) {
    let version = "\(2 + random.below(3)).\(random.below(10))"
    if random.chance(50) {
      record.ios = ContactDevice(
        appName: "Parlance for iOS", appVersion: version, device: random.pick(SeedNames.iosDevices),
        osVersion: random.pick(["16.7", "17.5", "18.1"]), sdkVersion: "17.\(random.below(4))",
        lastSeenAt: record.lastSeenAt)
    } else {
      record.android = ContactDevice(
        appName: "Parlance for Android", appVersion: version, device: random.pick(SeedNames.androidDevices),
        osVersion: random.pick(["12", "13", "14"]), sdkVersion: "15.\(random.below(4))",
        lastSeenAt: record.lastSeenAt)
    }
  }

  /// Names in addresses: lower case, letters only, accents dropped.
  private static func ascii(_ name: String) -> String {
    var bytes: [UInt8] = []
    for byte in name.utf8 {
      switch byte {
      case 0x41...0x5A: bytes.append(byte + 32)
      case 0x61...0x7A: bytes.append(byte)
      default: break
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
