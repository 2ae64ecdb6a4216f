extension HTTPFailure {
  /// What, why and what to do, in one line. Holds no secret: the client has redacted the details.
  public func message(for request: HTTPRequest) -> String {
    let name = request.operation.isEmpty ? "" : request.operation + ": "
    return "\(name)\(request.method.rawValue) \(request.pathAlone): \(what). \(advice)"
  }

  var what: String {
    switch self {
    case .unreachable(.nameNotFound, let host, _): "the name \(host) cannot be resolved"
    case .unreachable(.connectFailed, let host, let detail): "no connection to \(host) (\(detail))"
    case .unreachable(.proxy, _, let detail): "the proxy cannot be reached (\(detail))"
    case .timedOut(.connecting, let seconds): "no connection within \(Self.text(seconds)) s"
    case .timedOut(.answer, let seconds): "no complete answer within \(Self.text(seconds)) s"
    case .tls(let host, let detail): "the connection to \(host) is not secure (\(detail))"
    case .cutOff(let received): "the answer was cut off after \(received) bytes"
    case .connectionLost(let detail): "the connection broke (\(detail))"
    case .emptyAnswer(let status): "the server answered \(status) without a body"
    case .garbled(let detail): "the answer cannot be read (\(detail))"
    case .tooLarge(let limit): "the answer is larger than \(Self.size(limit))"
    case .headerFlood(let limit): "the answer's headers are larger than \(Self.size(limit))"
    case .redirectRefused(let status, let location):
      "the server answered \(status) and points to \(location), which is not followed"
    case .tooManyRedirects(let count): "the server redirected \(count) times in a row"
    case .rateLimited(let wait): "the server asks to wait \(Self.text(wait)) s"
    case .cancelled: "cancelled"
    case .unknownOutcome(let outcome): "it is not known whether this took effect: \(outcome.reason.text)"
    case .refused(.noToken(let detail)): "there is no access token\(detail.isEmpty ? "" : " (\(detail))")"
    case .refused(.malformedToken): "the access token holds characters that no token has"
    case .refused(.malformedPath(let path)): "\(path) is no path of the API"
    case .refused(.malformedHeader(let name)): "the header \(name) holds characters that no header may have"
    case .refused(.readOnly): "this writes, and the workspace is read-only"
    case .library(let detail): "libcurl cannot be used (\(detail))"
    }
  }

  var advice: String {
    switch self {
    case .unreachable(.nameNotFound, _, _), .unreachable(.connectFailed, _, _), .timedOut(.connecting, _):
      "Nothing was sent; check the network and the base address."
    case .unreachable(.proxy, _, _): "Nothing was sent; check the proxy settings in the environment."
    case .timedOut, .cutOff, .connectionLost, .emptyAnswer, .garbled: "Try again."
    case .tls: "Nothing was sent; behind a private proxy, name its certificate with --ca-file."
    case .tooLarge, .headerFlood: "Ask for less at a time."
    case .redirectRefused: "The token is sent to no other host; check the base address and the region."
    case .tooManyRedirects: "Check the base address."
    case .rateLimited: "Nothing happened; try again after that time."
    case .cancelled: "Nothing more was sent."
    case .unknownOutcome: "Look at the record before sending it again."
    case .refused(.noToken): "Set INTERCOM_ACCESS_TOKEN or run `parlance login`."
    case .refused(.malformedToken): "Copy the token again, without quotes and line breaks."
    case .refused(.malformedPath): "Write it with a leading slash and encode spaces."
    case .refused(.malformedHeader): "Take out line breaks and control characters."
    case .refused(.readOnly): "Nothing was sent; `parlance workspaces protect NAME ask` lets writes through."
    case .library: "Install it: sudo apt-get install libcurl4."
    }
  }

  private static func text(_ seconds: Double) -> String {
    guard seconds < 1e9 else { return "a very long time, more than 1000000000" }
    let tenths = (seconds * 10).rounded(.up) / 10
    return tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
  }

  private static func size(_ bytes: Int) -> String {
    if bytes >= 1 << 20, bytes % (1 << 20) == 0 { return "\(bytes >> 20) MiB" }
    if bytes >= 1 << 10, bytes % (1 << 10) == 0 { return "\(bytes >> 10) KiB" }
    return "\(bytes) bytes"
  }
}

extension UnknownOutcome.Reason {
  /// Why the outcome is unknown, as a phrase.
  public var text: String {
    switch self {
    case .timedOut(let seconds): "no answer within \(Int(min(seconds.rounded(.up), 1e9))) s"
    case .connectionLost(let detail): "the connection broke after the send began (\(detail))"
    case .cutOff(let received): "the answer was cut off after \(received) bytes"
    case .garbled(let detail): "the answer cannot be read (\(detail))"
    case .tooLarge: "the answer is too large"
    case .headerFlood: "the answer's headers are too large"
    case .status(let status): "the server answered \(status)"
    case .cancelled: "it was cancelled while under way"
    }
  }
}
