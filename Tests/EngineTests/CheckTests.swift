import Bytecode
import Compiler
import Diagnostics
import Engine
import Testing

/// What is found before anything runs, without an API: types come from a small declaration of the test's.
@Suite struct CheckTests {
  /// People with a role, who belong to a firm.
  private final class People: APINames, TypeNames {
    let resourceNames = ["people"]
    var typeNames: TypeNames? { self }

    func isResource(_ name: String) -> Bool { name == "people" }
    func operation(_ resource: String, _ name: String) -> Signature? {
      guard resource == "people" else { return nil }
      let person = Signature.Parameter("person", "id<person>")
      switch name {
      case "get": return Signature("people.get", [person], effect: .read, result: "person")
      case "update":
        return Signature(
          "people.update",
          [person, .init("role", "string?", optional: true), .init("at", "time?", optional: true)],
          effect: .write)
      default: return nil
      }
    }
    func operationNames(_ resource: String) -> [String] { ["get", "update"] }
    func resourceSequence(_ name: String) -> String? { isResource(name) ? "people.__all" : nil }

    private let fields: [String: [String: DeclaredType]] = [
      "person": [
        "id": .id(of: "person"), "email": .string, "role": .choice(["user", "lead"]), "seen_at": .time,
        "firm": .record("firm"), "tags": .list(.record("tag")), "extra": .map, "raw": .unknown,
      ],
      "firm": ["id": .id(of: "firm"), "name": .string], "tag": ["id": .id(of: "tag"), "name": .string],
    ]
    func fieldNames(of type: String) -> [String] { (fields[type] ?? [:]).keys.sorted() }
    func field(_ name: String, of type: String) -> DeclaredField? {
      fields[type]?[name].map { DeclaredField($0) }
    }
    func itemType(of resource: String) -> DeclaredType { .record("person") }
    func declaredOperation(_ resource: String, _ name: String) -> DeclaredOperation? {
      let person = DeclaredOperation.Parameter("person", .id(of: "person"), isRequired: true)
      switch name {
      case "get": return DeclaredOperation(parameters: [person], result: .record("person"))
      case "update":
        return DeclaredOperation(
          parameters: [
            person, .init("role", .choice(["user", "lead"]), isRequired: false),
            .init("at", .time, isRequired: false),
          ], result: .record("person"))
      default: return nil
      }
    }
  }

  private func findings(_ text: String) -> [Diagnostic] {
    let engine = Engine()
    let people = People()
    engine.api = people
    return withExtendedLifetime(people) {
      engine.check(SourceText(name: "test.parl", text: text)).diagnostics
    }
  }

  private func messages(_ text: String) -> [String] { findings(text).map(\.message) }

  @Test(arguments: [
    "print(people | map { .emial } | count)", "print((people | first).emial)",
    "for p in people { print(p.emial) }", "print(people.get(\"1\").emial)",
    "print(people | filter { .role == \"lead\" } | sort_by { .emial } | collect)",
    "print(people | map { p -> p.emial } | collect)",
    "print(people | group_by { .role } | map { .items | first } | map { .emial })",
    "let p = people | first\nprint(p.emial)", "print(people | enumerate | map { .item.emial } | collect)",
    "print(people | take(3) | collect | reduce(0) { total, p -> p.emial })",
  ])
  func findsAnUnknownField(text: String) {
    let found = findings(text)
    #expect(found.map(\.message) == ["a person has no field `emial`"])
    #expect(found.first?.severity == .error)
    #expect(found.first?.label == "did you mean `.email`?")
  }

