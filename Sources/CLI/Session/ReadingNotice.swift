import HTTP
import Intercom

/// Says, before a long reading goes on, how long it will be: `about 1,240 requests, 2 min; Ctrl-C to stop`.
///
/// The first page's answer tells how many records there are, and how long a page takes.
final class ReadingNotice {
  /// Shorter readings are over before the line is read.
  private static let shortest: Duration = .seconds(3)
  private static let fewest = 10

  private let say: (String) -> Void
  private let statistics: () -> ClientStatistics?
  private let clock = ContinuousClock()
  /// When the first page of an operation's sequence was read.
  private var firstPage: [String: ContinuousClock.Instant] = [:]
  private var told: Set<String> = []

  init(statistics: @escaping () -> ClientStatistics?, say: @escaping (String) -> Void) {
    self.statistics = statistics
    self.say = say
  }

  /// A statement begins.
  func begin() {
    told = []
    firstPage = [:]
  }

  func heard(_ page: PageNotice) {
    // The first page may be all that anybody wants; with the second it is known that more are read.
    if page.pagesRead == 1 { firstPage[page.operation] = clock.now }
    guard page.pagesRead == 2, page.hasMore, let total = page.total, page.itemsRead > 0,
      told.insert(page.operation).inserted
    else { return }
    let wanted = min(total, page.limit ?? total)
    let size = max(1, page.itemsRead / page.pagesRead)
    let requests = max(0, wanted - page.itemsRead + size - 1) / size
    let each = clock.now - (firstPage[page.operation] ?? clock.now)
    guard let text = ReadingNotice.text(requests: requests, each: each, perWindow: statistics()?.limit) else {
      return
    }
    say(text)
  }

  /// Nil for a reading that is soon over. `perWindow`: the requests that the budget allows in ten seconds.
  static func text(requests: Int, each: Duration, perWindow: Int?) -> String? {
    guard requests >= fewest else { return nil }
    var time = each * requests
    if let perWindow, perWindow > 0 { time = max(time, .seconds(10) * requests / perWindow) }
    guard time >= shortest else { return nil }
    let seconds = Int(time.components.seconds)
    let about =
      seconds < 90
      ? "\(seconds) s" : seconds < 5_400 ? "\((seconds + 30) / 60) min" : "\((seconds + 1_800) / 3_600) h"
    return "about \(ValueView.grouped(requests)) requests, \(about); Ctrl-C to stop"
  }
}
