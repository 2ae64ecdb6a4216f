import Bytecode
import Catalogue
import Engine
import HTTP
import JSON
import Machine

/// The API in one engine: its operations as natives, its lists as sequences, every write through one gate.
///
/// The engine keeps it alive once it is installed.
public final class APIBinding {
  public unowned let engine: Engine
  public let machine: Machine
  public let catalogue: APICatalogue
  public let transport: Transport
  /// Every write passes here; it sends each at once unless the host sets another one.
  public var gate: WriteGate
  public weak var readListener: ReadListener?
  /// Hears of each page of a sequence, before its items are handed out.
  public var pageListener: ((PageNotice) -> Void)?
  public weak var readGate: ReadGate?
  /// Who signs where a call does not say (`--as`): a teammate's id, name or email. Nil: the token's own.
  public var signer: String?

  let reader: ValueReader
  let types: RecordTypes
  private(set) lazy var directory = Directory(self)
  private var registered: [String: Signature] = [:]
  private static let largestFile = 512 << 20
  private var owner: Owner?
  private var waitingForOwner: [(Result<Owner, RuntimeError>) -> Void] = []

  /// The teammate behind the token.
  public struct Owner {
    public var id: String
    public var email: String?
    /// The workspace's id and name.
    public var workspace: String?
    public var workspaceName: String?
    /// An IANA name, where the answer has one.
    public var timeZone: String?
    public var region: String?
  }

  public init(_ engine: Engine, client: Client, catalogue: APICatalogue = .standard) {
    self.engine = engine
    machine = engine.machine
    self.catalogue = catalogue
    transport = Transport(client)
    gate = OpenGate()
    reader = ValueReader(engine.machine)
    types = RecordTypes(engine.machine, catalogue)
  }

  /// Makes the API known to the engine: names, sequences, the loop that waits.
  public func install() {
    engine.api = self
    engine.eventLoop = transport
    registerSequences()
    registerWaiting()
    reader.cutList = { [unowned self] in restOfList($0, $1, $2, $3) }
  }

  // MARK: Names

  /// The signature of an operation, its native registered; nil where there is none of that name.
  func signature(_ resource: String, _ name: String) -> Signature? {
    let full = "\(resource).\(name)"
    if let known = registered[full] { return known }
    if resource == "api" { return registerRaw(name) }
    let operations = catalogue.operations(resource, name)
    guard !operations.isEmpty else { return registerConvenience(resource, name) }
    let signature = MergedSignature(operations).signature
    add(signature) { [unowned self] call in try self.call(operations, call) }
    return signature
  }

  func registered(_ native: String) -> Signature? { registered[native] }

  func add(_ signature: Signature, _ body: @escaping Native.Body) {
    registered[signature.name] = signature
    machine.register(Native(signature, body))
  }

  // MARK: Calls

  private func call(_ operations: [APIOperation], _ call: NativeCall) throws(RuntimeError) -> Value {
    let merged = MergedSignature(operations)
    let arguments = ArgumentReader(machine: machine, catalogue: catalogue)
    let chosen = try merged.choose(arguments) { call[$0] }
    let operation = merged.operations[chosen]
    let bound = try arguments.read(operation) { call[merged.place(of: $0, in: chosen)] }
    guard case .sequence = operation.result else {
      return try OperationRun(self, operation, call.fiber).start(bound)
    }
    let source = RemoteSource(operation, bound)
    let sequence = self.sequence(source)
    guard let index = operation.parameters.firstIndex(where: { $0.takesBlock }) else { return sequence }
    let block = call[merged.place(of: index, in: chosen)]
    guard block.tag == .function else {
      throw APIMessages.badArgument(
        operation.qualifiedName, operation.parameters[index].name, operation.parameters[index].type,
        arguments.describe(block))
    }
    source.insists = true
    // What cannot be searched for is said here, not when somebody reads.
    return try Planner(self).checked(machine.sequence([.int(Stage.filter), sequence, block, .null]))
  }

  func sequence(_ source: RemoteSource) -> Value {
    machine.sequence([.int(Stage.source), machine.hostValue(source)])
  }

  /// Sends a read; `done` hears of it from within the transport's `wait`.
  /// Nil where the gate took a script's read over.
  @discardableResult
  func read(
    _ operation: APIOperation, _ request: HTTPRequest, for fiber: Fiber? = nil,
    _ done: @escaping (Result<HTTPResponse, RuntimeError>) -> Void
  ) -> Ticket? {
    var request = request
    // A file that is downloaded is larger than any record.
    if case .value(.bytes) = operation.result { request.maximumBody = APIBinding.largestFile }
    if let readGate, let fiber,
      readGate.take(PendingRead(operation: operation, request: request, fiber: fiber, done: done))
    {
      return nil
    }
    readListener?.willRead(operation, request)
    return transport.send(request) { [weak readListener] outcome in
      readListener?.didRead(operation, outcome)
      switch outcome {
      case .failure(let failure):
        done(.failure(APIMessages.failed(operation.qualifiedName, request, failure)))
      case .success(let response) where response.isSuccess: done(.success(response))
      case .success(let response):
        done(.failure(APIMessages.refused(operation.qualifiedName, request, response, APIError(response))))
      }
    }
  }

