import CCurl

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One exchange on one easy handle. The handle is kept and used again for later exchanges.
///
/// libcurl holds unretained pointers to this object: it must outlive its time in a multi handle, which
/// `CurlMulti.running` sees to.
final class CurlTransfer {
  /// Why a callback ended the transfer.
  enum Stop: Equatable {
    case tooLarge
    case headerFlood
    /// libcurl was about to send the request a second time by itself.
    case resend
  }

  struct Limits {
    var headers = 256 << 10
  }

  let easy: UnsafeMutableRawPointer
  /// Where it stands among the running ones.
  var place = 0
  /// What it carries out; nil while it waits for its next use.
  var exchange: Exchange?
  private(set) var body: [UInt8] = []
  private var ownStop: Stop?
  /// Times that libcurl began to send: 0 means that no byte has left.
  private(set) var sends = 0

  private var upload: [UInt8] = []
  private var uploaded = 0
  private var mayResend = false
  private var maximumBody = 0
  private let headLines: UnsafeMutablePointer<ccurl_head>
  private let errorText: UnsafeMutablePointer<CChar>
  private var headers: CurlHeaderList?
  private var shape: Shape?

  /// What seldom differs from one exchange to the next.
  private struct Shape: Equatable {
    var method: HTTPMethod
    var hasBody: Bool
    var deadlines: Deadlines
  }

  init?(limits: Limits) {
    guard let easy = ccurl_easy_init() else { return nil }
    self.easy = easy
    headLines = .allocate(capacity: 1)
    headLines.initialize(to: ccurl_head())
    headLines.pointee.limit = limits.headers
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    installCallbacks()
  }

  deinit {
    ccurl_easy_cleanup(easy)
    free(headLines.pointee.lines)
    headLines.deallocate()
    errorText.deallocate()
  }

  private func installCallbacks() {
    let me = Unmanaged.passUnretained(self).toOpaque()
    ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    ccurl_set_pointer(easy, CURLOPT_PRIVATE, me)
    ccurl_set_head(easy, headLines)
    for option in [CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_PREREQDATA] {
      ccurl_set_pointer(easy, option, me)
    }
    ccurl_set_data_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        .receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    // There is no seek function on purpose: a body that was begun cannot be sent again behind our back.
    ccurl_set_data_callback(easy, CURLOPT_READFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        .provide(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
    }
    ccurl_set_prereq_callback(easy) { context, _, _, _, _ in
      guard let context else { return CURL_PREREQFUNC_ABORT }
      return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().beginSend()
    }
  }

  /// Makes the handle ready for one exchange.
  func prepare(
    method: HTTPMethod, url: String, headers: CurlHeaderList, body: [UInt8]?, mayResend: Bool,
    deadlines: Deadlines, maximumBody: Int
  ) {
    headLines.pointee.count = 0
    headLines.pointee.is_flooded = 0
    self.body = []
    ownStop = nil
    sends = 0
    upload = body ?? []
    uploaded = 0
    self.mayResend = mayResend
    self.maximumBody = maximumBody
    errorText.pointee = 0

    ccurl_set_text(easy, CURLOPT_URL, url)
    // The old list, if any, is freed only after libcurl has let go of it.
    ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headers.list)
    self.headers = headers
    if body != nil { ccurl_set_size(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(upload.count)) }
    let shape = Shape(method: method, hasBody: body != nil, deadlines: deadlines)
    guard shape != self.shape else { return }
    self.shape = shape
    ccurl_set_long(easy, CURLOPT_UPLOAD, shape.hasBody ? 1 : 0)
    if !shape.hasBody { ccurl_set_long(easy, CURLOPT_HTTPGET, 1) }
    ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, method.rawValue)
    ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(deadlines.connect))
    ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, Self.milliseconds(deadlines.total))
    ccurl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1)
    ccurl_set_long(easy, CURLOPT_LOW_SPEED_TIME, (Self.milliseconds(deadlines.stall) + 999) / 1_000)
  }

  /// Lets go of the bodies while the handle waits for its next use.
  func release() {
    exchange = nil
    body = []
    upload = []
  }

  /// The header lines, without the status line.
  var head: [UInt8] {
    Array(UnsafeRawBufferPointer(start: headLines.pointee.lines, count: headLines.pointee.count))
  }

  /// Why this side ended the transfer, if it did.
  var stop: Stop? { headLines.pointee.is_flooded != 0 ? .headerFlood : ownStop }

  /// libcurl's words for what went wrong.
  func detail(of code: CURLcode) -> String {
    if errorText.pointee != 0 { return String(cString: errorText) }
    return ccurl_error_text(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
  }

  /// At least 1: 0 would mean no deadline.
  private static func milliseconds(_ seconds: Double) -> Int {
    seconds.isNaN ? 1 : Int(min(max(seconds * 1_000, 1), 1e9))
  }

  // MARK: - Callbacks

  /// Called right before each send, also when libcurl repeats a request after a reused connection died.
  private func beginSend() -> Int32 {
    sends += 1
    if sends > 1, !mayResend {
      ownStop = .resend
      return CURL_PREREQFUNC_ABORT
    }
    uploaded = 0
    return CURL_PREREQFUNC_OK
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard bytes.count <= maximumBody - body.count else {
      ownStop = .tooLarge
      return 0
    }
    if body.isEmpty {
      let announced = Int(ccurl_get_size(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T))
      guard announced <= maximumBody else {
        ownStop = .tooLarge
        return 0
      }
      // Only so much on the server's word; the rest grows as it comes.
      if announced > bytes.count { body.reserveCapacity(min(announced, 4 << 20)) }
    }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  private func provide(_ space: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(space.count, upload.count - uploaded)
    guard count > 0 else { return 0 }
    upload.withUnsafeBytes { source in
      space.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[uploaded..<uploaded + count]))
    }
    uploaded += count
    return count
  }
}
