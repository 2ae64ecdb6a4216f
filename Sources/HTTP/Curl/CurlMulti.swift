import CCurl

/// The one owner of a multi handle and of the transfers in it. Opens libcurl on first use.
final class CurlMulti {
  struct Unusable: Error { let detail: String }

  private let multi: UnsafeMutableRawPointer
  private let settings: Settings
  /// Keeps alive what libcurl points to. Each knows its place.
  private var running: [CurlTransfer] = []
  private var idle: [CurlTransfer] = []

  /// What is the same for all transfers of a client.
  struct Settings {
    var isSecure: Bool
    var caFile: String?
    var limits = CurlTransfer.Limits()
    var connections: Int
  }

  private static let mostIdle = 64
  /// Seconds that a resolved name is good for: less than the retries of a refused connection take in all.
  private static let nameAge = 10
  /// Seconds after which a connection is not used for another request.
  private static let connectionAge = 600

  init(settings: Settings) throws(Unusable) {
    if let problem = ccurl_load() { throw Unusable(detail: String(cString: problem)) }
    guard let multi = ccurl_multi_init() else { throw Unusable(detail: "out of memory") }
    self.multi = multi
    self.settings = settings
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(8, settings.connections))
    ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
  }

  deinit {
    for transfer in running {
      ccurl_multi_remove(multi, transfer.easy)
      transfer.exchange = nil
    }
    // The connections go with the multi handle, so the easy handles may be freed after it.
    ccurl_multi_cleanup(multi)
  }

  var count: Int { running.count }
  var idleCount: Int { idle.count }

  /// A transfer to fill in and `start`, or nil when memory is short.
  func makeTransfer() -> CurlTransfer? {
    if let transfer = idle.popLast() { return transfer }
    guard let transfer = CurlTransfer(limits: settings.limits) else { return nil }
    let easy = transfer.easy
    ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    ccurl_set_long(easy, CURLOPT_PROTOCOLS, settings.isSecure ? Int(CURLPROTO_HTTPS) : Int(CURLPROTO_HTTP))
    ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
    ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
    ccurl_set_text(easy, CURLOPT_ACCEPT_ENCODING, "gzip")
    ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
    // A run may last for days: a name that moved is followed soon, whether the old address still answers or not.
    ccurl_set_long(easy, CURLOPT_DNS_CACHE_TIMEOUT, Self.nameAge)
    ccurl_set_long(easy, CURLOPT_MAXLIFETIME_CONN, Self.connectionAge)
    ccurl_set_long(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
    if settings.isSecure {
      ccurl_set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
      ccurl_set_long(easy, CURLOPT_PIPEWAIT, 1)
    } else {
      ccurl_set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
      // A proxy out of the environment would see the token in the clear.
      ccurl_set_text(easy, CURLOPT_PROXY, "")
    }
    if let file = settings.caFile { ccurl_set_text(easy, CURLOPT_CAINFO, file) }
    return transfer
  }

  /// False when libcurl will not take it.
  func start(_ transfer: CurlTransfer) -> Bool {
    guard ccurl_multi_add(multi, transfer.easy) == CURLM_OK else { return false }
    transfer.place = running.count
    running.append(transfer)
    return true
  }

  /// Ends a transfer before its time; its connection is closed, or its stream reset.
  func abandon(_ transfer: CurlTransfer) {
    ccurl_multi_remove(multi, transfer.easy)
    forget(transfer)
    keep(transfer)
  }

  private func forget(_ transfer: CurlTransfer) {
    guard let last = running.popLast(), last !== transfer else { return }
    running[transfer.place] = last
    last.place = transfer.place
  }

  func perform() {
    var count: Int32 = 0
    _ = ccurl_multi_perform(multi, &count)
  }

  /// Waits for the network or for `wakeEnd`; true if it was the latter.
  func wait(milliseconds: Int32, wakeEnd: Int32) -> Bool {
    ccurl_multi_poll(multi, wakeEnd, milliseconds) != 0
  }

  /// The next transfer that ended. Give it back with `keep` when it was read.
  func nextDone() -> (transfer: CurlTransfer, code: CURLcode)? {
    var code = CURLE_OK
    guard let easy = ccurl_multi_next_done(multi, &code), let owner = ccurl_get_private(easy) else {
      return nil
    }
    ccurl_multi_remove(multi, easy)
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(owner).takeUnretainedValue()
    forget(transfer)
    return (transfer, code)
  }

  func keep(_ transfer: CurlTransfer) {
    transfer.release()
    if idle.count < Self.mostIdle { idle.append(transfer) }
  }
}
