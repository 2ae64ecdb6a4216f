import Diagnostics

/// The wording of every syntax error: what is wrong, a few words behind the carets, what to write.
extension Mistake {
  func diagnostic(at range: SourceRange) -> Diagnostic {
    let prose = prose
    let severity: Diagnostic.Severity = self == .integerBecomesFloat ? .warning : .error
    return Diagnostic(severity, prose.message, at: range, label: prose.label, hints: prose.hints)
  }

  private struct Prose {
    var message: String
    var label: String?
    var hints: [String]

    init(_ message: String, label: String? = nil, _ hints: String...) {
      self.message = message
      self.label = label
      self.hints = hints
    }
  }

  private var prose: Prose {
    switch self {
    case .fileTooLarge: Prose("a script of more than 4 GB cannot be read")
    case .controlCharacter(let byte): controlCharacter(byte)
    case .unexpectedCharacter(let character): unexpectedCharacter(character)
    case .slashComment: Prose("a comment starts with `#`", label: "write `#`")
    case .unclosedText:
      Prose(
        "this text has no closing `\"` on its line", "a text over several lines stands between `\"\"\"` marks"
      )
    case .unclosedBlockText: Prose("this text has no closing `\"\"\"`")
    case .unclosedRawText: Prose("this text has no closing `'` on its line")
    case .unclosedInterpolation:
      Prose("this interpolation has no closing )", "write `\\(name)`, with the `)` on the same line")
    case .emptyInterpolation: Prose("an interpolation needs a value: `\\(name)`")
    case .unknownEscape(let character): unknownEscape(character)
    case .malformedUnicodeEscape: Prose("after `\\u` stand four hexadecimal digits, as in `\\u00e9`")
    case .lessIndented:
      Prose(
        "this line is indented less than the closing `\"\"\"`",
        "what stands before the closing mark is taken off each line")
    case .digitBeforePoint: Prose("a number has a digit before the point", label: "write `0` before it")
    case .leadingZero: Prose("a number does not start with 0", label: "write it without the 0")
    case .strayUnderscore: Prose("`_` stands only between two digits of a number")
    case .numberTooLarge: Prose("this number is too large", "the largest is about 1.8e308")
    case .integerBecomesFloat:
      Prose(
        "an integer beyond 64 bits reads as a float, which keeps 15 to 17 digits",
        "an id is a text: put it in quotes")
    case .unknownUnit(let unit): unknownUnit(unit)
    case .fractionalDuration(let unit):
      Prose(
        "a duration is a whole number of its unit",
        "write it in a smaller unit than `\(unit)`, as `90m` for one and a half hours")
    case .durationTooLong: Prose("this duration is too long", "the longest is about 292 million years")
    case .malformedInstant:
      Prose(
        "a date is `@2026-01-31`, a time `@2026-01-31T09:30`",
        "months, days, hours and minutes have two digits; behind a time may stand `Z` or `+02:00`")
    case .impossibleInstant(let problem): Prose("there is no such date or time: \(problem)")
    default: statementProse
    }
  }

  private var statementProse: Prose {
    switch self {
    case .expectedNewLine("`?`", _, _):
      Prose(
        "`?` means nothing here",
        "to choose between two values: `if a { 1 } else { 2 }`; for `null`: `a ?? b`")
    case .expectedNewLine(let found, let callee, let argument):
      Prose(
        "expected a new line or `;`, found \(found)",
        label: callee.map { "did you mean `\($0)(\(argument))`?" })
    case .startsStatement(let lexeme):
      Prose(
        "a statement does not start with `\(lexeme)`",
        lexeme == "|" || lexeme == "|>"
          ? "there is nothing before it to pass on"
          : "to go on with the line before, end that one with `\(lexeme)`, or put the whole in parentheses")
    case .strayKeyword(let word):
      Prose("`\(word)` belongs to \(word == "else" ? "an `if`" : "a `try`"), on the line of its `}`")
    case .onLineOfBrace(let word):
      Prose("`\(word)` stands on the line of the `}` before it", label: "write `} \(word)`")
    case .unmatchedBracket(let bracket): Prose("this `\(bracket)` closes nothing")
    case .onlyAtTop(let word): Prose("`\(word)` stands at the top of a script, not inside braces")
    case .expected(let what, let after, let found): Prose("expected \(what) after \(after), found \(found)")
    case .expectedName(let what, let found): expectedName(what, found)
    case .expectedBody(let found):
      Prose(
        "expected `{` on this line, found \(found)", "it stands on the line of what it belongs to: `if x {`")
    case .missingHead: Prose("a condition stands before the `{`, after `in` a sequence")
    case .unclosedBrace(let line): Prose("expected `}`", "it closes the `{` of line \(line)")
    case .functionNeedsName:
      Prose(
        "a function has a name: `fn double(x) = x * 2`",
        "where a value is needed, a block does: `map { it * 2 }`")
    case .functionValue:
      Prose(
        "a function is declared by a statement of its own: `fn double(x) = x * 2`",
        "behind a call a block does: `map { it * 2 }`")
    case .notAssignable:
      Prose(
        "only a name, its fields and its items can be assigned: `n = 1`, `r.x = 1`, `xs[0] = 1`",
        "to compare, write `==`")
    case .assignmentInCondition: Prose("`=` assigns; to compare, write `==`", label: "did you mean `==`?")
    case .tryNeedsCatch: Prose("a `try` needs `catch e { … }` behind its `}`, on the same line")
    case .plainTextNeeded(let what): Prose("\(what) takes a plain text, without `\\(…)`")
    case .nestedTooDeeply(let limit):
      Prose(
        "brackets and braces are nested deeper than \(limit)", "give the inner parts names with `let` or `fn`"
      )
    case .chainTooLong(let limit):
      Prose(
        "this chain has more than \(limit) links",
        "put a part of it into a `let`; for many values there are lists: `sum`, `join`, `in [ … ]`")
    default: expressionProse
    }
  }

