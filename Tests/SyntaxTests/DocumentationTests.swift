import Diagnostics
import Syntax
import Testing

struct DocumentationTests {
  private func script(_ text: String) -> Script { parse(SourceText(name: "x", text: text)).script }

  private func documentation(_ declaration: Declaration?) -> String? {
    switch declaration {
    case .param(let param): param.documentation
    case .resource(let resource): resource.documentation
    case .type(let type): type.documentation
    case .statement(let statement): statement.documentation
    default: nil
    }
  }

  @Test func theScriptAndItsFirstParameter() {
    let text =
      "## Tag people.\n## Quietly.\nparam a: int ## how many\n## before\nparam b: int\nparam c: int ## behind\n"
    let script = script(text)
    #expect(script.documentation == "Tag people.\nQuietly.")
    #expect(script.declarations.map(documentation) == ["how many", "before", "behind"])
  }

  @Test func aloneAtTheTopItIsBoth() {
    let script = script("## One.\nlet a = 1")
    #expect(script.documentation == "One.")
    #expect(documentation(script.declarations.first) == "One.")
  }

  @Test func anEmptyLineParts() {
    let script = script("## The script.\n\n## The value.\nlet a = 1\n\n## Nobody's.\n\nlet b = 2\n")
    #expect(script.documentation == "The script.")
    #expect(script.declarations.map(documentation) == ["The value.", nil])
  }

  @Test func aScriptOfCommentsAlone() {
    #expect(script("## Nothing yet.\n").documentation == "Nothing yet.")
    #expect(script("# plain\n").documentation == nil)
    #expect(script("").documentation == nil)
  }

  @Test func functionsAndBindings() {
    let script = script(
      "let x = 1\n## Doubles.\n# plain\nfn f(x) { ## its line\n  x * 2\n}\nlet y = a\n  | f ## at the end\nvar z = 1 # plain\n"
    )
    #expect(script.declarations.map(documentation) == [nil, "Doubles.\nits line", "at the end", nil])
  }

  @Test func resourcesOperationsAndParameters() {
    let script = script(
      """
      ## Requests.
      resource tickets {
        ## Find.
        read find(
          query: string, ## what
          ## how many
          n: int = 1
        ) GET "/t"
        write drop() POST "/d" ## Drops.
      }
      ## A ticket.
      type ticket { ## on the line
        id: int ## its id
        ## its name
        name: string
      }
      """)
    guard case .resource(let resource) = script.declarations.first,
      case .type(let type) = script.declarations.last
    else {
      Issue.record("another tree")
      return
    }
    #expect(resource.documentation == "Requests.")
    #expect(resource.operations.map(\.documentation) == ["Find.", "Drops."])
    #expect(resource.operations.first?.parameters.map(\.documentation) == ["what", "how many"])
    #expect(type.documentation == "A ticket.\non the line")
    #expect(type.fields.map(\.documentation) == ["its id", "its name"])
  }
}
