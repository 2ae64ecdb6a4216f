import JSON
import SQLite

/// A contact's own fields, without its lists (tags, notes, companies, subscriptions).
struct ContactRecord {
  var number: Int64
  var id: String
  var role: String
  var createdAt: Int64
  var updatedAt: Int64

  var externalID: String?
  var email: String?
  var phone: String?
  var name: String?
  var avatar: String?
  var ownerID: Int64?

  var hasHardBounced = false
  var markedEmailAsSpam = false
  var unsubscribedFromEmails = false

  var signedUpAt: Int64?
  var lastSeenAt: Int64?
  var lastRepliedAt: Int64?
  var lastContactedAt: Int64?
  var lastEmailOpenedAt: Int64?
  var lastEmailClickedAt: Int64?

  var languageOverride: String?
  var browser: String?
  var browserVersion: String?
  var browserLanguage: String?
  var os: String?
  var country: String?
  var region: String?
  var city: String?
  var countryCode: String?
  var continentCode: String?
  var customAttributes = JSONObject()
  /// The apps that the contact uses, if any.
  var ios: ContactDevice?
  var android: ContactDevice?

  init(number: Int64, id: String, role: String, createdAt: Int64) {
    self.number = number
    self.id = id
    self.role = role
    self.createdAt = createdAt
    updatedAt = createdAt
  }

  var emailDomain: String? {
    guard let email, let at = email.lastIndex(of: "@") else { return nil }
    return String(email[email.index(after: at)...])
  }
}

extension ContactRecord {
  /// Reads what `json` wrote.
  init?(number: Int64, json: JSONValue) {
    guard let id = json["id"]?.stringValue, let role = json["role"]?.stringValue,
      let createdAt = json["created_at"]?.intValue
    else { return nil }
    self.init(number: number, id: id, role: role, createdAt: createdAt)
    updatedAt = json["updated_at"]?.intValue ?? createdAt
    externalID = json["external_id"]?.stringValue
    email = json["email"]?.stringValue
    phone = json["phone"]?.stringValue
    name = json["name"]?.stringValue
    avatar = json["avatar"]?["image_url"]?.stringValue
    ownerID = json["owner_id"]?.intValue
    hasHardBounced = json["has_hard_bounced"]?.boolValue ?? false
    markedEmailAsSpam = json["marked_email_as_spam"]?.boolValue ?? false
    unsubscribedFromEmails = json["unsubscribed_from_emails"]?.boolValue ?? false
    signedUpAt = json["signed_up_at"]?.intValue
    lastSeenAt = json["last_seen_at"]?.intValue
    lastRepliedAt = json["last_replied_at"]?.intValue
    lastContactedAt = json["last_contacted_at"]?.intValue
    lastEmailOpenedAt = json["last_email_opened_at"]?.intValue
    lastEmailClickedAt = json["last_email_clicked_at"]?.intValue
    languageOverride = json["language_override"]?.stringValue
    browser = json["browser"]?.stringValue
    browserVersion = json["browser_version"]?.stringValue
    browserLanguage = json["browser_language"]?.stringValue
    os = json["os"]?.stringValue
    let location = json["location"]
    country = location?["country"]?.stringValue
    region = location?["region"]?.stringValue
    city = location?["city"]?.stringValue
    countryCode = location?["country_code"]?.stringValue
    continentCode = location?["continent_code"]?.stringValue
    customAttributes = json["custom_attributes"]?.objectValue ?? JSONObject()
  }

  /// The body as it is stored: all of the contact but its lists and devices.
  func json(workspaceID: String) -> [UInt8] {
    var out = JSONOutput(capacity: 1_024)
    out.raw(#"{"type":"contact""#)
    out.member(#","id":"#, id)
    out.member(#","workspace_id":"#, workspaceID)
    out.member(#","external_id":"#, externalID)
    out.member(#","role":"#, role)
    out.member(#","email":"#, email)
    out.member(#","email_domain":"#, emailDomain)
    out.member(#","phone":"#, phone)
    out.member(#","name":"#, name)
    if let avatar {
      out.member(#","avatar":{"type":"avatar","image_url":"#, avatar)
      out.raw("}")
    } else {
      out.raw(#","avatar":null"#)
    }
    out.member(#","owner_id":"#, ownerID)
    out.raw(#","social_profiles":{"type":"list","data":[]}"#)
    out.member(#","has_hard_bounced":"#, hasHardBounced)
    out.member(#","marked_email_as_spam":"#, markedEmailAsSpam)
    out.member(#","unsubscribed_from_emails":"#, unsubscribedFromEmails)
    out.member(#","created_at":"#, createdAt)
    out.member(#","updated_at":"#, updatedAt)
    out.member(#","signed_up_at":"#, signedUpAt)
    out.member(#","last_seen_at":"#, lastSeenAt)
    out.member(#","last_replied_at":"#, lastRepliedAt)
    out.member(#","last_contacted_at":"#, lastContactedAt)
    out.member(#","last_email_opened_at":"#, lastEmailOpenedAt)
    out.member(#","last_email_clicked_at":"#, lastEmailClickedAt)
    out.member(#","language_override":"#, languageOverride)
    out.member(#","browser":"#, browser)
    out.member(#","browser_version":"#, browserVersion)
    out.member(#","browser_language":"#, browserLanguage)
    out.member(#","os":"#, os)
    out.member(#","location":{"type":"location","country":"#, country)
    out.member(#","region":"#, region)
    out.member(#","city":"#, city)
    out.member(#","country_code":"#, countryCode)
    out.member(#","continent_code":"#, continentCode)
    if customAttributes.isEmpty {
      out.raw(#"},"custom_attributes":{}}"#)
    } else {
      out.raw("}")
      out.member(#","custom_attributes":"#, .object(customAttributes))
      out.raw("}")
    }
    return out.bytes
  }

  /// App and device fields of a contact that has none; they are not stored then.
  static let noDevices: StaticString = """
    "android_app_name":null,"android_app_version":null,"android_device":null,"android_os_version":null,\
    "android_sdk_version":null,"android_last_seen_at":null,"ios_app_name":null,"ios_app_version":null,\
    "ios_device":null,"ios_os_version":null,"ios_sdk_version":null,"ios_last_seen_at":null,\
    "utm_campaign":null,"utm_content":null,"utm_medium":null,"utm_source":null,"utm_term":null,\
    "referrer":null,"enabled_push_messaging":null
    """

  /// The five addressable lists of a contact, all empty.
  static func emptyLists(id: some Collection<UInt8>, into out: inout JSONOutput) {
    out.raw(#""tags":{"type":"list","data":[],"url":"/contacts/"#)
    out.raw(id)
    out.raw(#"/tags","total_count":0,"has_more":false},"notes":{"type":"list","data":[],"url":"/contacts/"#)
    out.raw(id)
    out.raw(
      #"/notes","total_count":0,"has_more":false},"companies":{"type":"list","data":[],"url":"/contacts/"#)
    out.raw(id)
    out.raw(
      #"/companies","total_count":0,"has_more":false},"opted_out_subscription_types":{"type":"list","data":[],"url":"/contacts/"#
    )
    out.raw(id)
    out.raw(
      #"/subscriptions","total_count":0,"has_more":false},"opted_in_subscription_types":{"type":"list","data":[],"url":"/contacts/"#
    )
    out.raw(id)
    out.raw(#"/subscriptions","total_count":0,"has_more":false}"#)
  }
}
