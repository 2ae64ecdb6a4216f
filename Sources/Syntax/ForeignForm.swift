/// A form of another language that a hand writes by habit, with the facts of the case. None has a meaning
/// here, so each can be answered with what has.
enum ForeignForm: Hashable {
  /// `*=`, `/=`, `%=`, `??=`
  case compoundAssignment(String)
  /// `++` and `--`; the name that it was meant to change, if one stands before it.
  case increment(String, name: String?)
  /// `**`
  case power
  /// `<>`, `===`, `!==`, `=<`, `=>`
  case comparison(String, meant: String)
  /// `x -> …` and `x => …` where a value stands.
  case arrowFunction
  /// `{ |x| … }`
  case pipedNames
  /// `:=`
  case walrus
  /// `let x: int`
  case typeAnnotation
  /// `let a, b = …`, `let [a, b] = …`
  case takingApart
  /// `let x == 1`
  case doubleEqualsInBinding
  /// `for (x in xs)`
  case parenthesesInFor
  /// `for x of xs`, `for x : xs`
  case forWord(String)
  /// `for i, x in xs`
  case forWithIndex
  /// `if x then`, `while x do`, `if x:`
  case wordBeforeBody(String)
  /// `a ? b : c`
  case conditional
  /// `x is null`
  case isWord
  /// `const x = 1`, `switch x { … }`: the word and what to write.
  case keyword(String, advice: String)
  /// `'don''t'`, `"a" "b"`
  case twoTexts
}

extension ForeignForm {
  /// What is wrong, a few words behind the caret, what to write.
  var prose: (message: String, label: String?, hints: [String]) {
    switch self {
    case .compoundAssignment(let sign):
      return ("there is no `\(sign)`", nil, ["write `x = x \(sign.dropLast()) …`; there are `+=` and `-=`"])
    case .increment(let sign, let name?):
      return ("there is no `\(sign)`", "write `\(name) \(sign == "++" ? "+=" : "-=") 1`", [])
    case .increment(let sign, name: nil):
      return (
        "there is no `\(sign)`", nil,
        [sign == "++" ? "`+` joins two texts or two lists" : "`- -x` subtracts what is negative"]
      )
    case .power: return ("there is no `**`", nil, ["a square is `x * x`"])
    case .comparison(let sign, let meant):
      return ("`\(sign)` is no operator", "did you mean `\(meant)`?", [])
    case .arrowFunction:
      return (
        "a function to pass on is a block in braces", nil,
        ["write `map { x -> x * 2 }`, or `map { it * 2 }`; it stands behind the `)`"]
      )
    case .pipedNames: return ("a block names its item before `->`", nil, ["write `{ x -> … }`"])
    case .walrus:
      return (
        "`:=` is no operator", nil, ["`let x = 1` gives a name its value; a `var` is changed by `x = 1`"]
      )
    case .typeAnnotation:
      return ("a name has no type here: it is that of its value", nil, ["only `param` declares a type"])
    case .takingApart:
      return (
        "a `let` gives one name its value", nil,
        ["take the parts out by hand: `let a = xs[0]`, `let b = r.b`"]
      )
    case .doubleEqualsInBinding: return ("`==` compares; a name is given its value by `=`", "write `=`", [])
    case .parenthesesInFor:
      return (
        "no parentheses stand around the head of a `for`", nil,
        ["write `for x in xs { … }`, or `for i in 0..9`"]
      )
    case .forWord(let word):
      return ("a `for` goes through what stands behind `in`", "`in`, not `\(word)`", [])
    case .forWithIndex:
      return (
        "a `for` has one name", nil,
        ["`for e in enumerate(xs)` gives `e.index` and `e.item`, `entries(r)` a record's `{key, value}`"]
      )
    case .wordBeforeBody(let word):
      return ("a body stands in braces on the same line", "write `{`, not `\(word)`", [])
    case .conditional:
      return (
        "`?` means nothing here", nil,
        ["to choose between two values: `if a { 1 } else { 2 }`; for `null`: `a ?? b`"]
      )
    case .isWord: return ("`is` is no operator", "write `==`, or `!=` for `is not`", [])
    case .keyword(let word, let advice): return ("there is no `\(word)` here", nil, [advice])
    case .twoTexts:
      return (
        "two texts stand side by side", nil,
        [
          "`+` joins two texts, and a `,` or `]` ends an item of a list; a `'` stands in `\"…\"`, a `\"` in `'…'` or as `\\\"`"
        ]
      )
    }
  }

