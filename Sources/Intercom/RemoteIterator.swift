import Catalogue
import HTTP
import JSON
import Machine

/// Goes through the pages of an API sequence: holds one page, and at most one answer that is not read yet.
final class RemoteIterator: HostIterator, HostTracing {
  private unowned let binding: APIBinding
  private let source: RemoteSource
  private var pages: PageReader?
  /// The page that is being handed out.
  private var page = Value.null
  private var index = 0
  private var handedOut = 0
  private var waiters: [Fiber] = []
  private var ticket: Ticket?
  /// The answer that was asked for ahead.
  private var ahead: Result<HTTPResponse, RuntimeError>?
  private var isAsking = false
  private var failure: RuntimeError?
  private var isOver = false

  init(_ binding: APIBinding, _ source: RemoteSource) {
    self.binding = binding
    self.source = source
  }

  deinit { if let ticket { binding.transport.cancel(ticket) } }

  func trace(_ mark: (Value) -> Void) { mark(page) }

  func next(_ machine: Machine, _ fiber: Fiber) throws(RuntimeError) -> Value {
    if let failure { throw failure }
    if let limit = source.limit, handedOut >= limit { return .end }
    let items = machine.items(page)
    if index < items.count {
      let item = items[index]
      index += 1
      handedOut += 1
      askAhead(index, of: items.count)
      return item
    }
    if source.isEmpty || isOver { return .end }
    if let answer = ahead {
      ahead = nil
      try read(answer, machine)
      return try next(machine, fiber)
    }
    if let pages, !pages.hasMore, !isAsking { return .end }
    waiters.append(fiber)
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
  private func askAhead(_ index: Int, of count: Int) {
    guard index * 2 == count || index * 2 == count + 1, source.limit == nil, !isAsking, ahead == nil,
      let pages, pages.hasMore
    else { return }
    ask()
    binding.transport.push()
  }

  private func cancel() {
    if let ticket { binding.transport.cancel(ticket) }
    ticket = nil
  }

  private func ask() {
    isAsking = true
    if pages == nil {
      CallResolver(binding: binding).resolve(source.operation, source.arguments, query: source.query) {
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
      ticket = binding.read(pages.operation, request) { [weak self] in self?.arrived($0) }
    } catch {
      fail(error)
    }
  }

  private func arrived(_ answer: Result<HTTPResponse, RuntimeError>) {
    ticket = nil
    isAsking = false
    guard !waiters.isEmpty else {
      ahead = answer
      return
    }
    do throws(RuntimeError) {
      try read(answer, binding.machine)
      serve()
    } catch {
      fail(error)
    }
  }

  /// Hands items to those who wait; the rest wait for the page after.
  private func serve() {
    while let fiber = waiters.first {
      do throws(RuntimeError) {
        let items = binding.machine.items(page)
        if index >= items.count, let pages, pages.hasMore, !reachedLimit { return isAsking ? () : ask() }
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
      let list = try pages.accept(try answer.get(), binding.reader, machine)
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

  private func fail(_ error: RuntimeError) {
    isAsking = false
    failure = error
    let waiting = waiters
    waiters = []
    for fiber in waiting { binding.machine.resume(fiber, with: .failure(error)) }
  }
}
