import NIOCore
import NIOHTTP1
import NIOPosix
import SQLite

/// The sandbox as a server on loopback, for use from synchronous code.
///
/// One thread of its own does everything: connections, rules, store. `start` returns as soon as connections are
/// accepted; the seed is written meanwhile, and the first request waits for it.
public final class SandboxServer: @unchecked Sendable {
  // Guarded by the caller: start and stop are not to be called from two threads at once. Everything else is
  // reached through the event loop alone.
  private let configuration: SandboxConfiguration
  private var running: Running?

  private struct Running {
    let group: MultiThreadedEventLoopGroup
    let channel: any Channel
    let service: NIOLoopBoundBox<Service?>
    let port: Int
    let stop: StopFlag
  }

  /// Checks the configuration; nothing is opened yet.
  public init(configuration: SandboxConfiguration = SandboxConfiguration()) throws {
    if let name = configuration.timeZone, TimeZoneRule.named(name) == nil {
      throw SandboxError.unknownTimeZone(name)
    }
    guard ["us", "eu", "au"].contains(configuration.region) else {
      throw SandboxError.unknownRegion(configuration.region)
    }
    var configuration = configuration
    for fault in configuration.faults {
      if case .lag(let seconds) = fault.kind { configuration.searchLag = seconds }
    }
    self.configuration = configuration
  }

  deinit { stop() }

  /// The port while it runs.
  public var port: Int? { running?.port }

  /// Opens the store and listens on 127.0.0.1; gives the port.
  public func start() throws -> Int {
    guard running == nil else { throw SandboxError.alreadyStarted }
    let configuration = configuration
    let stop = StopFlag()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    do {
      let box = try loop.submit {
        NIOLoopBoundBox<Service?>(Service(try Workspace(configuration, stop: stop)), eventLoop: loop)
      }.wait()
      let channel = try listen(group, box)
      let port = channel.localAddress?.port ?? Int(configuration.port)
      loop.execute {
        box.value?.workspace.baseAddress = "http://127.0.0.1:\(port)"
        box.value?.prepare()
      }
      running = Running(group: group, channel: channel, service: box, port: port, stop: stop)
      return port
    } catch {
      try? group.syncShutdownGracefully()
      throw error
    }
  }

  private func listen(
    _ group: MultiThreadedEventLoopGroup, _ box: NIOLoopBoundBox<Service?>
  ) throws -> any Channel {
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let operations = channel.pipeline.syncOperations
          guard let service = box.value else { throw SandboxError.notRunning }
          let arrival = ArrivalTimer(milliseconds: service.workspace.configuration.arrivalLimit)
          try operations.addHandler(arrival)
          try operations.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: false)
          try operations.addHandler(ConnectionHandler(service, arrival))
        }
      }
    do {
      return try bootstrap.bind(host: "127.0.0.1", port: Int(configuration.port)).wait()
    } catch {
      throw SandboxError.cannotListen(port: configuration.port, reason: String(describing: error))
    }
  }

  /// Closes all connections and the store; a sandbox in memory is gone.
  public func stop() {
    guard let running else { return }
    self.running = nil
    // The seed of a large workspace takes long; nobody waits for it any more.
    running.stop.raise()
    try? running.channel.close().wait()
    try? running.group.next().submit {
      running.service.value?.finish()
      running.service.value?.workspace.database.close()
      running.service.value = nil
    }.wait()
    try? running.group.syncShutdownGracefully()
  }

  // MARK: Looking in

  /// Requests after `number`, in order; waits for those under way.
  public func requests(after number: Int64 = 0, limit: Int = 100_000) throws -> [LedgerEntry] {
    guard let running else { throw SandboxError.notRunning }
    return try running.group.next().submit {
      try running.service.value?.entries(after: number, limit: limit) ?? []
    }.wait()
  }

  /// Moves the workspace's clock.
  public func advanceClock(by seconds: Int64) throws {
    guard let running else { throw SandboxError.notRunning }
    try running.group.next().submit {
      running.service.value?.workspace.clock.advance(by: seconds)
      running.service.value?.workspace.forgetCounts()
    }.wait()
  }

  /// Orders other faults from the next request on.
  public func setFaults(_ faults: [FaultSpec]) throws {
    guard let running else { throw SandboxError.notRunning }
    try running.group.next().submit { running.service.value?.set(faults: faults) }.wait()
  }

  /// Waits until the seed is in place, or says why it is not.
  public func waitUntilReady() throws {
    guard let running else { throw SandboxError.notRunning }
    try running.group.next().submit {}.wait()
  }
}