  /// Words that stand in other languages where a `for` has `in`.
  static let forWords: Set<String> = ["of", "from", "on", "over", "through", "across", "each", "to"]

  /// Words that start a statement, or a part of one, in other languages.
  static let keywords: [String: String] = [
    "const": "`let` gives a name a value that stays", "val": "`let` gives a name a value that stays",
    "final": "`let` gives a name a value that stays",
    "set": "`var` declares what can change, `x = 1` changes it",
    "local": "`let` is seen in its braces alone", "my": "`let` is seen in its braces alone",
    "mut": "`var` declares what can change", "global": "`let` at the top is seen everywhere",
    "function": "a function is declared by `fn double(x) = x * 2`",
    "func": "a function is declared by `fn double(x) = x * 2`",
    "fun": "a function is declared by `fn double(x) = x * 2`",
    "def": "a function is declared by `fn double(x) = x * 2`",
    "sub": "a function is declared by `fn double(x) = x * 2`",
    "proc": "a function is declared by `fn double(x) = x * 2`",
    "lambda": "a function to pass on is a block: `map { it * 2 }`",
    "foreach": "write `for x in xs { … }`", "loop": "write `while true { … }`",
    "until": "write `while not x { … }`", "unless": "write `if not x { … }`",
    "repeat": "write `while true { … }`, with `break` where it ends",
    "do": "write `while x { … }`", "elif": "write `else if`", "elsif": "write `else if`",
    "elseif": "write `else if`", "endif": "a body ends with `}`", "end": "a body ends with `}`",
    "done": "a body ends with `}`", "fi": "a body ends with `}`", "begin": "a body stands in braces",
    "then": "a body stands in braces on the same line",
    "switch": "`if … else if …`, or a record: `{open: \"Open\"}[state] ?? \"?\"`",
    "match": "`if … else if …`, or a record: `{open: \"Open\"}[state] ?? \"?\"`",
    "case": "`if … else if …`, or a record: `{open: \"Open\"}[state] ?? \"?\"`",
    "when": "write `if x { … }`", "import": "write `use \"helpers.parl\"`",
    "include": "write `use \"helpers.parl\"`", "require": "write `use \"helpers.parl\"`",
    "from": "write `use \"helpers.parl\"`", "export": "every `fn` and `let` of a module can be used",
    "public": "every `fn` and `let` of a module can be used",
    "class": "values are records: `{name: \"Ann\"}`", "struct": "values are records: `{name: \"Ann\"}`",
    "enum": "choices are texts; `param state: \"open\" | \"closed\"` checks them",
    "new": "a record is written as it is: `{name: \"Ann\"}`", "throw": "write `raise(\"…\")`",
    "throws": "any function may raise", "except": "write `try { … } catch e { … }`",
    "rescue": "write `try { … } catch e { … }`", "finally": "what comes after the `try` stands after it",
    "async": "nothing is to be awaited: a call gives its value",
    "await": "nothing is to be awaited: a call gives its value",
    "yield": "`map { … }` and the other stages are lazy by themselves",
    "pass": "an empty body is `{ }`", "del": "`omit(r, \"key\")` is a record without a key",
    "delete": "`omit(r, \"key\")` is a record without a key", "echo": "write `print(x)`",
  ]
}