  private var expressionProse: Prose {
    switch self {
    case .expectedExpression(let found, let isKeyword):
      Prose(
        "expected a value, found \(found)",
        label: isKeyword ? "a reserved word" : nil)
    case .expectedClosing(let closing, let found): Prose("expected `\(closing)`, found \(found)")
    case .expectedInList(let closing, let found, let line?):
      Prose(
        "expected `,` or `\(closing)`, found \(found)",
        "the `\(closing == ")" ? "(" : "[")` of line \(line) is still open")
    case .expectedInList(let closing, let found, _) where found == "the end" || isStatementWord(found):
      Prose(
        "expected `,` or `\(closing)`, found \(found)",
        "a `\(closing == ")" ? "(" : "[")` before it is still open")
    case .expectedInList(let closing, let found, _): Prose("expected `,` or `\(closing)`, found \(found)")
    case .expectedInRecord(let found, let isAfterName):
      isAfterName
        ? Prose(
          "expected `:`, `,` or `}` in a record, found \(found)",
          "this `{` opened a record; a block follows only a name or a call's `)`")
        : Prose("expected `,` or `}` in a record, found \(found)")
    case .expectedEntry(let found): Prose("expected a key in a record, found \(found)")
    case .expectedField(let found): Prose("expected a field's name after `.`, found \(found)")
    case .habit(let lexeme): habit(lexeme)
    case .foreign(let form): foreign(form)
    case .notInsideComparison:
      Prose("`not` binds looser than this operator", "put parentheses around it: `a == (not b)`")
    case .chainedComparison:
      Prose("comparisons do not chain", "write `a < b and b < c`")
    case .chainedRange: Prose("ranges do not chain: a range is `1..3`")
    case .stageGoesOn(let lexeme):
      Prose(
        "the right of `|` is a call, and `\(lexeme)` does not go on with it: put the pipeline in parentheses first",
        "write `(items | count) \(lexeme == "." || lexeme == "?." ? ".field" : lexeme == "[" ? "[0]" : lexeme + " 1")`"
      )
    case .stageIsField(let field):
      Prose(
        "`|` passes on to a function, and `.\(field)` is a field: write `| map { .field }`",
        label: "did you mean `map { .\(field) }`?")
    case .stageNeedsName(let found) where found == "`contains`" || found == "`in`":
      Prose(
        "\(found) is an operator, not a function",
        "`text contains part` asks for a part of a text, `x in xs` for an item")
    case .stageNeedsName(let found) where ["`matches`", "`starts_with`", "`ends_with`"].contains(found):
      Prose("\(found) is an operator, not a function", "write `text \(found.filter { $0 != "`" }) \"…\"`")
    case .stageNeedsName(let found):
      Prose("the right of `|` is the name of a function, as in `| count`, found \(found)")
    case .textCallGoesOn:
      Prose(
        "only one text may follow a name without parentheses, and nothing else",
        "write `print(\"a\" + b)`")
    case .textCallInside(let name):
      Prose(
        "a call without parentheses cannot be a part of an expression",
        label: "write `\(name)(…)`")
    case .argumentWithEquals:
      Prose("expected `,` or `)`, found `=`", "a named argument is `name: value`; to compare, write `==`")
    case .positionalAfterNamed: Prose("an argument without a name cannot follow a named one")
    case .noMethods(let name):
      Prose(
        "only names are called; values have no methods",
        label: name.map { "did you mean `| \($0)(…)`?" },
        "`.` looks inside, `|` passes on: `x | f(y)` is `f(x, y)`")
    case .misplacedBlock:
      Prose(
        "a block follows only the name of a function or a call's `)`", "a new statement starts on a new line")
    case .blockInHead:
      Prose(
        "a call with a block needs parentheses here",
        "write `if (items | any { .open }) { … }`, as the first `{` opens the body")
    case .blockNotRecord:
      Prose(
        "this `{` opened a block, as it follows a name; a record needs parentheses or braces of its own",
        "write `print({a: 1})` or `map { {id: .id} }`")
    case .bodyNotRecord:
      Prose("this `{` opened a body; a record needs braces of its own", "write `{ {a: 1} }`")
    case .recordNotBlock(let found) where found.dropFirst().first?.isNumber ?? false:
      Prose(
        "this `{` opened a record, and \(found) is no key", "a key is a name or a text: `{\"5\": \"five\"}`")
    case .recordNotBlock(let found):
      Prose(
        "this `{` opened a record, as a value is expected here; \(found) is no key",
        "a block follows only the name of a function: `map { it * 2 }`; a function has a name: `fn double(x) = x * 2`"
      )
    case .noItem:
      Prose(
        "there is no item here: `it` and `.field` stand in a block",
        "to look into a value, write its name first: `contact.email`")
    case .noItemInArguments(let callee):
      Prose(
        "there is no item here: what asks something of each item stands in a block",
        "write `\(callee) { … }` with braces, not parentheses")
    case .noItemInFunction:
      Prose("there is no item in a function: give it a parameter", "write `fn name(c) = c.email`")
    case .itemHasName:
      Prose("this block names its item, so `it` and `.field` mean nothing", "use the name, as in `c.email`")
    case .expectedType(let found): Prose("expected a type, found \(found)")
    case .operationNeedsEffect(let found):
      Prose("an operation starts with its effect: `read`, `write`, `destroy` or `outward`, found \(found)")
    case .operationNeedsMethod(let found):
      Prose("expected `GET`, `POST`, `PUT` or `DELETE` and a path, found \(found)")
    case .oneALine(let found):
      Prose("operations and fields stand one a line; expected a new line, found \(found)")
    case .literalNeeded:
      Prose("a default stands here as a plain value: a number, a text, `true`, `false` or `null`")
    default: Prose("this cannot be read")
    }
  }
}

// MARK: - Wordings that depend on the case

extension Mistake {
  private func controlCharacter(_ byte: UInt8) -> Prose {
    let digits = String(byte, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: 4 - digits.count) + digits
    return Prose(
      "the control character \(code) cannot stand in a script", "in a text, write `\\u\(code.dropFirst(2))`")
  }

  private func unexpectedCharacter(_ character: String) -> Prose {
    switch character {
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}":
      Prose("a text stands between straight quotes, not `\(character)`", label: "write `\"`")
    case "\u{A0}", "\u{202F}", "\u{2007}": Prose("this is a no-break space; write a plain one")
    case "\u{200B}", "\u{FEFF}", "\u{2060}", "\u{200E}", "\u{200F}":
      Prose("an invisible character stands here; delete it")
    case "\u{2013}", "\u{2014}", "\u{2212}": Prose("this is a dash; the sign for minus is `-`")
    case "&": Prose("`&` means nothing here", label: "did you mean `and`?")
    case "$": Prose("a name has no `$`")
    case "`": Prose("a text stands between `\"` or `'`")
    default: Prose("the character `\(character)` cannot stand here")
    }
  }

  private func unknownEscape(_ character: String) -> Prose {
    Prose(
      "there is no such escape: `\\\(character)`",
      "a backslash is `\\\\`; there are `\\n \\t \\r \\b \\f \\\" \\/ \\uXXXX` and `\\(…)`; a text in '…' has no escapes"
    )
  }

  private func unknownUnit(_ unit: String) -> Prose {
    let meant =
      switch unit {
      case "days", "day", "D": "d"
      case "hours", "hour", "hr", "hrs", "H": "h"
      case "minutes", "minute", "min", "mins": "m"
      case "seconds", "second", "sec", "secs", "S": "s"
      case "weeks", "week", "W": "w"
      case "millis", "msec": "ms"
      default: ""
      }
    let months = ["month", "months", "mo", "M", "y", "year", "years", "Y"].contains(unit)
    return Prose(
      "there is no such unit: `\(unit)`", label: meant.isEmpty ? nil : "did you mean `\(meant)`?",
      months
        ? "months and years differ in length: use `add_months(time, n)`"
        : "units are `ms s m h d w`; durations are added: `1h + 30m`")
  }

  /// A word that starts a statement: what stood before it was not closed.
  private func isStatementWord(_ found: String) -> Bool {
    ["`let`", "`var`", "`fn`", "`for`", "`while`", "`return`", "`break`", "`continue`"].contains(found)
  }

  private func expectedName(_ what: String, _ found: String) -> Prose {
    let word = found.filter { $0 != "`" }
    let isReserved = Token.Kind.keywords[word] != nil
    return Prose("expected \(what), found \(found)", label: isReserved ? "a reserved word" : nil)
  }

  private func foreign(_ form: ForeignForm) -> Prose {
    let (message, label, hints) = form.prose
    var prose = Prose(message, label: label)
    prose.hints = hints
    return prose
  }

  private func habit(_ lexeme: String) -> Prose {
    switch lexeme {
    case "&&": Prose("write `and` for `&&`", label: "did you mean `and`?")
    case "||": Prose("write `or` for `||`", label: "did you mean `or`?")
    case "!": Prose("write `not` for `!`", label: "did you mean `not`?")
    case "|>": Prose("a pipeline is written with `|`", label: "did you mean `|`?")
    default: Prose("a field of null is null already: write `.`", label: "did you mean `.`?")
    }
  }
}
