import JSON

/// What a contact's app told of itself and of the phone it runs on.
struct ContactDevice: Equatable {
  var appName: String?
  var appVersion: String?
  var device: String?
  var osVersion: String?
  var sdkVersion: String?
  var lastSeenAt: Int64?
}

extension ContactRecord {
  /// App and device fields as JSON; nil if there are none.
  var devicesJSON: [UInt8]? {
    guard ios != nil || android != nil else { return nil }
    var out = JSONOutput(capacity: 640)
    out.raw("{")
    Self.append("android", android, &out)
    out.raw(",")
    Self.append("ios", ios, &out)
    out.raw(
      #","utm_campaign":null,"utm_content":null,"utm_medium":null,"utm_source":null,"utm_term":null"#)
    out.raw(#","referrer":null,"enabled_push_messaging":null}"#)
    return out.bytes
  }

  private static func append(_ platform: StaticString, _ device: ContactDevice?, _ out: inout JSONOutput) {
    func member(_ key: StaticString, _ value: String?, first: Bool = false) {
      out.raw(first ? "\"" : ",\"")
      out.raw(platform)
      out.raw(key)
      out.string(value)
    }
    member(#"_app_name":"#, device?.appName, first: true)
    member(#"_app_version":"#, device?.appVersion)
    member(#"_device":"#, device?.device)
    member(#"_os_version":"#, device?.osVersion)
    member(#"_sdk_version":"#, device?.sdkVersion)
    out.raw(",\"")
    out.raw(platform)
    out.raw(#"_last_seen_at":"#)
    out.int(device?.lastSeenAt)
  }

  /// Reads what `devicesJSON` wrote, or the same fields of a whole contact.
  mutating func readDevices(_ json: JSONValue) {
    func device(_ platform: String) -> ContactDevice? {
      let device = ContactDevice(
        appName: json["\(platform)_app_name"]?.stringValue,
        appVersion: json["\(platform)_app_version"]?.stringValue,
        device: json["\(platform)_device"]?.stringValue,
        osVersion: json["\(platform)_os_version"]?.stringValue,
        sdkVersion: json["\(platform)_sdk_version"]?.stringValue,
        lastSeenAt: json["\(platform)_last_seen_at"]?.intValue)
      return device == ContactDevice() ? nil : device
    }
    ios = device("ios")
    android = device("android")
  }
}
