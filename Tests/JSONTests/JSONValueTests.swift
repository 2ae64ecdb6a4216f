import Testing

@testable import JSON

@Suite struct JSONValueTests {
  @Test func readsParts() throws {
    let value = try JSONValue.parse(#"{"s":"x","i":1,"d":1.5,"b":true,"n":null,"a":[1,2],"o":{"k":"v"}}"#)
    #expect(value["s"]?.stringValue == "x")
    #expect(value["i"]?.intValue == 1)
    #expect(value["i"]?.doubleValue == 1)
    #expect(value["d"]?.doubleValue == 1.5)
    #expect(value["d"]?.intValue == nil)
    #expect(value["b"]?.boolValue == true)
    #expect(value["n"]?.isNull == true)
    #expect(value["a"]?[1] == 2)
    #expect(value["a"]?[2] == nil)
    #expect(value["a"]?[-1] == nil)
    #expect(value["o"]?["k"] == "v")
    #expect(value["missing"] == nil)
    #expect(value["s"]?["k"] == nil)
  }

  @Test func objectsKeepOrderAndChange() {
    var object: JSONObject = ["b": 1, "a": 2]
    let before = object
    object["c"] = 3
    object["b"] = 4
    #expect(JSONValue.object(object).text() == #"{"b":4,"a":2,"c":3}"#)
    object["a"] = nil
    object["none"] = nil
    #expect(object.keys == ["b", "c"])
    #expect(object["c"] == 3)
    #expect(JSONValue.object(before).text() == #"{"b":1,"a":2}"#)
    #expect(object.map(\.key) == ["b", "c"])
  }

  @Test func largeObjectsFindTheirKeys() {
    var object = JSONObject()
    for index in 0..<200 { object["k\(index)"] = .int(Int64(index)) }
    let copy = object
    for index in stride(from: 0, to: 200, by: 2) { object["k\(index)"] = nil }
    #expect(object.count == 100)
    for index in 0..<200 {
      #expect(object["k\(index)"] == (index % 2 == 0 ? nil : .int(Int64(index))))
      #expect(copy["k\(index)"] == .int(Int64(index)))
    }
  }

  @Test func equalityIgnoresTheOrderOfKeys() {
    #expect(["a": 1, "b": [2]] as JSONValue == ["b": [2], "a": 1])
    #expect(["a": 1] as JSONValue != ["a": 2])
    #expect(["a": 1] as JSONValue != ["b": 1])
    #expect(["a": 1] as JSONValue != ["a": 1, "b": 2])
    #expect(1 as JSONValue != 1.0)
    #expect([1, 2] as JSONValue != [2, 1])
  }

  @Test func writesPretty() {
    let value: JSONValue = ["a": [1, 2], "b": [:], "c": [], "d": ["e": nil]]
    #expect(
      value.text(indentation: 2) == """
        {
          "a": [
            1,
            2
          ],
          "b": {},
          "c": [],
          "d": {
            "e": null
          }
        }
        """)
    #expect(value.text() == #"{"a":[1,2],"b":{},"c":[],"d":{"e":null}}"#)
    #expect(value.serialized() == Array(value.text().utf8))
  }

  @Test func randomTreesSurvive() throws {
    var random = SplitMix(state: 42)
    for _ in 0..<400 {
      let value = JSONValue.random(depth: 5, &random)
      #expect(try JSONValue.parse(value.text()) == value)
      #expect(try JSONValue.parse(value.text(indentation: 3)) == value)
      #expect(try JSONValue.parse(value.serialized()).serialized() == value.serialized())
    }
  }

  /// One byte changed: either an error or a text that survives another round; never a trap.
  @Test func damagedTextsAreHarmless() {
    var random = SplitMix(state: 7)
    for _ in 0..<60 {
      let original = JSONValue.random(depth: 4, &random).serialized()
      for _ in 0..<40 {
        var bytes = original
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 3 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        default: bytes.insert(Array("\"\\{}[],:0-e.".utf8)[Int(random.next() % 12)], at: place)
        }
        if let value = try? JSONValue.parse(bytes) {
          #expect((try? JSONValue.parse(value.serialized())) == value)
        }
      }
    }
  }

  @Test func doublesSurvive() throws {
    var random = SplitMix(state: 3)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      let read = try #require(try JSONValue.parse(JSONValue.double(value).serialized()).doubleValue)
      #expect(read.bitPattern == value.bitPattern)
    }
    // Few digits and small exponents take the exact path.
    for _ in 0..<20_000 {
      let text =
        "\(Int64(random.next() % 10_000_000_000)).\(random.next() % 1000)e\(Int(random.next() % 40) - 20)"
      #expect(try JSONValue.parse(text).doubleValue == Double(text))
    }
    for _ in 0..<20_000 {
      let text = "\(random.next())\(random.next()).\(random.next())e-\(random.next() % 330)"
      #expect(try JSONValue.parse(text).doubleValue == Double(text))
    }
  }

  @Test func intsSurvive() throws {
    var random = SplitMix(state: 5)
    for _ in 0..<10_000 {
      let value = Int64(bitPattern: random.next()) >> Int64(random.next() % 64)
      #expect(try JSONValue.parse(JSONValue.int(value).serialized()) == .int(value))
    }
  }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension JSONValue {
  static func random(depth: Int, _ random: inout SplitMix) -> JSONValue {
    switch random.next() % (depth == 0 ? 6 : 10) {
    case 0: return .null
    case 1: return .bool(random.next() % 2 == 0)
    case 2: return .int(Int64(bitPattern: random.next()) >> Int64(random.next() % 64))
    case 3:
      let value = Double(bitPattern: random.next())
      return .double(value.isFinite ? value : 0.25)
    case 4, 5: return .string(text(&random))
    case 6, 7: return .array((0..<random.next() % 6).map { _ in .random(depth: depth - 1, &random) })
    default:
      return .object(
        JSONObject((0..<random.next() % 12).map { _ in (text(&random), .random(depth: depth - 1, &random)) }))
    }
  }

  private static func text(_ random: inout SplitMix) -> String {
    let pieces = [
      "a", "bc", "\"", "\\", "\n", "\u{1}", "\u{1F}", "é", "日", "😀", "/", "u0041", "\u{7F}", " ", "12345678",
    ]
    return (0..<random.next() % 9).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
  }
}
