import Catalogue
import HTTP
import JSON
import Machine

/// What a run needs to hand values back to a script without a request.
extension APIBinding {
  /// The machine's number of a record type, 0 for a type that is not declared.
  public func typeNumber(of name: String) -> UInt32 {
    catalogue.recordType(name) == nil ? 0 : types.number(of: name)
  }

  /// An answer's body, kept as text, as the operation's result.
  public func value(ofBody body: String, _ operation: APIOperation) -> Value {
    guard case .value(let type) = operation.result, let value = try? reader.read(Array(body.utf8)) else {
      return .null
    }
    reader.assign(types.number(of: type), to: value)
    return value
  }
}

/// What reading the API for a run's own sake gave.
public enum RawAnswer {
  /// The records of a list, or the one record, as they came.
  case records([JSONValue])
  case status(APIError)
  case failed(String)
}

extension APIBinding {
  /// The request of a call whose arguments are known by their parameters' names, as the wire wants them.
  public func request(
    _ operation: APIOperation, _ arguments: JSONObject, signer: String?
  ) throws(RuntimeError) -> HTTPRequest {
    try RequestBuilder(call: resolved(operation, arguments, signer)).request()
  }

  private func resolved(_ operation: APIOperation, _ arguments: JSONObject, _ signer: String?) -> ResolvedCall
  {
    var values: [String: JSONValue] = [:]
    for (name, value) in arguments { values[name] = value }
    return ResolvedCall(
      operation: operation, arguments: values, order: arguments.map(\.key), signer: signer)
  }

  /// The operation needs somebody who signs.
  public func signs(_ operation: APIOperation) -> Bool {
    operation.fixedFields.contains { $0.value == .signer }
      || operation.parameters.contains { $0.defaultValue == .signer }
  }

  /// Reads a record, or a list to its end but at most `most` records; past gates, and for no fiber.
  public func readRaw(
    _ operation: APIOperation, _ arguments: JSONObject, search: JSONValue? = nil, most: Int = 1_000,
    _ done: @escaping (RawAnswer) -> Void
  ) {
    let call = resolved(operation, arguments, nil)
    guard case .sequence = operation.result else {
      do throws(RuntimeError) {
        let request = try RequestBuilder(call: call).request()
        return ask(operation, request) { done($0.map { .records([$0.json]) } ?? $1) }
      } catch {
        return done(.failed(error.message))
      }
    }
    let pages = PageReader(call, search: search, sort: nil, catalogue: catalogue)
    readPages(pages, [], most, done)
  }

  private func readPages(
    _ pages: PageReader, _ found: [JSONValue], _ most: Int, _ done: @escaping (RawAnswer) -> Void
  ) {
    do throws(RuntimeError) {
      let request = try pages.next(size: nil)
      ask(pages.operation, request) { [self] answer, problem in
        guard let answer else { return done(problem) }
        do throws(RuntimeError) {
          _ = try pages.accept(answer.response, reader, machine)
        } catch {
          return done(.failed(error.message))
        }
        var list: JSONValue = answer.json
        for key in pages.operation.items { list = list[key] ?? list }
        let all = found + (list.arrayValue ?? [])
        if pages.hasMore, all.count < most { readPages(pages, all, most, done) } else { done(.records(all)) }
      }
    } catch {
      done(.failed(error.message))
    }
  }

  private func ask(
    _ operation: APIOperation, _ request: HTTPRequest,
    _ done: @escaping ((response: HTTPResponse, json: JSONValue)?, RawAnswer) -> Void
  ) {
    readListener?.willRead(operation, request)
    transport.send(request) { [weak readListener] outcome in
      readListener?.didRead(operation, outcome)
      switch outcome {
      case .success(let response) where response.isSuccess:
        guard let json = try? JSONValue.parse(response.body) else {
          return done(nil, .failed("the answer cannot be read"))
        }
        done((response, json), .failed(""))
      case .success(let response): done(nil, .status(APIError(response)))
      case .failure(let failure): done(nil, .failed(failure.message(for: request)))
      }
    }
  }
}
