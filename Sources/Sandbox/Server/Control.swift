import JSON

/// What only a sandbox has: paths under `/_sandbox/` that tests and tools look at and steer it by. They need no
/// token, count for no limit and leave no trace in the ledger.
struct Control {
  let service: Service

  func respond(_ request: WireRequest, path: Substring, query: QueryString) -> WireResponse {
    do {
      return json(try answer(request, String(path), query))
    } catch let error as APIError {
      return service.response(error, requestID: "control")
    } catch let error as SandboxError {
      return service.response(.invalid(error.description), requestID: "control")
    } catch {
      return service.response(.serverError, requestID: "control")
    }
  }

  private func json(_ value: JSONValue) -> WireResponse {
    WireResponse(
      status: 200, headers: [("Content-Type", "application/json; charset=utf-8")], body: value.serialized())
  }

  private func answer(_ request: WireRequest, _ path: String, _ query: QueryString) throws -> JSONValue {
    let workspace = service.workspace
    switch (request.method, path) {
    case ("GET", "/_sandbox/requests"):
      let limit = Int(clamping: try query.int("limit") ?? 1_000)
      let entries = try service.entries(
        after: try query.int("after") ?? 0, limit: min(max(1, limit), 100_000))
      return ["requests": .array(entries.map(\.json))]
    case ("GET", "/_sandbox/clock"):
      return ["now": .int(workspace.clock.now)]
    case ("POST", "/_sandbox/clock"):
      guard let seconds = try body(request)["advance"]?.intValue else { throw APIError.missing("advance") }
      workspace.clock.advance(by: seconds)
      workspace.forgetCounts()
      return ["now": .int(workspace.clock.now)]
    case ("POST", "/_sandbox/faults"):
      let list = try body(request)["faults"]?.arrayValue ?? []
      var specs: [FaultSpec] = []
      for item in list { specs.append(try FaultSpec(parsing: item.stringValue ?? "")) }
      service.set(faults: specs)
      return ["faults": .int(Int64(specs.count))]
    case ("POST", "/_sandbox/reset"):
      try workspace.reset()
      return ["reset": true]
    default: throw APIError.noSuchPath
    }
  }

  private func body(_ request: WireRequest) throws -> JSONValue {
    guard let value = try? JSONValue.parse(request.body) else { throw APIError.malformedJSON }
    return value
  }
}
