import Catalogue
import HTTP
import JSON
import Machine

/// Goes through the pages of an API sequence: holds one page, and at most one answer that is not read yet.
final class RemoteIterator: HostIterator, HostTracing {
  private unowned let binding: APIBinding
  /// Its own hold: the machine's last iterators go when the binding is gone already.
  private let transport: Transport
  private let source: RemoteSource
  private var pages: PageReader?
  /// The page that is being handed out.
  private var page = Value.null
  private var index = 0
  private var handedOut = 0
  private var waiters: [Fiber] = []
  /// For whom the next page is asked.
  private weak var asker: Fiber?
  private var ticket: Ticket?
  /// The answer that was asked for ahead.
  private var ahead: Result<HTTPResponse, RuntimeError>?
  /// Pages of a scroll that were read ahead: the server forgets it where nobody asks for a while.
  private var pagesAhead: [Value] = []
  private var reminder: Int?
  private var isAsking = false
  private var failure: RuntimeError?
  private var isOver = false

  init(_ binding: APIBinding, _ source: RemoteSource) {
    self.binding = binding
    transport = binding.transport
    self.source = source
  }

  /// Pages of a scroll that are fetched as fast as they come; later ones only to keep it alive.
  private static let mostPagesAhead = 20

  deinit {
    if let ticket { transport.cancel(ticket) }
    if let reminder { transport.forget(timer: reminder) }
  }

  func trace(_ mark: (Value) -> Void) {
    mark(page)
    for page in pagesAhead { mark(page) }
  }

  func next(_ machine: Machine, _ fiber: Fiber) throws(RuntimeError) -> Value {
    if let failure { throw failure }
    if let limit = source.limit, handedOut >= limit { return .end }
    let items = machine.items(page)
    if index < items.count {
      let item = items[index]
      index += 1
      handedOut += 1
      askAhead(index, of: items.count, fiber)
      return item
    }
    if source.isEmpty || isOver { return .end }
    if !pagesAhead.isEmpty {
      page = pagesAhead.removeFirst()
      index = 0
      readAhead()
      return try next(machine, fiber)
    }
    if let answer = ahead {
      ahead = nil
      try read(answer, machine)
      return try next(machine, fiber)
    }
    if let pages, !pages.hasMore, !isAsking { return .end }
    waiters.append(fiber)
    asker = fiber
    fiber.onCancel = { [weak self] in self?.cancel() }
    if !isAsking { ask() }
    // The answer may be there at once: nothing to send, or an error.
    if let failure {
      waiters.removeAll { $0 === fiber }
      fiber.onCancel = nil
      throw failure
    }
    if isOver {
      waiters.removeAll { $0 === fiber }
      fiber.onCancel = nil
      return .end
    }
    return .pending
  }

  private func foundNothing() {
    isOver = true
    isAsking = false
    let waiting = waiters
    waiters = []
    for fiber in waiting { binding.machine.resume(fiber, with: .success(.end)) }
  }

  /// Fetches the next page while the second half of this one is worked on, unless the consumer said how
  /// much it needs.
  private func askAhead(_ index: Int, of count: Int, _ fiber: Fiber) {
    if binding.readGate?.ordersReads(of: fiber) ?? false { return }
    asker = fiber
    guard index * 2 == count || index * 2 == count + 1, source.limit == nil, !source.isBounded,
      !isAsking, ahead == nil, idleSeconds == nil, let pages, pages.hasMore
    else { return }
    ask()
    transport.push()
  }

  /// How long the server keeps a scroll that rests; nil for what is none.
  private var idleSeconds: Int? { pages?.operation.paging?.idleSeconds }

  /// Keeps a scroll alive, however slow its reader is: some pages at once, then one each third of the time that
  /// it may rest.
  private func readAhead() {
    guard let idleSeconds, !isAsking, failure == nil, ahead == nil, let pages, pages.hasMore,
      source.limit.map({ pages.itemsRead < $0 }) ?? true
    else { return }
    if pagesAhead.count < RemoteIterator.mostPagesAhead, !source.isBounded || source.limit != nil {
      if let reminder { transport.forget(timer: reminder) }
      reminder = nil
      ask()
      transport.push()
    } else if reminder == nil {
      reminder = transport.after(milliseconds: idleSeconds * 1000 / 3) { [weak self] in
        guard let self else { return }
        reminder = nil
        if !isAsking, pages.hasMore, failure == nil { ask() }
      }
    }
  }

  private func cancel() {
    if let ticket { transport.cancel(ticket) }
    ticket = nil
  }

