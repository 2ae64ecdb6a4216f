import HTTP
import JSON
import Runs

/// A word to a sandbox that is served, at the address that `--base-url` gives.
struct SandboxControl {
  private let client: Client
  private let base: BaseURL

  init(_ context: CommandContext) throws(Problem) {
    let text = context.arguments.value("base-url") ?? ""
    do throws(BaseURL.Invalid) { base = try BaseURL(text) } catch {
      throw Problem("--base-url: \(error.message)", exit: .usage)
    }
    guard base.isLoopback else {
      throw Problem("\(base.origin) is no sandbox: sandboxes are on this machine", exit: .usage)
    }
    client = Client(ClientConfiguration(base: base) { _ in "sandbox" })
  }

  func call(_ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = []) throws(Problem)
    -> JSONValue
  {
    let request = HTTPRequest(
      method, path, query: query, body: method == .post ? Array("{}".utf8) : nil, requestClass: .read)
    switch client.perform(request) {
    case .failure(let failure):
      throw Problem(failure.message(for: request).withoutFullStop, exit: .refused)
    case .success(let response):
      guard response.status == 200, let value = try? JSONValue.parse(response.body) else {
        throw Problem(
          APIError(response).message?.withoutFullStop
            ?? "\(base.origin) answered \(response.status): it is no sandbox",
          exit: .refused)
      }
      return value
    }
  }
}
