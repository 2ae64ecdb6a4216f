import Catalogue
import Testing

@testable import Sandbox

struct RoutesTests {
  @Test func everyDeclaredOperationHasItsRoute() {
    let routes = Dictionary(Routes.all.map { ($0.operation, $0) }, uniquingKeysWith: { first, _ in first })
    #expect(routes.count == 118)
    #expect(Routes.all.count == 118)
    var seen: Set<String> = []
    for operation in APICatalogue.standard.allResources().flatMap(\.operations) {
      guard let name = operation.officialName else { continue }
      seen.insert(name)
      let route = routes[name]
      #expect(route?.method.rawValue == operation.method.rawValue, "\(name)")
      #expect(route.flatMap { PathTemplate($0.template) }?.shape == operation.path.shape, "\(name)")
      // What the catalogue calls a read must change nothing here, but for the job that an export is.
      #expect(route?.reads == (operation.effect == .read) || name == "createDataExport", "\(name)")
    }
    #expect(seen.count == 118)
  }

  @Test func everyOperationIsSimulated() {
    #expect(Routes.all.filter { $0.handler == nil }.map(\.operation) == [])
  }

  @Test func wordsComeBeforeParameters() {
    let router = Router(Routes.all)
    func name(_ method: String, _ path: String) -> String? {
      if case .found(let route, _) = router.route(method, path[...]) { route.operation } else { nil }
    }
    #expect(name("POST", "/contacts/search") == "SearchContacts")
    #expect(name("GET", "/contacts/search") == "ShowContact")
    #expect(name("GET", "/companies/scroll") == "scrollOverAllCompanies")
    #expect(name("GET", "/contacts/") == nil)
    if case .found(_, let values) = router.route("GET", "/contacts/a%2Fb") {
      #expect(values == ["a/b"])
    } else {
      Issue.record("no route")
    }
  }
}
