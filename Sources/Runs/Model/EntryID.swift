/// The place of a read or write in a run: `step.item.seq`, all from 1. It is what reports print and what
/// `parlance settle RUN WRITE` takes.
public struct EntryID: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let step: Int
  public let item: Int
  public let seq: Int

  public init(step: Int, item: Int, seq: Int) {
    self.step = step
    self.item = item
    self.seq = seq
  }

  public var description: String { "\(step).\(item).\(seq)" }

  /// From `1.204.2`.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let step = parts[0], let item = parts[1], let seq = parts[2],
      step > 0, item > 0, seq > 0
    else { return nil }
    self.init(step: step, item: item, seq: seq)
  }

  public static func < (a: EntryID, b: EntryID) -> Bool {
    (a.step, a.item, a.seq) < (b.step, b.item, b.seq)
  }
}