  private func ask() {
    isAsking = true
    if pages == nil {
      CallResolver(binding: binding).resolve(
        source.operation, source.arguments, query: source.query, insists: source.insists
      ) {
        [weak self] result in
        guard let self else { return }
        switch result {
        case .failure(let error): fail(error)
        case .success(let answer) where answer.isEmpty: foundNothing()
        case .success(let answer):
          pages = PageReader(
            answer.call, search: answer.search, sort: source.sort ?? sortArgument(answer.call),
            catalogue: binding.catalogue)
          send()
        }
      }
    } else {
      send()
    }
  }

  private func sortArgument(_ call: ResolvedCall) -> JSONValue? {
    source.operation.parameters.first { $0.place == .sort }.flatMap { call.arguments[$0.name] }
  }

  private func send() {
    guard let pages else { return }
    do throws(RuntimeError) {
      let wanted = source.limit.map { max(1, $0 - pages.itemsRead) }
      let request = try pages.next(size: wanted)
      ticket = binding.read(pages.operation, request, for: asker) { [weak self] in self?.arrived($0) }
    } catch {
      fail(error)
    }
  }

  private func arrived(_ answer: Result<HTTPResponse, RuntimeError>) {
    ticket = nil
    isAsking = false
    // Asking ahead drives the network, which may answer at once, while items of this page are still handed out.
    guard !waiters.isEmpty, index >= binding.machine.items(page).count, pagesAhead.isEmpty else {
      if idleSeconds != nil, case .success = answer { keep(answer) } else { ahead = answer }
      return
    }
    do throws(RuntimeError) {
      try read(answer, binding.machine)
      serve()
      readAhead()
    } catch {
      fail(error)
    }
  }

  /// Puts a page of a scroll behind those that wait for their reader.
  private func keep(_ answer: Result<HTTPResponse, RuntimeError>) {
    let (reading, place) = (page, index)
    do throws(RuntimeError) {
      try read(answer, binding.machine)
      if !binding.machine.items(page).isEmpty { pagesAhead.append(page) }
    } catch {
      // Said when the reader gets there.
      failure = nil
      ahead = .failure(error)
    }
    (page, index) = (reading, place)
    readAhead()
  }

  /// Hands items to those who wait; the rest wait for the page after.
  private func serve() {
    while let fiber = waiters.first {
      do throws(RuntimeError) {
        let items = binding.machine.items(page)
        if index >= items.count, ahead == nil, pagesAhead.isEmpty, let pages, pages.hasMore, !reachedLimit {
          return isAsking ? () : ask()
        }
        waiters.removeFirst()
        let item = try next(binding.machine, fiber)
        if item.tag == .pending { return }
        binding.machine.resume(fiber, with: .success(item))
      } catch {
        fail(error)
      }
    }
  }

  private var reachedLimit: Bool { source.limit.map { handedOut >= $0 } ?? false }

  private func read(_ answer: Result<HTTPResponse, RuntimeError>, _ machine: Machine) throws(RuntimeError) {
    guard let pages else { return }
    let isFirst = pages.pagesRead == 0
    do throws(RuntimeError) {
      let list: Value
      do throws(RuntimeError) { list = try pages.accept(try answer.get(), binding.reader, machine) } catch {
        throw isFirst ? error : restarted(error)
      }
      if isFirst, goesBeyond(pages) {
        page = .null
        return
      }
      if let type = source.recordType { binding.reader.assign(binding.types.number(of: type), to: list) }
      page = list
      index = 0
      binding.pageListener?(
        PageNotice(
          operation: pages.operation.qualifiedName, pagesRead: pages.pagesRead, itemsRead: pages.itemsRead,
          total: pages.total, limit: source.limit, hasMore: pages.hasMore))
    } catch {
      failure = error
      throw error
    }
  }

  /// Where the server refuses to page as far as there are records, another operation reads them all.
  private func goesBeyond(_ pages: PageReader) -> Bool {
    guard let cap = pages.operation.paging?.cap, let total = pages.total, total > cap,
      source.limit.map({ $0 > cap }) ?? true, let name = pages.operation.paging?.beyond,
      let other = binding.catalogue.operations(pages.operation.resource, name).first
    else { return false }
    self.pages = PageReader(
      ResolvedCall(operation: other, arguments: [:], order: [], signer: nil), search: nil, sort: nil,
      catalogue: binding.catalogue)
    return true
  }

  /// A scroll that broke off cannot be taken up again.
  private func restarted(_ error: RuntimeError) -> RuntimeError {
    guard let idleSeconds, let pages, error.kind == .api else { return error }
    var error = error
    error.hints.insert(
      "a scroll cannot go on after a fault, or after \(idleSeconds) seconds without a request: begin again, from the first record (\(pages.itemsRead) were read)",
      at: 0)
    return error
  }

  private func fail(_ error: RuntimeError) {
    isAsking = false
    failure = error
    let waiting = waiters
    waiters = []
    for fiber in waiting { binding.machine.resume(fiber, with: .failure(error)) }
  }
}
