import Machine

/// The files that scripts may touch. An engine without one has no files at all.
public protocol FileAccess: AnyObject {
  /// - Throws: where the file was not given to the script, or cannot be read.
  func read(_ path: String) throws(RuntimeError) -> [UInt8]
  /// The files of a folder that was given to the script, in order of their names.
  func list(_ folder: String) throws(RuntimeError) -> [String]
  /// The whole file or nothing: nobody sees half of it, and a failure leaves what was there.
  func write(_ bytes: [UInt8], to path: String) throws(RuntimeError)
}
