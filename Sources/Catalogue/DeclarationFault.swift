import Diagnostics

/// What can be wrong with a declaration.
enum DeclarationFault {
  case unknownClause(String, known: [String])
  case repeatedClause(String)
  case clauseValue(String, wants: String)
  case clauseWithout(String, before: String)
  case unknownWord(String, clause: String, known: [String])
  case unknownType(String)
  case typeArgument(String, wants: String)
  case misplacedType(String, place: String)
  case defaultValue(parameter: String, type: String)
  case path(String)
  case unboundPathParameter(String, path: String)
  case optionalPathParameter(String)
  case unknownParameter(String, clause: String)
  case duplicateParameter(String)
  case duplicateWire(String, other: String)
  case duplicateField(String)
  case duplicateOperation(String)
  case duplicateType(String)
  case duplicateResource(String)
  case unknownResource(String)
  case unknownOperation(String, resource: String)
  case unknownMethod(String)
  case unknownEffect(String)
  case effectBelowMethod(effect: String, method: String, allowed: String)
  case sequenceWithoutPaging
  case sequenceWithoutItems
  case pagingWithoutSequence
  case secondAll(String)
  case allNeedsArguments(String)
  case undocumented(String)
  case unknownField(String, type: String)
}

extension DeclarationFault {
  func diagnostic(at range: SourceRange) -> Diagnostic {
    let (message, hints) = prose
    return Diagnostic(.error, message, at: range, hints: hints)
  }

  private var prose: (String, [String]) {
    switch self {
    case .unknownClause(let word, let known):
      ("there is no clause `\(word)`", ["known here: \(known.joined(separator: " "))"])
    case .repeatedClause(let word):
      ("`\(word)` stands twice", ["once is what it can be said"])
    case .clauseValue(let word, let wants):
      ("`\(word)` wants \(wants)", [])
    case .clauseWithout(let word, let before):
      ("`\(word)` belongs to a `\(before)` before it, and there is none", [])
    case .unknownWord(let word, let clause, let known):
      ("`\(clause)` does not know `\(word)`", ["known: \(known.joined(separator: " "))"])
    case .unknownType(let name):
      ("there is no type `\(name)`", ["declare it: type \(name) { … }"])
    case .typeArgument(let name, let wants):
      ("`\(name)` \(wants)", [])
    case .misplacedType(let type, let place):
      ("`\(type)` cannot be \(place)", [])
    case .defaultValue(let parameter, let type):
      ("the default of `\(parameter)` is not of type `\(type)`", [])
    case .path(let path):
      (
        "`\(path)` is not a path",
        ["a path starts with / and names its parameters in braces: \"/contacts/{contact}\""]
      )
    case .unboundPathParameter(let name, let path):
      ("the path \(path) wants `\(name)`, which is not a parameter", ["add it: \(name): id<…>"])
    case .optionalPathParameter(let name):
      ("`\(name)` stands in the path and cannot be left out", ["take the `?` away"])
    case .unknownParameter(let name, let clause):
      ("`\(clause)` speaks of `\(name)`, which is not a parameter", [])
    case .duplicateParameter(let name):
      ("there are two parameters `\(name)`", [])
    case .duplicateWire(let name, let other):
      ("`\(name)` and `\(other)` go to the same place in the request", ["`wire \(name)(…)` says another"])
    case .duplicateField(let name):
      ("there are two fields `\(name)`", [])
    case .duplicateOperation(let name):
      (
        "there are two operations `\(name)` that the same call would mean",
        ["operations of one name must take records of different types in the same parameter"]
      )
    case .duplicateType(let name):
      (
        "the type `\(name)` is declared already",
        ["choose another name; what is declared cannot be redefined"]
      )
    case .duplicateResource(let name):
      (
        "the resource `\(name)` is declared already",
        ["choose another name; what is declared cannot be redefined"]
      )
    case .unknownResource(let name):
      name.isEmpty
        ? ("which resource has this operation is not said", ["add `from` and the resource"])
        : ("there is no resource `\(name)`", [])
    case .unknownOperation(let name, let resource):
      ("`\(resource)` has no operation `\(name)`", [])
    case .unknownMethod(let name):
      ("`\(name)` is not a method", ["known: GET POST PUT DELETE"])
    case .unknownEffect(let name):
      ("`\(name)` is not an effect", ["known: read write destroy outward"])
    case .effectBelowMethod(let effect, let method, let allowed):
      (
        "\(method) cannot be declared `\(effect)`",
        ["write `\(allowed)`; a `read` by POST needs a path that ends in /search"]
      )
    case .sequenceWithoutPaging:
      (
        "a sequence must say how its pages follow each other",
        ["add `paging none` if everything comes at once"]
      )
    case .sequenceWithoutItems:
      ("a sequence must say where its items are", ["add `items \"data\"` with the key of the list"])
    case .pagingWithoutSequence:
      ("only a sequence has pages and items", ["its result is written -> sequence<…>"])
    case .secondAll(let other):
      ("`\(other)` is already what the bare name of the resource reads", [])
    case .allNeedsArguments(let name):
      ("the bare name of the resource cannot read `\(name)`, which needs arguments", [])
    case .undocumented(let name):
      ("`\(name)` has no documentation", ["say in a line before it what it does: ## …"])
    case .unknownField(let name, let type):
      ("`\(type)` has no field `\(name)`", [])
    }
  }
}
