import Diagnostics
import Syntax

extension DeclarationLoader {
  mutating func read(_ clauses: [Clause], into draft: inout OperationDraft) {
    var seen: Set<OperationClause> = []
    // `from` follows its `look` but must be known with it.
    for (index, clause) in clauses.enumerated() {
      guard let known = OperationClause(rawValue: clause.name.text) else {
        report(
          .unknownClause(clause.name.text, known: OperationClause.allCases.map { $0.rawValue }),
          at: clause.name.range)
        continue
      }
      if !seen.insert(known).inserted, !known.repeats {
        report(.repeatedClause(clause.name.text), at: clause.name.range)
        continue
      }
      switch known {
      case .items, .paging, .total, .pageSize, .pageMax, .cap, .beyond, .idle, .cut:
        readPaging(known, clause, into: &draft)
      case .wire, .query, .body, .number, .fix, .signs, .fill, .listed, .refuse, .require, .where,
        .everything, .accept:
        readRequest(known, clause, into: &draft)
      case .look:
        let next = clauses.dropFirst(index + 1).first
        readLookUp(clause, from: next?.name.text == "from" ? next : nil, into: &draft)
      case .from:
        if index == 0 || clauses[index - 1].name.text != "look" {
          report(.clauseWithout("from", before: "look"), at: clause.name.range)
        }
      case .target, .sets, .leaves, .reopens, .undo, .settle, .when, .keep, .as, .official:
        readMeaning(known, clause, into: &draft)
      }
    }
  }

  private mutating func readPaging(
    _ known: OperationClause, _ clause: Clause, into draft: inout OperationDraft
  ) {
    switch known {
    case .items:
      if let text = text(clause, wants: "the key of the list, as a text") {
        draft.operation.items = text.split(separator: ".").map { String($0) }
      }
    case .paging:
      guard let (word, quirks) = words(clause, wants: "a style") else { return }
      let styles = Paging.Style.allCases.filter { $0 != .linked }
      guard let style = styles.first(where: { $0.rawValue == word }) else {
        report(
          .unknownWord(word, clause: "paging", known: styles.map { $0.rawValue }),
          at: clause.name.range)
        return
      }
      draft.pagingStyle = style
      for quirk in quirks {
        guard style == .page, let end = Paging.End(rawValue: quirk) else {
          report(
            .unknownWord(quirk, clause: "paging \(word)", known: ["next_url", "total_pages"]),
            at: clause.name.range)
          continue
        }
        draft.pagingEnd = end
      }
    case .total:
      guard let word = word(clause, wants: "exact, loose or none") else { return }
      draft.totalCount = Paging.TotalCount(rawValue: word)
      if draft.totalCount == nil {
        report(
          .unknownWord(word, clause: "total", known: ["exact", "loose", "none"]),
          at: clause.name.range)
      }
    case .pageSize: draft.pageSize = number(clause)
    case .pageMax: draft.pageMax = number(clause)
    case .cap: draft.cap = number(clause)
    case .idle: draft.idle = number(clause)
    case .cut: draft.cut = number(clause)
    case .beyond:
      guard let verb = word(clause, wants: "an operation") else { return }
      draft.beyond = lookUp(verb, resource: nil, at: clause)?.operation
    default: break
    }
  }

