import CSQLite
import Glibc

/// The rows of one table that a connection has changed, as SQLite names them: whoever keeps something made of rows
/// looks here for what to read again.
///
/// Named are rows of transactions that were rolled back, too. Not named are those of tables without row ids, those
/// that a REPLACE pushed out, and those of a DELETE without a condition.
public final class ChangedRows {
  /// As a C string, since it is compared with one for each row that is written.
  fileprivate let table: [CChar]
  private let limit: Int
  /// In the order of the changes; a row that changed twice stands twice.
  public private(set) var rows: [Int64] = []
  /// More than `limit` changed: which ones is not known any more.
  public private(set) var overflowed = false

  public init(table: String, limit: Int) {
    self.table = Array(table.utf8CString)
    self.limit = limit
  }

  public var isEmpty: Bool { rows.isEmpty && !overflowed }

  fileprivate func note(_ row: Int64) {
    // Writes to one row come in a row.
    guard !overflowed, rows.last != row else { return }
    guard rows.count < limit else {
      overflowed = true
      rows = []
      return
    }
    rows.append(row)
  }

  public func forget() {
    rows.removeAll(keepingCapacity: rows.count < 1_000)
    overflowed = false
  }
}

extension Database {
  /// Has `changes` note what is written from now on; nil ends that. See
  /// https://www.sqlite.org/c3ref/update_hook.html.
  public func note(_ changes: ChangedRows?) {
    guard let handle = connection.handle else { return }
    noted = changes
    guard let changes else {
      sqlite3_update_hook(handle, nil, nil)
      return
    }
    sqlite3_update_hook(
      handle,
      { context, _, _, table, row in
        guard let context, let table else { return }
        let changes = Unmanaged<ChangedRows>.fromOpaque(context).takeUnretainedValue()
        let isOurs = changes.table.withUnsafeBufferPointer { name in
          name.baseAddress.map { strcmp($0, table) == 0 } ?? false
        }
        if isOurs { changes.note(row) }
      }, Unmanaged.passUnretained(changes).toOpaque())
  }
}