  @Test(arguments: [
    // Where the type is not known, nothing is said.
    "fn f(p) = p.emial\nprint(f(people | first))", "print(people | map { .raw.anything } | collect)",
    "print(people | map { .extra.plan } | collect)", "var p = people | first\np = {emial: 1}\nprint(p.emial)",
    "print(people | map { it[\"emial\"] } | collect)",
    // What may hold, holds.
    "print(people | filter { .role == null or .seen_at == null } | count)",
    "print(people | filter { .role == \"user\" or .role in [\"lead\"] } | count)",
    "print(people | filter { .id == \"814\" } | count)",
    "print(people | filter { .seen_at < ago(90d) } | count)",
    "print(people | filter { .tags | any { .name == \"vip\" } and .role == \"lead\" } | count)",
    "people.update(people | first, role: \"lead\", at: now())", "people.update(\"1\", role: null)",
    "let people = people | filter { .role == \"lead\" }\nprint(people | count)",
    "fn even(n) { if n == 0 { true } else { odd(n - 1) } }\nfn odd(n) { if n == 0 { false } else { even(n - 1) } }\nprint(even(4))",
    "print([1, 2] | filter { if it == 1 { return true }\n \"x\" == \"y\" } | map { if it == 1 { return 5 }\n \"a\" } | any { it == 5 })",
    "fn late() = later + 1\nlet later = 1\nprint(late())",
  ])
  func saysNothingWhereNothingIsWrong(text: String) {
    #expect(messages(text) == [])
  }

  @Test(arguments: [
    (
      "print(people | filter { .id == 5 } | count)",
      "ids are texts, so the id of a person is never equal to a number"
    ),
    (
      "print(people | filter { .role == \"leed\" } | count)",
      "this is never true: the value is \"user\" or \"lead\", and never \"leed\""
    ),
    (
      "people.update(\"1\", role: \"leed\")",
      "`people.update` needs \"user\" or \"lead\" for `role`, not \"leed\""
    ),
    (
      "people.update(\"1\", at: \"today\")",
      "`people.update` needs a time such as @2026-01-31 or ago(7d) for `at`, not \"today\""
    ),
    (
      "print(people.get((people | first).firm))",
      "`people.get` needs a person, or its id for `person`, not a firm"
    ),
    ("print(people | filter { .email } | count)", "`filter` asks for true or false, and this is a text"),
    (
      "print(people | filter { .seen_at < \"2026\" } | count)",
      "`<` compares two numbers, texts, times or durations, not a time and a text"
    ),
    ("print((people | take(2)).email)", "a sequence has no field `email`"),
    ("print(people.email)", "`people` has no operation `email`"),
  ])
  func refusesWhatCannotWork(text: String, message: String) {
    let found = findings(text)
    #expect(found.map(\.message) == [message])
    #expect(found.first?.severity == .error)
  }

  @Test(arguments: [
    ("let a = 1\nprint \"x\"", "nothing uses `a`"), ("fn f() = f()\nprint \"x\"", "nothing calls `f`"),
    ("let a = 1\nfor a in [1] { print(a) }\nprint(a)", "`a` hides the `a` of line 1"),
    ("fn f() {\n  return 1\n  print(2)\n}\nprint(f())", "this is never reached"),
    ("print({a: 1, b: 2, a: 3})", "the key `a` stands in this record twice"),
    (
      "print(try { people | filter { .role == \"lead\" } } catch e { [] })",
      "this `try` catches nothing: the sequence is not read inside it"
    ),
    ("let a = {n: 1}\nprint(a.n == a.n)", "both sides are the same"),
    ("print(\"5\" == 5)", "a text is never equal to an int"),
    (
      "print(people | map { [.id, people | filter { .id == .email } | count] } | collect)",
      "two blocks inside each other both speak of `it`"
    ),
  ])
  func warnsOfWhatIsLikelyWrong(text: String, message: String) {
    let found = findings(text)
    #expect(found.map(\.message) == [message])
    #expect(found.first?.severity == .warning)
  }

  @Test func warningsAreForWhoAsks() {
    let engine = Engine()
    let source = SourceText(name: "test.parl", text: "let a = 1\nprint(\"5\" == 5)")
    #expect(engine.compile(source).diagnostics.isEmpty)
    #expect(engine.check(source).diagnostics.count == 2)
  }

  @Test func aFileOfDeclarationsIsForOthers() {
    #expect(messages("fn helper(x) = x\nlet limit = 5") == [])
  }

  @Test func tellsWhatAScriptReaches() {
    let engine = Engine()
    let people = People()
    engine.api = people
    let report = engine.check(
      SourceText(
        name: "test.parl",
        text: "people | filter { .role == \"lead\" } | each { people.update(it, role: \"user\") }"))
    #expect(report.effects[.write] == ["people.update"])
    #expect(report.effects[.destroy] == nil)
    withExtendedLifetime(people) {}
  }
}
