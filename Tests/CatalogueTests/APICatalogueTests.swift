import Diagnostics
import Stdlib
import Syntax
import Testing

@testable import Catalogue

/// The shipped declarations.
@Suite struct APICatalogueTests {
  let catalogue = APICatalogue.standard

  @Test func everyFileLoadsWithoutDiagnostics() {
    let reports = catalogue.checkAll()
    #expect(reports.count == 26)
    for report in reports {
      for diagnostic in report.diagnostics {
        let line = report.source.position(of: diagnostic.range.start).line
        Issue.record("\(report.source.name):\(line): \(diagnostic.message)")
      }
    }
  }

  @Test func allOfficialOperationsAreDeclaredUnderTheirBuiltinsNames() throws {
    let operations = catalogue.allResources().flatMap { $0.operations }
    let expected = try rows(of: "operations")
    #expect(expected.count == 118)
    #expect(Set(operations.compactMap { $0.officialName }) == Set(expected.compactMap { $0["official"] }))
    for row in expected {
      let verbs = operations.filter { $0.officialName == row["official"] }
      #expect(verbs.allSatisfy { $0.method.rawValue == row["method"] }, "\(row)")
      #expect(verbs.allSatisfy { $0.path.shape == row["shape"] }, "\(row)")
      let builtin = try #require(verbs.first { $0.qualifiedName == row["builtin"] }, "\(row)")
      #expect(builtin.effect.rawValue == row["effect"], "\(row)")
    }
  }

  @Test func everyOperationIsCompleteEnoughToBeCalled() {
    for operation in catalogue.allResources().flatMap({ $0.operations }) {
      let name = operation.qualifiedName
      for parameter in operation.path.parameterNames {
        #expect(operation.parameter(parameter)?.place == .path, "\(name): \(parameter)")
      }
      #expect(operation.officialName != nil, "\(name)")
      #expect(!operation.documentation.isEmpty, "\(name)")
      #expect(!operation.examples.isEmpty, "\(name) has no example")
      if operation.effect != .read { #expect(!operation.settle.isEmpty, "\(name) says no settle class") }
      if case .sequence = operation.result { #expect(operation.paging != nil, "\(name)") }
    }
  }

  @Test func searchFieldsAreThoseOfTheAPI() throws {
    let expected = try rows(of: "search_fields")
    #expect(expected.count == 113)
    for type in ["contact", "conversation", "ticket"] {
      let fields = catalogue.searchFields(of: type)
      let wanted = expected.filter { $0["type"] == type }
      #expect(Set(fields.map { $0.wireName }) == Set(wanted.compactMap { $0["field"] }))
      #expect(fields.count == wanted.count)
      for row in wanted {
        let field = try #require(fields.first { $0.wireName == row["field"] }, "\(row)")
        let operators = field.kind.operators.map { $0.rawValue }.sorted().joined(separator: " ")
        #expect(operators == row["operators"], "\(row)")
      }
    }
  }

  @Test func searchFieldsOfRecordsInsideAreNamedByTheirWay() throws {
    let fields = catalogue.searchFields(of: "conversation")
    let score = try #require(fields.first { $0.wireName == "conversation_rating.score" })
    #expect(score.path == ["conversation_rating", "rating"])
    let author = try #require(fields.first { $0.path == ["source", "author", "email"] })
    #expect(author.wireName == "source.author.email")
    let tag = try #require(fields.first { $0.wireName == "tag_ids" })
    #expect(tag.computed == ["tags", "id"])
    #expect(tag.function == "has_tag")
    #expect(tag.onlySearch)
  }

  @Test func searchSpellsTicketCategoriesOtherwise() throws {
    let field = try #require(catalogue.searchFields(of: "ticket").first { $0.wireName == "category" })
    #expect(
      field.words == [
        SearchField.Word(value: "Customer", wire: "request"),
        SearchField.Word(value: "Back-office", wire: "task"),
      ])
  }

  @Test func theIndexAgreesWithWhatTheFilesDeclare() throws {
    for entry in catalogue.index.resources {
      let resource = try #require(catalogue.resource(entry.name))
      var names: [String] = []
      for operation in resource.operations where !names.contains(operation.name) {
        names.append(operation.name)
      }
      #expect(entry.operations == names)
      #expect(entry.recordType == resource.recordType)
    }
    #expect(catalogue.allRecordTypes().count == catalogue.index.typeNames.count)
  }

  @Test func aFileIsParsedWhenItIsAskedFor() {
    let fresh = APICatalogue(
      files: Stdlib.files.map { ($0.path, $0.text) }, index: CatalogueIndex(text: Stdlib.index))
    #expect(fresh.loadedFiles.isEmpty)
    #expect(fresh.operationNames(of: "tags")?.contains("apply") == true)
    #expect(fresh.resourceName(ofType: "contact") == "contacts")
    #expect(fresh.loadedFiles.isEmpty)
    #expect(fresh.resource("tags") != nil)
    #expect(fresh.loadedFiles == ["api/tags.parl"])
    #expect(fresh.resource("nothing") == nil)
    #expect(fresh.recordType("nothing") == nil)
    #expect(fresh.loadedFiles == ["api/tags.parl"])
  }

  @Test func oneNameMayStandForSeveralOperations() {
    let verbs = catalogue.operations("tags", "apply")
    #expect(
      verbs.map { $0.parameters.first?.type } == [
        .id("contact"), .id("conversation"), .id("ticket"), .id("company"),
      ])
    #expect(verbs.map { $0.target } == ["contact", "conversation", "ticket", "company"])
    #expect(catalogue.operations("tags", "nothing").isEmpty)
  }

