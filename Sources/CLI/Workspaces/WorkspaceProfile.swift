import HTTP
import JSON

/// A workspace that somebody logged in to: everything but its token.
struct WorkspaceProfile: Equatable {
  /// Where the token lies.
  enum Keeper: String { case keyring, file }

  /// What the user calls it: small letters, digits, `-` and `_`.
  var name: String
  var base: BaseURL
  /// `us`, `eu`, `au`; nil for an address of the user's own.
  var region: String?
  var protection = Protection.ask
  /// Sent as `Intercom-Version` in place of the program's own.
  var version: String?
  /// The workspace's id and name, and the teammate behind the token, as the API told them at the login.
  var id: String?
  var title: String?
  var admin: String?
  /// The IANA name of the workspace's time zone: what times without an offset mean in scripts.
  var zone: String?
  var keeper: Keeper

  static func isName(_ text: String) -> Bool {
    (1...40).contains(text.utf8.count) && text.utf8.first != 0x2D
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
      }
  }

  /// A name made from the workspace's title: `Acme (EU)` is `acme-eu`. Nil where nothing of it is left.
  static func name(from title: String) -> String? {
    var name = ""
    for scalar in title.lowercased().unicodeScalars {
      let isPlain = scalar.isASCII && isName("a" + String(scalar)) && scalar != "-"
      if isPlain {
        name.unicodeScalars.append(scalar)
      } else if !name.isEmpty, name.last != "-" {
        name += "-"
      }
      if name.utf8.count >= 40 { break }
    }
    while name.last == "-" { name.removeLast() }
    return isName(name) ? name : nil
  }

  // MARK: As JSON

  init?(_ json: JSONValue) {
    guard let name = json["name"]?.stringValue, WorkspaceProfile.isName(name) else { return nil }
    let region = json["region"]?.stringValue
    let address = json["address"]?.stringValue.flatMap { try? BaseURL($0) }
    guard let base = address ?? region.flatMap(BaseURL.region) else { return nil }
    self.init(
      name: name, base: base, region: region,
      // A word that this version does not know protects as much as there is.
      protection: json["protection"]?.stringValue.map { Protection(rawValue: $0) ?? .readOnly } ?? .ask,
      version: json["version"]?.stringValue, id: json["id"]?.stringValue, title: json["title"]?.stringValue,
      admin: json["admin"]?.stringValue, zone: json["zone"]?.stringValue,
      keeper: json["token"]?.stringValue.flatMap(Keeper.init(rawValue:)) ?? .file)
  }

  init(
    name: String, base: BaseURL, region: String?, protection: Protection = .ask, version: String? = nil,
    id: String? = nil, title: String? = nil, admin: String? = nil, zone: String? = nil,
    keeper: Keeper
  ) {
    self.name = name
    self.base = base
    self.region = region
    self.protection = protection
    self.version = version
    self.id = id
    self.title = title
    self.admin = admin
    self.zone = zone
    self.keeper = keeper
  }

  var json: JSONValue {
    var members: [(String, JSONValue)] = [("name", .string(name))]
    if let region {
      members.append(("region", .string(region)))
    } else {
      members.append(("address", .string(base.origin)))
    }
    members.append(("protection", .string(protection.rawValue)))
    for (key, value) in [
      ("version", version), ("id", id), ("title", title), ("admin", admin), ("zone", zone),
    ] {
      if let value { members.append((key, .string(value))) }
    }
    members.append(("token", .string(keeper.rawValue)))
    return .object(JSONObject(members))
  }
}