  private mutating func readRequest(
    _ known: OperationClause, _ clause: Clause, into draft: inout OperationDraft
  ) {
    switch known {
    case .wire:
      guard let (name, path) = words(clause, wants: "a parameter, and in ( ) where it goes") else { return }
      guard !path.isEmpty else {
        report(.clauseValue("wire", wants: "where it goes, in ( )"), at: clause.name.range)
        return
      }
      withParameter(name, clause, in: &draft) { $0.wire = path }
    case .query:
      guard let name = word(clause, wants: "a parameter") else { return }
      withParameter(name, clause, in: &draft) { $0.place = .query }
    case .body:
      guard let name = word(clause, wants: "a parameter") else { return }
      withParameter(name, clause, in: &draft) { $0.place = .body }
    case .number:
      guard let name = word(clause, wants: "a parameter") else { return }
      withParameter(name, clause, in: &draft) { $0.sendsNumber = true }
    case .fill:
      guard let (name, source) = pair(clause, wants: "a parameter, and in ( ) the word me") else { return }
      guard source == "me" else {
        report(.unknownWord(source, clause: "fill", known: ["me"]), at: clause.name.range)
        return
      }
      withParameter(name, clause, in: &draft) { $0.defaultValue = .signer }
    case .signs:
      guard let (first, more) = words(clause, wants: "the body field that bears the teammate") else { return }
      draft.signerName = "as"
      draft.operation.parameters.append(
        Parameter(
          name: "as", type: .reference("admin"), isOptional: true, defaultValue: .signer,
          place: .body, wire: [first] + more, sendsNumber: false))
    case .fix:
      guard let (first, more) = words(clause, wants: "a body field, and in ( ) its value") else { return }
      guard let last = more.last else {
        report(.clauseValue("fix", wants: "the value, in ( )"), at: clause.name.range)
        return
      }
      draft.operation.fixedFields.append(
        FixedField(wire: [first] + more.dropLast(), value: fixedValue(last)))
    case .listed:
      if let name = word(clause, wants: "a body field") { draft.operation.listedFields.append(name) }
    case .refuse:
      guard let (name, value) = pair(clause, wants: "a parameter, and in ( ) a value") else { return }
      withParameter(name, clause, in: &draft) { _ in }
      draft.operation.refusals.append(APIOperation.Refusal(parameter: name, value: value))
    case .require:
      guard let (kind, names) = words(clause, wants: "one(…) or any(…)"), !names.isEmpty else {
        return
      }
      for name in names { withParameter(name, clause, in: &draft) { _ in } }
      switch kind {
      case "one": draft.operation.requirements.append(.exactlyOne(names))
      case "any": draft.operation.requirements.append(.atLeastOne(names))
      default: report(.unknownWord(kind, clause: "require", known: ["one", "any"]), at: clause.name.range)
      }
    case .where:
      guard let (field, name) = pair(clause, wants: "a search field, and in ( ) a parameter") else { return }
      withParameter(name, clause, in: &draft) { $0.place = .filter }
      draft.operation.fixedFilters.append(APIOperation.FixedFilter(field: field, parameter: name))
    case .everything: draft.operation.everything = word(clause, wants: "a time field")
    case .accept: draft.operation.accept = text(clause, wants: "a media type, as a text")
    default: break
    }
  }

  private mutating func readMeaning(
    _ known: OperationClause, _ clause: Clause, into draft: inout OperationDraft
  ) {
    switch known {
    case .target:
      guard let name = word(clause, wants: "a parameter") else { return }
      withParameter(name, clause, in: &draft) { _ in }
      draft.operation.target = name
    case .sets:
      guard let (name, path) = words(clause, wants: "a parameter, and in ( ) a field"), !path.isEmpty
      else { return }
      withParameter(name, clause, in: &draft) { _ in }
      draft.sets[name] = path
    case .leaves:
      guard let (field, value) = pair(clause, wants: "a field, and in ( ) its value") else { return }
      draft.operation.outcomes.append(FieldOutcome(field: field, value: fixedValue(value)))
    case .reopens:
      guard let verb = word(clause, wants: "an operation") else { return }
      _ = lookUp(verb, resource: nil, at: clause)
      draft.operation.reopens = verb
    case .undo: draft.operation.inverse = inverse(clause)
    case .settle:
      guard let (word, details) = words(clause, wants: "a class") else { return }
      guard let settleClass = SettleClass(rawValue: word) else {
        report(
          .unknownWord(word, clause: "settle", known: SettleClass.allCases.map { $0.rawValue }),
          at: clause.name.range)
        return
      }
      checkDetails(details, of: settleClass, clause, in: &draft)
      draft.settle.append(OperationDraft.PendingSettle(settleClass: settleClass, details: details))
    case .when:
      guard let (name, values) = words(clause, wants: "a parameter, and in ( ) its values") else { return }
      withParameter(name, clause, in: &draft) { _ in }
      guard let last = draft.settle.indices.last else {
        report(.clauseWithout("when", before: "settle"), at: clause.name.range)
        return
      }
      draft.settle[last].conditions.append(SettleRule.Condition(parameter: name, values: values))
    case .keep:
      guard let word = word(clause, wants: "nothing") else { return }
      if word != "nothing" {
        report(.unknownWord(word, clause: "keep", known: ["nothing"]), at: clause.name.range)
      }
      draft.operation.keepsNothing = word == "nothing"
    case .as:
      guard let word = word(clause, wants: "all") else { return }
      if word != "all" { report(.unknownWord(word, clause: "as", known: ["all"]), at: clause.name.range) }
      draft.operation.isAll = word == "all"
    case .official: draft.operation.officialName = text(clause, wants: "a name, as a text")
    default: break
    }
  }