  @Test func aBareResourceReadsItsAll() {
    #expect(catalogue.resource("contacts")?.all?.name == "list")
    #expect(catalogue.resource("tickets")?.all?.name == "search")
    #expect(catalogue.resource("tickets")?.all?.everything == "created_at")
    #expect(catalogue.resource("notes")?.all == nil)
  }

  @Test func requestsAreDescribedInFull() throws {
    let close = try #require(catalogue.operations("conversations", "close").first)
    #expect(close.fixedFields.map { $0.wire } == [["message_type"], ["type"]])
    #expect(close.parameter("as")?.defaultValue == .signer)
    #expect(close.parameter("as")?.wire == ["admin_id"])
    #expect(close.inverse == Inverse(verbs: ["open", "snooze", "close"], arguments: .byState))
    #expect(close.outcomes == [FieldOutcome(field: "state", value: .text("closed"))])
    #expect(close.settle.first?.lookUp == LookUp(resource: "conversations", operation: "get"))

    let assign = try #require(catalogue.operations("tickets", "assign").first)
    #expect(assign.parameter("to")?.wire == ["assignment", "assignee_id"])
    #expect(assign.parameter("to")?.sets == ["admin_assignee_id"])
    #expect(assign.parameter("as")?.wire == ["assignment", "admin_id"])

    let create = try #require(catalogue.operations("contacts", "create").first)
    #expect(create.parameter("owner")?.wire == ["owner_id"])
    #expect(create.parameter("owner")?.sendsNumber == true)
    #expect(create.requirements == [.atLeastOne(["email", "external_id", "role"])])
    #expect(create.settle.map { $0.settleClass } == [.key, .key, .search])
    #expect(create.settle[1].conditions.last == SettleRule.Condition(parameter: "role", values: ["user"]))

    let list = try #require(catalogue.resource("companies")?.all)
    #expect(list.paging?.cap == 10_000)
    #expect(list.paging?.beyond == "scroll")
    #expect(list.parameter("order")?.place == .query)
    #expect(list.parameter("per_page")?.place == .pageSize)

    let update = try #require(catalogue.operations("contacts", "update").first)
    #expect(update.parameter("name")?.sets == ["name"])
    #expect(update.parameter("contact")?.sets == nil)
  }

  @Test func recordsKnowTheirColumnsAndRoles() throws {
    let contact = try #require(catalogue.recordType("contact"))
    #expect(contact.columns.map { $0.name } == ["id", "email", "name", "role", "last_seen_at"])
    #expect(contact.field(with: .version)?.name == "updated_at")
    #expect(
      contact.field("tags")?.cut
        == Field.Cut(limit: 10, rest: LookUp(resource: "contacts", operation: "tags")))
    #expect(contact.field("notes")?.cut?.rest == LookUp(resource: "notes", operation: "list"))
    #expect(contact.field("nothing") == nil)
  }

  @Test func allSevenPagingStylesAreInUse() {
    var styles = Set(catalogue.allResources().flatMap { $0.operations }.compactMap { $0.paging?.style })
    if catalogue.allRecordTypes().flatMap({ $0.fields }).contains(where: { $0.cut?.rest != nil }) {
      styles.insert(.linked)
    }
    #expect(styles == Set(Paging.Style.allCases))
  }

  @Test func everyExampleParses() {
    for operation in catalogue.allResources().flatMap({ $0.operations }) {
      for example in operation.examples {
        let parsed = Parser.parse(SourceText(name: operation.qualifiedName, text: example))
        for diagnostic in parsed.diagnostics {
          Issue.record("\(operation.qualifiedName): \(example): \(diagnostic.message)")
        }
      }
    }
  }

  @Test func fieldsThatOperationsSpeakOfExist() throws {
    for operation in catalogue.allResources().flatMap({ $0.operations }) {
      let name = operation.qualifiedName
      if let target = operation.target.flatMap({ operation.parameter($0) })?.type.recordType {
        let type = try #require(catalogue.recordType(target))
        for parameter in operation.parameters {
          guard let path = parameter.sets, let first = path.first else { continue }
          #expect(type.field(first) != nil, "\(name): \(target) has no \(path)")
        }
        for outcome in operation.outcomes where outcome.field != FieldOutcome.missing {
          #expect(type.field(outcome.field) != nil, "\(name): \(target) has no \(outcome.field)")
        }
      }
      for lookUp in operation.settle.compactMap({ $0.lookUp }) {
        let read = try #require(catalogue.operations(lookUp.resource, lookUp.operation).first, "\(name)")
        #expect(read.effect == .read, "\(name) looks with \(read.qualifiedName)")
        guard let field = lookUp.field, case .value(.object(let type)) = read.result else {
          #expect(lookUp.field == nil, "\(name)")
          continue
        }
        #expect(catalogue.recordType(type)?.field(field) != nil, "\(name): \(type) has no \(field)")
      }
      let searched = operation.fixedFilters.map { $0.field } + [operation.everything].compactMap { $0 }
      if case .sequence(.object(let type)) = operation.result {
        let fields = catalogue.searchFields(of: type).map { $0.wireName }
        #expect(searched.allSatisfy { fields.contains($0) }, "\(name)")
      } else {
        #expect(searched.isEmpty, "\(name)")
      }
    }
  }

  @Test func whatUndoesAnOperationTakesItsRecord() {
    for operation in catalogue.allResources().flatMap({ $0.operations }) {
      guard let inverse = operation.inverse else { continue }
      for verb in inverse.verbs {
        #expect(!catalogue.operations(operation.resource, verb).isEmpty, "\(operation.qualifiedName)")
      }
      if inverse.arguments != .result { #expect(operation.target != nil, "\(operation.qualifiedName)") }
    }
  }
}
