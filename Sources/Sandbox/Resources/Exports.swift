import CZlib
import JSON
import SQLite

/// Exports of what was sent: a job that goes on a step each time it is asked for, then a gzipped CSV.
extension Workspace {
  private static let lifetime: Int64 = 2 * 86_400

  func createDataExport(_ call: Call) throws -> Answer {
    guard let after = try call.body["created_at_after"].flatMap({ try int($0, "created_at_after") }) else {
      throw APIError.missing("created_at_after")
    }
    guard let before = try call.body["created_at_before"].flatMap({ try int($0, "created_at_before") }) else {
      throw APIError.missing("created_at_before")
    }
    guard after <= before else {
      throw APIError.invalid(
        "created_at_after must not be later than created_at_before", field: "created_at_after")
    }
    let running = try database.firstInteger(
      "SELECT count(*) FROM item WHERE kind = 'export' AND json_extract(json, '$.status') IN ('pending', 'in_progress')"
    )
    // No matter of the window: waiting for its reset would not help.
    if running ?? 0 > 0 {
      throw APIError(429, "rate_limit_exceeded", "Exceeded rate limit of 1 pending message data export jobs")
    }
    let number = try nextNumber("export")
    let job = Self.guid(number &+ 1_000_000, identity.seed).replacing("-", with: "")
    try store(number, job, status: "pending", after: after, before: before, expires: nil)
    return try export(job)
  }

  private func store(
    _ number: Int64, _ job: String, status: String, after: Int64, before: Int64, expires: Int64?
  ) throws {
    try put(
      .export, number, name: job,
      [
        "job_identifier": .string(job), "status": .string(status), "after": .int(after),
        "before": .int(before),
        "expires": expires.map { .int($0) } ?? .null,
      ])
  }

  private func job(_ id: String) throws -> (number: Int64, value: JSONObject) {
    guard let number = try itemNumber(.export, named: id), let value = try item(.export, number)?.objectValue
    else {
      throw APIError.resourceNotFound
    }
    return (number, value)
  }

  private func export(_ id: String) throws -> Answer {
    let (_, value) = try job(id)
    let isDone = value["status"] == "completed"
    return Answer(
      [
        "job_identifier": .string(id), "status": value["status"] ?? .null,
        "download_expires_at": .string(isDone ? String(value["expires"]?.intValue ?? 0) : ""),
        "download_url": .string(isDone ? "\(baseAddress)/download/content/data/\(id)" : ""),
      ], target: id)
  }

  func getDataExport(_ call: Call) throws -> Answer {
    let (number, value) = try job(call.parameter())
    let after = value["after"]?.intValue ?? 0
    let before = value["before"]?.intValue ?? 0
    // What the answer tells is the state before this step.
    let answer = try export(call.parameter())
    switch value["status"]?.stringValue {
    case "pending":
      try store(number, call.parameter(), status: "in_progress", after: after, before: before, expires: nil)
    case "in_progress":
      let count = try sent(after, before).count
      try store(
        number, call.parameter(), status: count > 0 ? "completed" : "no_data", after: after, before: before,
        expires: clock.now &+ Self.lifetime)
    default: break
    }
    return answer
  }

  func cancelDataExport(_ call: Call) throws -> Answer {
    let (number, value) = try job(call.parameter())
    if ["pending", "in_progress"].contains(value["status"]?.stringValue ?? "") {
      try store(
        number, call.parameter(), status: "canceled", after: value["after"]?.intValue ?? 0,
        before: value["before"]?.intValue ?? 0, expires: nil)
    }
    return try export(call.parameter())
  }

  func downloadDataExport(_ call: Call) throws -> Answer {
    guard call.accept?.contains("application/octet-stream") == true else { throw APIError.notAcceptable }
    let (_, value) = try job(call.parameter())
    guard value["status"] == "completed", (value["expires"]?.intValue ?? 0) > clock.now else {
      throw APIError.resourceNotFound
    }
    var text = "user_id,user_external_id,name,email,content_type,sent_at\n"
    for row in try sent(value["after"]?.intValue ?? 0, value["before"]?.intValue ?? 0) {
      text += row.map(Self.field).joined(separator: ",") + "\n"
    }
    guard let bytes = Gzip.compress(Array(text.utf8)) else { throw APIError.serverError }
    var answer = Answer(bytes, target: call.parameter())
    answer.contentType = "application/octet-stream"
    return answer
  }

  /// The last time that each contact was written to, within both ends.
  private func sent(_ after: Int64, _ before: Int64) throws -> [[String]] {
    var rows: [[String]] = []
    try database.each(
      """
      SELECT id, external_id, name, email, last_contacted_at FROM contact
      WHERE state = 0 AND last_contacted_at >= ? AND last_contacted_at <= ? ORDER BY last_contacted_at, n
      """, .integer(after), .integer(before)
    ) { row in
      rows.append([
        row.text(0) ?? "", row.text(1) ?? "", row.text(2) ?? "", row.text(3) ?? "", "email",
        row.text(4) ?? "",
      ])
    }
    return rows
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

enum Gzip {
  /// Nil if zlib refuses, for want of memory. (https://zlib.net/manual.html#Advanced)
  static func compress(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    // 15 bits of window, and 16 for a gzip header in place of zlib's own.
    let code = deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    let written = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target -> Int? in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(clamping: source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(clamping: target.count)
        return deflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : nil
      }
    }
    return written.map { Array(output.prefix($0)) }
  }
}
