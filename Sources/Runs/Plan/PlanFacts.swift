/// What a plan shows: counts by operation, a sample, cost, and what cannot be taken back.
public struct PlanFacts: Sendable, Equatable {
  public struct Count: Sendable, Equatable {
    public var operation: String
    public var effect: WriteEffect
    public var writes: Int
  }

  public struct Sample: Sendable, Equatable {
    public var key: String
    public var writes: [String]
  }

  /// Why items cannot be planned, with the first item's key.
  public struct Obstacle: Sendable, Equatable {
    public var reason: String
    public var items: Int
    public var example: String?
  }

  static let sampleSize = 5

  /// In the order in which they came up.
  public private(set) var counts: [Count] = []
  public private(set) var samples: [Sample] = []
  public private(set) var obstacles: [Obstacle] = []
  /// Items with writes.
  public private(set) var items = 0
  public private(set) var writes = 0
  /// Reads for freshness that applying takes, at most.
  public private(set) var checks = 0
  public internal(set) var skipped = 0
  public internal(set) var failed = 0

  public init() {}

  /// The whole step can be applied as a list.
  public var isComplete: Bool { obstacles.isEmpty }

  /// Operations that cannot be undone, or that a customer sees.
  public var grave: [Count] { counts.filter { $0.effect != .write } }

  mutating func add(_ item: ItemRow, _ log: [LogRow]) {
    guard !log.isEmpty else { return }
    items += 1
    writes += log.count
    var targets: [RecordRef] = []
    for entry in log {
      guard let request = entry.request else { continue }
      if let index = counts.firstIndex(where: {
        $0.operation == request.operation && $0.effect == request.effect
      }) {
        counts[index].writes += 1
      } else {
        counts.append(Count(operation: request.operation, effect: request.effect, writes: 1))
      }
      if let target = request.target, !targets.contains(target) { targets.append(target) }
    }
    checks += targets.count
    if samples.count < Self.sampleSize {
      samples.append(Sample(key: item.key, writes: log.compactMap { $0.request.map(Self.line) }))
    }
  }

  mutating func cannot(_ reason: String, item: String?) {
    if let index = obstacles.firstIndex(where: { $0.reason == reason }) {
      obstacles[index].items += 1
    } else {
      obstacles.append(Obstacle(reason: reason, items: item == nil ? 0 : 1, example: item))
    }
  }

  /// As a sample shows it: placeholders as `@1.2.3`.
  static func line(_ request: WriteRequest) -> String {
    let target = request.target.map { " \($0)" } ?? ""
    let text = "\(request.operation)\(target) \(request.arguments)"
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{1}" }))
  }

  /// Requests that applying takes, and minutes at so many requests a minute.
  public func cost(perMinute: Int) -> (requests: Int, minutes: Int) {
    let requests = writes + checks
    return (requests, perMinute > 0 ? (requests + perMinute - 1) / perMinute : 0)
  }
}
