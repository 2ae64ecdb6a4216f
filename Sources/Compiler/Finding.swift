import Diagnostics

/// What the checker finds, with the facts of the case, and its wording.
enum Finding {
  // Fields.
  case unknownField(String, type: String, near: String?, outer: String?)
  case searchOnlyField(String, type: String, advice: String?)
  case unsearchable(String)
  case missingKey(String, near: String?, known: [String])
  case missingColumn(String, near: String)
  case fieldOfMany(String, StaticType, isStage: Bool)
  // Comparisons.
  case comparesWithItself(always: Bool)
  case idIsText(type: String, number: String?)
  case outsideChoice(String, [String], near: String?, always: Bool)
  case neverEqual(String, String, always: Bool)
  case noOrder(String, String, String, isInstantAsText: Bool)
  case orderWithNull(String)
  case inText
  case wordOnNoText(String, String, isList: Bool)
  case notABool(String, of: String, isNumber: Bool)
  case contradiction(String, always: Bool, isChoice: Bool)
  case asksAgain(line: Int)
  case badPattern(String, hints: [String])
  // Arguments.
  case badBuiltinArgument(String, String, wanted: String, given: String)
  case badArgument(String, String, wanted: String, given: String, near: String?, hint: String?)
  // Names and code.
  case unusedBinding(String)
  case unusedFunction(String)
  case unusedParameter(String)
  case unusedModule(String)
  case unusedValue
  case unusedComparison(isTest: Bool)
  case unreadSequence
  case dollarBrace(String)
  case hidesOuterName(String, line: Int)
  case unreachable(after: String, line: Int)
  case duplicateKey(String)
  case triesNothing
  case twoItems

  func diagnostic(_ severity: Diagnostic.Severity, at range: SourceRange) -> Diagnostic {
    let (message, label, hints) = prose
    return Diagnostic(severity, message, at: range, label: label, hints: hints)
  }