  private mutating func checkDetails(
    _ details: [String], of settleClass: SettleClass, _ clause: Clause,
    in draft: inout OperationDraft
  ) {
    switch settleClass {
    case .child, .search:
      for name in details { withParameter(name, clause, in: &draft) { _ in } }
    case .key, .gone:
      let known = settleClass == .gone ? ["again", "read", "hidden"] : ["again", "read"]
      for word in details where !known.contains(word) {
        report(
          .unknownWord(word, clause: "settle \(settleClass.rawValue)", known: known),
          at: clause.name.range)
      }
    case .set, .redo, .none:
      if let word = details.first {
        report(.unknownWord(word, clause: "settle \(settleClass.rawValue)", known: []), at: clause.name.range)
      }
    }
  }

  private mutating func readLookUp(
    _ clause: Clause, from source: Clause?, into draft: inout OperationDraft
  ) {
    guard let (verb, fields) = words(clause, wants: "an operation, and in ( ) a field") else { return }
    guard let last = draft.settle.indices.last else {
      report(.clauseWithout("look", before: "settle"), at: clause.name.range)
      return
    }
    var resource: String?
    if let source { resource = word(source, wants: "a resource") }
    draft.settle[last].lookUp = lookUp(verb, field: fields.first, resource: resource, at: clause)
  }

  private mutating func inverse(_ clause: Clause) -> Inverse? {
    let wants = "an operation, and in ( ) earlier, result or same; or by_state(…)"
    guard let (verb, arguments) = words(clause, wants: wants), let first = arguments.first else {
      report(.clauseValue("undo", wants: wants), at: clause.name.range)
      return nil
    }
    let inverse: Inverse
    switch (verb, first) {
    case ("by_state", _): inverse = Inverse(verbs: arguments, arguments: .byState)
    case (_, "earlier"):
      inverse = Inverse(verbs: [verb], arguments: .earlier(whenNull: arguments.dropFirst().first))
    case (_, "result"): inverse = Inverse(verbs: [verb], arguments: .result)
    case (_, "same"): inverse = Inverse(verbs: [verb], arguments: .same)
    default:
      report(
        .unknownWord(first, clause: "undo", known: ["earlier", "result", "same"]),
        at: clause.name.range)
      return nil
    }
    for name in inverse.verbs { _ = lookUp(name, resource: nil, at: clause) }
    if case .earlier(whenNull: let other?) = inverse.arguments {
      _ = lookUp(other, resource: nil, at: clause)
    }
    return inverse
  }

  private mutating func withParameter(
    _ name: String, _ clause: Clause, in draft: inout OperationDraft,
    _ change: (inout Parameter) -> Void
  ) {
    guard let index = draft.operation.parameters.firstIndex(where: { $0.name == name }) else {
      report(.unknownParameter(name, clause: clause.name.text), at: clause.name.range)
      return
    }
    change(&draft.operation.parameters[index])
  }

  private func fixedValue(_ word: String) -> FixedField.Value {
    switch word {
    case "true": .bool(true)
    case "false": .bool(false)
    case "null": .null
    case "me": .signer
    case "nobody": .nobody
    default: .text(word)
    }
  }
}
