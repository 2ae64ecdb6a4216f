import CCurl

/// What one attempt brought, read off its transfer.
struct Received {
  let code: CURLcode
  let detail: String
  let stop: CurlTransfer.Stop?
  /// 0 where no status line came.
  let status: Int
  let headers: HTTPHeaders
  let body: [UInt8]
  /// Times that the send began.
  let sends: Int
  let connections: Int
  let protocolVersion: String
  /// Seconds.
  let connecting: Double
  let firstByte: Double
  let total: Double

  /// What comes back is cleared of the token first of all: nobody can show or keep it by mistake.
  init(_ transfer: CurlTransfer, code: CURLcode, redactor: Redactor) {
    self.code = code
    detail = code == CURLE_OK ? "" : transfer.detail(of: code)
    stop = transfer.stop
    status = ccurl_get_long(transfer.easy, CURLINFO_RESPONSE_CODE)
    let head = transfer.head
    headers = HTTPHeaders(raw: redactor.mentionsSecret(head) ? redactor.redact(head) : head)
    body = redactor.mentionsSecret(transfer.body) ? redactor.redact(transfer.body) : transfer.body
    sends = transfer.sends
    connections = ccurl_get_long(transfer.easy, CURLINFO_NUM_CONNECTS)
    protocolVersion =
      switch ccurl_get_long(transfer.easy, CURLINFO_HTTP_VERSION) {
      case CURL_HTTP_VERSION_1_0: "HTTP/1.0"
      case CURL_HTTP_VERSION_1_1: "HTTP/1.1"
      case CURL_HTTP_VERSION_2_0: "HTTP/2"
      default: ""
      }
    connecting = Self.seconds(transfer, CURLINFO_PRETRANSFER_TIME_T)
    firstByte = Self.seconds(transfer, CURLINFO_STARTTRANSFER_TIME_T)
    total = Self.seconds(transfer, CURLINFO_TOTAL_TIME_T)
  }

  private static func seconds(_ transfer: CurlTransfer, _ info: CURLINFO) -> Double {
    Double(ccurl_get_size(transfer.easy, info)) / 1e6
  }

  /// The fault that ended the attempt, or nil where a whole answer came.
  func fault(
    deadlines: Deadlines, maximumBody: Int, maximumHeaders: Int, host: String, redactor: Redactor
  ) -> (RetryPolicy.Attempt, HTTPFailure)? {
    let wasSent = sends > 0
    let text = redactor.redact(detail)
    switch stop {
    case .tooLarge: return (.hopeless(sent: true), .tooLarge(limit: maximumBody))
    case .headerFlood: return (.hopeless(sent: true), .headerFlood(limit: maximumHeaders))
    case .resend: return (.lost, .connectionLost(detail: "the server closed a connection that was in use"))
    case nil: break
    }
    switch code {
    case CURLE_OK:
      return status > 0 ? nil : (.lost, .garbled(detail: "no status line"))
    case CURLE_COULDNT_RESOLVE_PROXY:
      return (.notSent, .unreachable(.proxy, host: host, detail: text))
    case CURLE_COULDNT_RESOLVE_HOST:
      return (.notSent, .unreachable(.nameNotFound, host: host, detail: text))
    case CURLE_COULDNT_CONNECT:
      return (.notSent, .unreachable(.connectFailed, host: host, detail: text))
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      return (.hopeless(sent: wasSent), .tls(host: host, detail: text))
    case CURLE_SSL_CONNECT_ERROR where !wasSent:
      return (.notSent, .tls(host: host, detail: text))
    case CURLE_OPERATION_TIMEDOUT where !wasSent:
      return (.notSent, .timedOut(.connecting, seconds: min(deadlines.connect, deadlines.total)))
    case CURLE_OPERATION_TIMEDOUT:
      let seconds = total >= deadlines.total * 0.99 ? deadlines.total : deadlines.stall
      return (.lost, .timedOut(.answer, seconds: seconds))
    case CURLE_PARTIAL_FILE:
      return (.lost, .cutOff(received: body.count))
    case _ where !wasSent:
      return (.notSent, .unreachable(.connectFailed, host: host, detail: text))
    case CURLE_BAD_CONTENT_ENCODING, CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL,
      CURLE_OUT_OF_MEMORY:
      return (.lost, .garbled(detail: text))
    default:
      if status >= 200 { return (.lost, .cutOff(received: body.count)) }
      return (.lost, .connectionLost(detail: text))
    }
  }

  /// Why a write's outcome is unknown.
  func reason(_ failure: HTTPFailure?, request: HTTPRequest) -> UnknownOutcome.Reason {
    switch failure {
    case .timedOut(_, let seconds): .timedOut(seconds: seconds)
    case .cutOff(let received): .cutOff(received: received)
    case .garbled(let detail): .garbled(detail: detail)
    case .tooLarge(let limit): .tooLarge(limit: limit)
    case .headerFlood(let limit): .headerFlood(limit: limit)
    case .connectionLost(let detail): .connectionLost(detail: detail)
    case nil: .status(status)
    case .some(let other): .connectionLost(detail: other.what)
    }
  }
}
