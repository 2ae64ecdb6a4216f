import Engine
import Testing

/// Scripts print the same whether the heap is swept seldom or at every chance.
struct CollectorTests {
  @Test(arguments: [
    "for g in (1..30 | map { {id: it, team: it % 3} } | group_by { .team }) { print(g.key, g.items | map { .id }) }",
    "print([3, 1, 2] | sort_by { it } | map { string(it) } | join(\", \"))",
    "let by = 1..20 | map { {id: string(it), n: it * it} } | index_by { .id }\nprint(by[\"7\"].n, \"7\" in by, keys(by) | count)",
    "var r = {}\nfor i in 1..40 { r[\"k\\(i)\"] = [i, {n: i}] }\nprint(entries(r) | filter { .value[0] > 37 })",
    "let s = 1..50 | map { \"item \\(it)\" } | filter { it ends_with \"7\" } | cache\nprint(s | count, s | first)",
    "print(split(\"a,b,c\", \",\") | map { upper(it) } | reduce(\"\") { all, x -> all + x })",
    "print(find_all(\"a1b22c333\", '[0-9]+') | map { int(it) } | sum)",
    "fn tree(n) = if n == 0 { null } else { {left: tree(n - 1), right: tree(n - 1)} }\nprint(tree(3) == tree(3))",
    "[{a: 1, b: [1, 2]}, {a: 2, b: null}] | table",
    "[{a: 1, b: [1, 2]}, {a: 2, b: null}] | json",
    "for pair in zip(1..4, [\"a\", \"b\", \"c\"]) { print(pair) }",
    "print(try { raise({message: \"no\", code: \"mine\"}) } catch e { e.code })",
  ])
  func printsTheSame(_ text: String) throws {
    let expected = try Session.output(text)
    #expect(!expected.isEmpty)
    let session = Session()
    session.engine.machine.stressCollect = true
    if case .failed(let error) = try session.run(text) { Issue.record("\(error.message)") }
    #expect(session.lines == expected)
    #expect(session.engine.machine.collections > 0)
  }
}