  static func oneOf(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  private typealias Prose = (message: String, label: String?, hints: [String])

  private var prose: Prose {
    switch self {
    case .unknownField(let name, let type, let near, let outer):
      var hints: [String] = []
      if let outer {
        hints.append(
          "\(StaticType.article(outer)) has it: name the item of the outer block, `{ \(outer) -> … \(outer).\(name) … }`"
        )
      } else if near == nil {
        hints = [
          "`help \(type)` lists its fields", "`[\"\(name)\"]` asks for what the server sends beyond them",
        ]
      }
      return (
        "\(StaticType.article(type)) has no field `\(name)`",
        outer == nil ? near.map { "did you mean `.\($0)`?" } : nil, hints
      )
    case .searchOnlyField(let name, let type, let advice):
      return ("\(StaticType.article(type)) has no field `\(name)`", nil, advice.map { [$0] } ?? [])
    case .unsearchable(let way):
      return (
        "the server's search cannot take the condition on `.\(way)`", nil,
        ["use `filter`: it asks the server for what it can, and does the rest here"]
      )
    case .missingKey(let name, let near, let known):
      return (
        "this record has no field `\(name)`", near.map { "did you mean `.\($0)`?" },
        near == nil
          ? [
            known.isEmpty
              ? "it is empty" : "it has \(known.prefix(12).map { "`\($0)`" }.joined(separator: ", "))"
          ] : []
      )
    case .missingColumn(let name, let near):
      return (
        "the file is not known to have a column `\(name)`", "did you mean `.\(near)`?",
        ["`param f: file(…)` names the columns that are checked before anything runs"]
      )
    case .fieldOfMany(let name, let owner, isStage: true):
      return ("\(owner.words) has no field `\(name)`", nil, ["`| \(name)` passes it on to the function"])
    case .fieldOfMany(let name, let owner, _):
      return ("\(owner.words) has no field `\(name)`", nil, ["`map { .\(name) }` reads it from each item"])
    default: return comparisonProse
    }
  }

  private var comparisonProse: Prose {
    switch self {
    case .comparesWithItself(let always):
      return ("both sides are the same", "always \(always ? "true" : "false")", [])
    case .idIsText(let type, let number):
      return (
        "ids are texts, so the id of \(StaticType.article(type)) is never equal to a number",
        number.map { "write `\"\($0)\"`" },
        number == nil ? ["a number becomes a text inside one: `\"\\(n)\"`"] : []
      )
    case .outsideChoice(let text, let words, let near, let always):
      return (
        "this is \(always ? "always" : "never") true: the value is \(Finding.oneOf(words.map { "\"\($0)\"" })), and never \"\(text)\"",
        near.map { "did you mean \"\($0)\"?" }, []
      )
    case .neverEqual(let first, let second, let always):
      return ("\(first) is never equal to \(second)", "always \(always ? "true" : "false")", [])
    case .noOrder(let op, let first, let second, let isInstant):
      return (
        "`\(op)` compares two numbers, texts, times or durations, not \(first) and \(second)", nil,
        isInstant ? ["a time is written without quotes, `@2026-01-31`; `ago(7d)` counts from now"] : []
      )
    case .orderWithNull(let op):
      return ("`\(op)` with null is always false", nil, ["`== null` asks whether a value is there"])
    case .inText:
      return (
        "`in` asks for an item of a list, a range or a record's keys", nil,
        ["did you mean `contains`? it asks for a part of a text: `text contains part`"]
      )
    case .wordOnNoText(let op, let given, let isList):
      return (
        "`\(op)` looks into a text, not \(given)", nil,
        isList ? ["`in` asks for an item, `any { … }` whether one matches"] : []
      )
    case .notABool(let given, let word, let isNumber):
      return (
        "`\(word)` asks for true or false, and this is \(given)", nil,
        [isNumber ? "compare it with something, such as `> 0`" : "`!= null` asks whether it is there"]
      )
    case .contradiction(let other, let always, let isChoice):
      let advice =
        always
        ? "`and` asks for both" + (isChoice ? "; `x not in [a, b]` leaves both out" : "")
        : "`or` asks for one of them" + (isChoice ? "; `x in [a, b]` takes both" : "")
      return (
        always ? "one of these two always holds" : "these two can never hold together",
        "and before it stands `\(other)`", [advice]
      )
    case .asksAgain(let line):
      return ("this is never reached: line \(line) asks the same", nil, [])
    case .badPattern(let reason, let hints): return (reason, nil, hints)
    case .badBuiltinArgument(let function, let parameter, let wanted, let given):
      return ("`\(function)` needs \(wanted) for `\(parameter)`, not \(given)", nil, [])
    case .badArgument(let operation, let parameter, let wanted, let given, let near, let hint):
      return (
        "`\(operation)` needs \(wanted) for `\(parameter)`, not \(given)", near.map { "did you mean \($0)?" },
        hint.map { [$0] } ?? []
      )
    default: return codeProse
    }
  }

  private var codeProse: Prose {
    switch self {
    case .unusedBinding(let name):
      return ("nothing uses `\(name)`", nil, ["if that is meant, begin its name with `_`"])
    case .unusedFunction(let name):
      return ("nothing calls `\(name)`", nil, ["if that is meant, begin its name with `_`"])
    case .unusedParameter(let name): return ("nothing uses the parameter `\(name)`", nil, [])
    case .unusedModule(let name): return ("nothing uses the module `\(name)`", nil, [])
    case .unusedValue: return ("this does nothing: its value is not used", nil, [])
    case .unusedComparison(isTest: true):
      return ("this tests nothing: its value is not used", nil, ["write `expect(…)` around it"])
    case .unusedComparison:
      return ("this does nothing: `==` compares", nil, ["`=` gives a `var` another value"])
    case .unreadSequence:
      return (
        "nothing reads this sequence, so nothing happens here", nil,
        ["`each { … }` goes through it now; `count` and `collect` read it to the end"]
      )
    case .dollarBrace(let name):
      return ("`${\(name)}` is plain text here", nil, ["a value goes into a text by `\\(\(name))`"])
    case .hidesOuterName(let name, let line):
      return ("`\(name)` hides the `\(name)` of line \(line)", nil, ["another name keeps both in sight"])
    case .unreachable(after: "while", let line):
      return ("this is never reached", nil, ["the `while true` of line \(line) has no `break`"])
    case .unreachable(let word, let line):
      return ("this is never reached", nil, ["the `\(word)` of line \(line) always leaves before it"])
    case .duplicateKey(let key): return ("the key `\(key)` stands in this record twice", "this one wins", [])
    case .triesNothing:
      return (
        "this `try` catches nothing: the sequence is not read inside it", "read later",
        ["put what reads it inside: `count`, `collect`, a `for` loop or `bulk`"]
      )
    case .twoItems:
      return (
        "two blocks inside each other both speak of `it`", "the inner block's item",
        ["name the outer one, `{ team -> … }`, and the inner block can speak of both"]
      )
    default: return ("this cannot work", nil, [])
    }
  }
}
