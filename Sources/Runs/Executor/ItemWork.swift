import JSON

/// An item at work: what of it is in memory between its load and its end.
final class ItemWork {
  enum Phase: Equatable {
    /// Waits for records that items before it are writing.
    case queued
    /// Its next write waits for the record.
    case waitsForRecord(RecordRef)
    /// Its next write waits for one of its kind to come back, or for the rate.
    case waitsForFlight
    case waitsForSlot
    case reading
    case checking
    case committing
    /// Sent; with the steady time of the send.
    case flying
    /// Definitely not carried out; sent again at the time.
    case backoff(until: Int64)
    /// Unknown; looked at at the time.
    case parked(until: Int64)
    case looking
  }

  var row: ItemRow
  var log: [LogRow]
  var phase: Phase = .queued
  var program: (any ItemProgram)?
  /// The last entry that the program has got its reply for.
  var seq = 0
  /// Reads that no commit has taken yet.
  var newReads: [LogRow] = []
  var readBytes = 0
  var looks = 0
  /// The present send is a harmless second one: a definite refusal says nothing of the first.
  var isRepeat = false
  var hasStarted = false
  /// The present write counts in the numbers in flight.
  var isCounted = false
  /// The block waits for the outcome of the write at `seq + 1`.
  var isCalling = false
  /// The record that it writes was created by this run.
  var isNewTarget = false
  /// The item's own record was read again, though its first write is about another one.
  var isItemChecked = false
  var isCheckingItem = false
  /// The present write has passed the caps.
  var isAdmitted = false
  /// The steady time since when the present write rests on what is known of its records.
  var groundsAt: Int64 = 0
  /// It had its place once, and waited so long after that its grounds are looked at anew.
  var isGroundedAgain = false
  var pendingRead: ReadRequest?
  /// Replies that are ready for the program (a fiber's turn comes in `advance`).
  var reply: ItemReply?

  init(row: ItemRow, log: [LogRow]) {
    self.row = row
    self.log = log
  }

  var no: Int { row.no }

  /// The entry that is under way.
  var current: LogRow? {
    get { log.last { $0.id.seq == seq + 1 } }
    set {
      guard let newValue else { return }
      if let index = log.lastIndex(where: { $0.id == newValue.id }) {
        log[index] = newValue
      } else {
        log.append(newValue)
      }
    }
  }

  /// The item's earlier writes to the record set none of the fields that this one sets, and no other item
  /// of the run writes the record: it is the item itself, and items do not share records.
  func hasNotSet(_ request: WriteRequest, of target: RecordRef) -> Bool {
    guard let fields = Self.fields(request) else { return false }
    return log.allSatisfy { entry in
      guard entry.kind == .write, entry.target == target, entry.attempt > 0, let earlier = entry.request
      else {
        return true
      }
      guard earlier.written != nil else { return earlier.operation != request.operation }
      return Self.fields(earlier).map { $0.isDisjoint(with: fields) } ?? false
    }
  }

  /// The names of the fields that a write sets; nil where it does not say.
  private static func fields(_ request: WriteRequest) -> Set<String>? {
    guard let written = request.written, case .object(let object)? = try? JSONValue.parse(written) else {
      return nil
    }
    return Set(object.map { $0.key })
  }

  var hasDoneWrite: Bool { log.contains { $0.kind == .write && $0.state == .done } }
  var writeCount: Int { log.reduce(0) { $0 + ($1.kind == .write ? 1 : 0) } }
}
