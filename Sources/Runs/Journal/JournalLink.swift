import Synchronization

/// A run's way to its journal: the thread that writes it, and the connection that reads.
final class JournalLink {
  let reader: JournalReader
  let path: String
  private let writer: JournalWriter
  private let box: Box

  /// Verdicts on their way from the journal's thread.
  private final class Box: Sendable {
    let verdicts = Mutex<[(batch: Int, error: JournalError?)]>([])
  }

  /// `wake` is called on the journal's thread when a commit has ended.
  init(path: String, wake: @escaping @Sendable () -> Void) throws(JournalError) {
    self.path = path
    let journal = try Journal(path: path)
    reader = try JournalReader(path: path)
    let box = Box()
    self.box = box
    writer = try JournalWriter(journal) { batch, error in
      box.verdicts.withLock { $0.append((batch, error)) }
      wake()
    }
  }

  deinit { writer.close() }

  func close() { writer.close() }

  /// Its verdict comes with `ended`.
  func submit(_ batch: Int, _ changes: [JournalChange]) { writer.submit(batch, changes) }

  /// Batches whose commit has ended since the last call.
  func ended() -> [(batch: Int, error: JournalError?)] {
    box.verdicts.withLock { list in
      defer { list.removeAll(keepingCapacity: true) }
      return list
    }
  }

  /// On return the changes are on disk, after all that was submitted before.
  func commit(_ changes: [JournalChange]) throws(JournalError) {
    guard !changes.isEmpty else { return }
    if let error = writer.commitAndWait(changes) { throw error }
  }
}
