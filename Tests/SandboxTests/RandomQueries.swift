import JSON
import TestSupport

@testable import Sandbox

/// Random searches over contacts whose values are few and odd, so that filters meet, overlap and miss.
struct RandomQueries {
  var dice: Dice
  let segments: [String]

  static let names = ["Ada Lovelace", "ada", "ADA ", "", "Zoë Ångström", "a\u{0}b", "x", "日本語", "Müller-Ada"]
  static let plans: [JSONValue] = ["free", "Pro", "pro", "", 5, "5", 2.5, true, false]

  static func email(_ number: Int) -> String {
    "Person\(number)@\(number % 3 == 0 ? "Example" : "other").com"
  }

  mutating func query(depth: Int = 1) -> JSONValue {
    guard depth <= 2, dice.chance(depth == 1 ? 50 : 25) else { return filter() }
    var parts: [JSONValue] = []
    for _ in 0...dice.below(3) { parts.append(query(depth: depth + 1)) }
    return ["operator": .string(dice.chance(50) ? "AND" : "OR"), "value": .array(parts)]
  }

  private mutating func filter() -> JSONValue {
    let texts = ["name", "email", "phone", "external_id", "avatar", "id"]
    switch dice.below(12) {
    case 0...4:
      let part: JSONValue = .string(dice.one(of: Self.parts))
      let op = dice.one(of: ["~", "!~", "^", "$", "=", "!=", "IN", "NIN"])
      let value: JSONValue = dice.chance(15) && ["=", "!="].contains(op) ? nil : part
      return filter(
        dice.one(of: texts), op, op.hasSuffix("IN") ? .array([value, dice.chance(30) ? nil : "x"]) : value)
    case 5:
      return filter("segment_id", dice.chance(50) ? "=" : "!=", .string(dice.one(of: segments)))
    case 6, 7:
      let op = dice.one(of: ["~", "!~", "^", "$", "=", "!=", "<", ">", "<=", ">=", "IN", "NIN"])
      let value = dice.one(of: Self.plans)
      let name = dice.one(of: [
        "custom_attributes.plan", "custom_attributes.account", "custom_attributes.it's",
      ])
      if op.hasSuffix("IN") { return filter(name, op, .array([value, dice.one(of: Self.plans)])) }
      return filter(name, op, ["=", "!="].contains(op) && dice.chance(20) ? nil : value)
    case 8:
      let days = Int64(dice.below(80))
      let op = dice.one(of: ["=", "<", ">"])
      let name = dice.one(of: ["last_seen_at", "created_at", "updated_at", "signed_up_at"])
      return filter(name, op, op == "=" && dice.chance(20) ? nil : .int(TestSandbox.now - days * 86_400))
    case 9:
      let op = dice.one(of: ["=", "!=", "IN", "NIN"])
      let flag: JSONValue = .bool(dice.chance(50))
      let name = dice.one(of: ["unsubscribed_from_emails", "has_hard_bounced"])
      return filter(name, op, op.hasSuffix("IN") ? .array([flag]) : flag)
    case 10: return filter("tag_id", dice.chance(50) ? "=" : "!=", .string(String(dice.roll(1...3))))
    default:
      let name = dice.one(of: ["role", "email_domain", "browser", "language_override"])
      let op = dice.one(of: ["=", "!=", "~", "!~", "^", "$"])
      return filter(name, op, .string(dice.one(of: ["user", "USER", "example.com", "e", "fr", ""])))
    }
  }

  /// Of names, emails and the rest, in other cases too.
  private static let parts = [
    "ada", "ADA", "a", "", "ë", "Ë", "example.com", "person1", "@Other", "person12@other.com", "x", "a\u{0}b",
    "love",
    "日", "語", "+1555", "user-", "7", "66", "nobody at all has this in any of their texts",
  ]

  private func filter(_ field: String, _ op: String, _ value: JSONValue) -> JSONValue {
    ["field": .string(field), "operator": .string(op), "value": value]
  }
}