  /// An answer as the operation's result.
  func decode(_ response: HTTPResponse, _ operation: APIOperation) -> Result<Value, RuntimeError> {
    guard case .value(let type) = operation.result else { return .success(.null) }
    if case .bytes = type {
      guard let bytes = Gunzip.unpacked(response.body, most: APIBinding.largestFile)
      else {
        return .failure(APIMessages.unreadable(operation.qualifiedName, "the packed file is broken"))
      }
      return .success(machine.string(String(decoding: bytes, as: UTF8.self)))
    }
    if response.body.isEmpty { return .success(.null) }
    do throws(JSONError) {
      let value = try reader.read(response.body)
      return .success(reader.assign(types.number(of: type), to: value))
    } catch {
      return .failure(APIMessages.unreadable(operation.qualifiedName, response.body, error.message))
    }
  }

  /// What a write would give, as far as its arguments tell: they over the target's id.
  func standIn(_ call: ResolvedCall, id: String) -> Value {
    guard case .value(let type) = call.operation.result, case .object(let name) = type,
      let declared = catalogue.recordType(name)
    else { return .null }
    var fields: [(String, Value)] = []
    if let key = declared.field(with: .key) { fields.append((key.wire, machine.string(id))) }
    for parameter in call.operation.parameters {
      guard let path = parameter.sets, path.count == 1,
        let field = path.first.flatMap({ declared.field($0) }),
        let value = call.arguments[parameter.name]
      else { continue }
      fields.append((field.wire, machine.value(of: value)))
    }
    return reader.assign(types.standIn(of: name), to: machine.record(fields))
  }

  /// A write went through: what was read of its kind may be old.
  public func changed(_ operation: APIOperation) {
    if let type = catalogue.resource(operation.resource)?.recordType { directory.forget(type) }
  }

  // MARK: The token's owner

  /// Asked for once.
  public func me(_ done: @escaping (Result<Owner, RuntimeError>) -> Void) {
    if let owner { return done(.success(owner)) }
    waitingForOwner.append(done)
    guard waitingForOwner.count == 1 else { return }
    guard let operation = catalogue.operations("admins", "me").first else {
      return tellOwner(.failure(noOwner))
    }
    let request = HTTPRequest(
      .get, operation.path.text, operation: operation.qualifiedName, requestClass: .read)
    read(operation, request) { [self] answer in
      tellOwner(
        answer.flatMap { response in
          guard let json = try? JSONValue.parse(response.body),
            let id = json["id"]?.stringValue ?? json["id"]?.intValue.map({ String($0) })
          else { return .failure(noOwner) }
          return .success(
            Owner(
              id: id, email: json["email"]?.stringValue, workspace: json["app"]?["id_code"]?.stringValue,
              workspaceName: json["app"]?["name"]?.stringValue,
              timeZone: json["app"]?["timezone"]?.stringValue,
              region: json["app"]?["region"]?.stringValue))
        })
    }
  }

  private var noOwner: RuntimeError {
    APIMessages.unreadable("admins.me", "it does not say whose token this is")
  }

  private func tellOwner(_ result: Result<Owner, RuntimeError>) {
    if case .success(let found) = result { owner = found }
    let waiting = waitingForOwner
    waitingForOwner = []
    for waiter in waiting { waiter(result) }
  }
}

extension APIBinding: APINames {
  public func isResource(_ name: String) -> Bool { name == "api" || catalogue.index.resource(name) != nil }

  public func operation(_ resource: String, _ name: String) -> Signature? { signature(resource, name) }

  public func operationNames(_ resource: String) -> [String] {
    if resource == "api" { return RawCall.names }
    return (catalogue.operationNames(of: resource) ?? []) + convenienceNames(resource)
  }

  public func resourceSequence(_ name: String) -> String? {
    guard let all = catalogue.resource(name)?.all else { return nil }
    let native = "\(name).__all"
    if registered[native] == nil {
      add(Signature(native, [], effect: .read, result: "sequence")) { [unowned self] _ in
        sequence(RemoteSource(all, BoundArguments()))
      }
    }
    return native
  }

  public var resourceNames: [String] { catalogue.resourceNames }
}
