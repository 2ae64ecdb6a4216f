// A billing program that lets its people write rules for invoices as scripts.
import Parlance

var invoices: [(id: String, customer: String, amount: Int64)] = [
  ("i1", "acme", 120), ("i2", "blue", 80), ("i3", "acme", 300),
]
var reminders: [String] = []

// Limits, streams and a clock that stands still: the same rule gives the same result.
var configuration = Engine.Configuration()
configuration.limits = Limits(steps: 1_000_000, memory: 64 << 20)
configuration.output = { print("script: \($0)") }
configuration.clock = { 1_772_000_000_000 }
configuration.zone = { _ in 60 }
// Rules may read and write; what customers see stays out of their reach.
configuration.permitted = [.read, .write]
let engine = Engine(configuration)

engine.add(
  HostFunction(
    "invoices.of", [.required("customer", "string")], effect: .read, about: "A customer's invoices."
  ) {
    arguments in
    guard case .string(let customer) = arguments[0] else { throw Failure("a customer is a text") }
    return .list(
      invoices.filter { $0.customer == customer }.map { ["id": .string($0.id), "amount": .int($0.amount)] })
  })
engine.add(
  HostFunction("invoices.note", [.required("id", "string"), .required("text", "string")], effect: .write) {
    arguments in
    guard case .string(let id) = arguments[0], case .string(let text) = arguments[1] else { return .null }
    guard invoices.contains(where: { $0.id == id }) else {
      throw Failure("there is no invoice `\(id)`", code: "not_found", hints: ["`invoices.of` lists them"])
    }
    reminders.append("\(id): \(text)")
    return .null
  })
engine.add(HostFunction("invoices.mail", [.required("id", "string")], effect: .outward) { _ in .null })

let rule = """
  ## Notes on invoices that are too large.
  param customer: string
  param most: int = 100

  let large = invoices.of(customer) | filter { .amount > most } | sort_by { .amount }
  for invoice in large {
    invoices.note(invoice.id, "above \\(most)")
    print "\\(invoice.id) is \\(invoice.amount)"
  }
  {customer, count: large | count, total: large | sum { .amount }, on: start_of(now(), "day")}
  """

// 1. What is wrong with it, and what can it do? Nothing runs.
let check = engine.check(rule, name: "large.parl")
print("runnable:", check.isRunnable)
for effect in Effect.allCases {
  if let names = check.effects[effect] { print("\(effect.rawValue)s:", names.joined(separator: ", ")) }
}

// 2. Run it.
let result = try engine.run(rule, name: "large.parl", parameters: ["customer": "acme"])
print("count:", result["count"] == 2, "total:", result["total"] == 420)
print("reminders:", reminders)

// 3. What goes wrong says where and why.
do {
  try engine.run("invoices.of(\"acme\") | map { .amont }", name: "typo.parl")
} catch {
  print(error.rendered, terminator: "")
}
do { try engine.run("invoices.mail(\"i1\")") } catch { print(error.message) }
do { try engine.run("while true { }") } catch { print(error.kind.rawValue, "-", error.message) }
