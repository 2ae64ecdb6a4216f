import CSQLite

/// What SQLite refused, with its own code and words.
public struct SQLiteError: Error, Sendable, CustomStringConvertible {
  /// The families a caller may want to tell apart; everything else is `other`.
  public enum Kind: Sendable {
    case busy
    case locked
    case readOnly
    case inputOutput
    case full
    case cannotOpen
    case corrupt
    case notADatabase
    case constraint
    case tooBig
    case interrupted
    case noMemory
    case misuse
    case other
  }

  /// The extended result code (https://www.sqlite.org/rescode.html).
  public let code: Int32
  public let message: String
  /// The statement or the path in question, if one was.
  public let context: String?

  public init(code: Int32, message: String, context: String? = nil) {
    self.code = code
    self.message = message
    self.context = context
  }

  /// The low byte of the code.
  public var primaryCode: Int32 { code & 0xff }

  public var kind: Kind {
    switch primaryCode {
    case SQLITE_BUSY: .busy
    case SQLITE_LOCKED: .locked
    case SQLITE_READONLY: .readOnly
    case SQLITE_IOERR: .inputOutput
    case SQLITE_FULL: .full
    case SQLITE_CANTOPEN: .cannotOpen
    case SQLITE_CORRUPT: .corrupt
    case SQLITE_NOTADB: .notADatabase
    case SQLITE_CONSTRAINT: .constraint
    case SQLITE_TOOBIG: .tooBig
    case SQLITE_INTERRUPT: .interrupted
    case SQLITE_NOMEM: .noMemory
    case SQLITE_MISUSE, SQLITE_RANGE: .misuse
    default: .other
    }
  }

  public var description: String {
    let head = "SQLite \(code): \(message)"
    return if let context { "\(head) (\(context))" } else { head }
  }
}
