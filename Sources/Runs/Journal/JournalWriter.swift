import Glibc

/// The journal's own thread: it takes commits in order and reports each. While it syncs, the caller's loop
/// goes on; what gathers meanwhile is the next commit.
public final class JournalWriter: @unchecked Sendable {
  // The mutex and the condition guard `queue` and `isClosing`; the journal belongs to the thread alone.
  private let journal: Journal
  private let report: @Sendable (Int, JournalError?) -> Void
  private var mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var queue: [(batch: Int, changes: [JournalChange])] = []
  /// Batches with negative numbers are waited for by `commitAndWait`.
  private var waited: [Int: JournalError?] = [:]
  private var lastWaited = 0
  private var isClosing = false
  private var thread = pthread_t()

  /// `report` is called on the journal's thread: batch, and why it failed.
  public init(
    _ journal: consuming sending Journal, report: @escaping @Sendable (Int, JournalError?) -> Void
  ) throws(JournalError) {
    self.journal = journal
    self.report = report
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    let context = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { raw in
        guard let raw else { return nil }
        Unmanaged<JournalWriter>.fromOpaque(raw).takeRetainedValue().work()
        return nil
      }, context.toOpaque())
    if code != 0 {
      context.release()
      throw .inputOutput(path: journal.path, reason: String(cString: strerror(code)))
    }
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(condition)
    mutex.deallocate()
    condition.deallocate()
  }

  public func submit(_ batch: Int, _ changes: [JournalChange]) {
    pthread_mutex_lock(mutex)
    queue.append((batch, changes))
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Commits after all that was submitted before; why it failed, or nil.
  func commitAndWait(_ changes: [JournalChange]) -> JournalError? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isClosing else { return .inputOutput(path: journal.path, reason: "it is closed") }
    lastWaited -= 1
    let number = lastWaited
    queue.append((number, changes))
    pthread_cond_broadcast(condition)
    while true {
      if let verdict = waited.removeValue(forKey: number) { return verdict }
      pthread_cond_wait(condition, mutex)
    }
  }

  private func tell(_ batch: Int, _ error: JournalError?) {
    guard batch < 0 else { return report(batch, error) }
    pthread_mutex_lock(mutex)
    waited.updateValue(error, forKey: batch)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Waits until what was submitted is reported, closes the journal and ends the thread.
  public func close() {
    pthread_mutex_lock(mutex)
    let wasClosing = isClosing
    isClosing = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
    if !wasClosing { pthread_join(thread, nil) }
  }

  private func work() {
    while true {
      pthread_mutex_lock(mutex)
      while queue.isEmpty, !isClosing { pthread_cond_wait(condition, mutex) }
      guard !queue.isEmpty else {
        pthread_mutex_unlock(mutex)
        journal.close()
        return
      }
      let next = queue.removeFirst()
      pthread_mutex_unlock(mutex)
      do throws(JournalError) {
        try journal.commit(next.changes)
        tell(next.batch, nil)
      } catch {
        tell(next.batch, error)
      }
    }
  }
}
