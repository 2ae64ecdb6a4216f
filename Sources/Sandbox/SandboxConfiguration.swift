/// How a sandbox is set up.
public struct SandboxConfiguration: Sendable {
  public enum Location: Sendable, Equatable {
    case memory
    /// Made and seeded if it is not there; otherwise served as it is.
    case file(path: String)
  }

  public enum Seed: Sendable, Equatable {
    /// Admins, teams, ticket types and states; no records.
    case empty
    /// 2,000 contacts, 500 conversations, 200 tickets, messy tags.
    case demo
    /// Contacts alone, as many as wanted, written as a stream.
    case synthetic(contacts: Int)
  }

  public enum Clock: Sendable, Equatable {
    /// The machine's time.
    case real
    /// Stands still at unix seconds until the control endpoint moves it.
    case fixed(Int64)
  }

  public struct RateLimit: Sendable, Equatable {
    public var requests: Int
    /// Of one window.
    public var seconds: Int

    public init(requests: Int, seconds: Int = 10) {
      self.requests = requests
      self.seconds = seconds
    }

    /// 10,000 a minute, spread over windows of 10 seconds.
    public static let documented = RateLimit(requests: 1_666)
  }

  /// 0: any free port.
  public var port: UInt16 = 0
  public var location: Location = .memory
  public var seed: Seed = .demo
  /// Another number, another workspace of the same make.
  public var seedNumber: UInt64 = 1
  public var clock: Clock = .real
  /// An IANA name of `TimeZoneRule.known`; nil: that of the store, or UTC in a new one.
  public var timeZone: String?
  /// us, eu or au.
  public var region = "us"
  /// The one token that is let in; nil lets any in.
  public var token: String?
  /// Nil counts nothing and sends no headers.
  public var rateLimit: RateLimit? = .documented
  public var faults: [FaultSpec] = []
  /// How long new contacts stay out of search, in seconds.
  public var searchLag: Int64 = 0
  /// In bytes; larger bodies are refused with 413.
  public var bodyLimit = 10 << 20
  /// How long a request may take to arrive, in milliseconds; then it is answered with 408 and the connection
  /// is closed. Between requests a connection may stay as long as it likes.
  public var arrivalLimit: Int64 = 30_000
  /// Connections at once; those beyond are closed as they come.
  public var connectionLimit = 4_096
  /// How many reads the ledger keeps; writes are kept always.
  public var ledgerReads = 100_000

  public init() {}
}

/// Why a sandbox cannot be set up.
public enum SandboxError: Error, Sendable, CustomStringConvertible {
  case unknownTimeZone(String)
  case unknownRegion(String)
  case invalidFault(String, reason: String)
  case cannotListen(port: UInt16, reason: String)
  case store(path: String, reason: String)
  /// A store of pulled records cannot be reset.
  case pulled
  case alreadyStarted
  case notRunning

  public var description: String {
    switch self {
    case .unknownTimeZone(let name):
      "The sandbox does not know the time zone '\(name)'. It knows: "
        + TimeZoneRule.known.map(\.name).joined(separator: ", ") + "."
    case .unknownRegion(let name): "There is no region '\(name)': use us, eu or au."
    case .invalidFault(let spec, let reason): "The fault '\(spec)' cannot be read: \(reason)"
    case .cannotListen(let port, let reason):
      "The sandbox cannot listen on port \(port) of 127.0.0.1: \(reason). Choose another port, or 0 for any."
    case .store(let path, let reason): "The sandbox's store \(path) cannot be used: \(reason)"
    case .pulled: "The sandbox holds records that were pulled: to have them as they were, pull them again."
    case .alreadyStarted: "The sandbox is running already."
    case .notRunning: "The sandbox is not running."
    }
  }
}
