import Glibc
import NIOCore
import NIOHTTP1

/// One connection: gathers requests, has them answered, writes the answers in order. Requests that come before
/// the last answer is out wait in the pipeline (NIO's pipelining assistance).
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let service: Service
  private let bodyLimit: Int
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var tooLarge = false
  private let arrival: ArrivalTimer
  /// An answer is under way that ends the connection.
  private var isEnding = false

  init(_ service: Service, _ arrival: ArrivalTimer) {
    self.service = service
    self.arrival = arrival
    bodyLimit = service.workspace.configuration.bodyLimit
  }

  func handlerAdded(context: ChannelHandlerContext) {
    service.connections += 1
    if service.connections > service.workspace.configuration.connectionLimit { context.close(promise: nil) }
    let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    arrival.onLate = {
      let (handler, context) = loopBound.value
      handler.refuse(.requestTimeout, context)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    service.connections -= 1
    arrival.onLate = nil
    arrival.stop()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body.removeAll(keepingCapacity: true)
      tooLarge = false
      if head.method != .GET, head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
        let head = HTTPResponseHead(version: head.version, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
      }
    case .body(let buffer):
      guard !tooLarge else { return }
      guard body.count + buffer.readableBytes <= bodyLimit else {
        // The rest is read and dropped, so that the answer reaches a client that is still sending.
        tooLarge = true
        body = []
        return
      }
      body.append(contentsOf: buffer.readableBytesView)
    case .end:
      guard let head else { return }
      self.head = nil
      arrival.stop()
      answer(head, context)
    }
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let request = WireRequest(
      method: head.method.rawValue, target: head.uri, headers: head.headers, body: body,
      bodyTooLarge: tooLarge)
    let response = service.respond(to: request)
    let keepAlive = head.isKeepAlive && !tooLarge
    switch response.delivery {
    case .whole: write(response, head, keepAlive: keepAlive, context)
    case .late(let milliseconds):
      let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) {
        let (handler, context) = loopBound.value
        handler.write(response, head, keepAlive: keepAlive, context)
      }
    case .cut: writeHalf(response, head, context)
    case .reset:
      // With nothing to linger for, closing sends a reset.
      if let options = context.channel as? SocketOptionProvider {
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
          loopBound.value.close(promise: nil)
        }
      } else {
        context.close(promise: nil)
      }
    case .never: break
    }
  }

  private func write(
    _ response: WireResponse, _ request: HTTPRequestHead, keepAlive: Bool, _ context: ChannelHandlerContext
  ) {
    var headers = HTTPHeaders(response.headers)
    headers.add(name: "Content-Length", value: String(response.body.count))
    if !keepAlive { headers.add(name: "Connection", value: "close") }
    let status = HTTPResponseStatus(statusCode: response.status)
    let head = HTTPResponseHead(version: request.version, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    // A HEAD request is told the length and sent nothing.
    if !response.body.isEmpty && request.method != .HEAD {
      let buffer = context.channel.allocator.buffer(bytes: response.body)
      context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    }
    let end = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    if !keepAlive {
      let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
      end.whenComplete { _ in loopBound.value.close(promise: nil) }
    }
  }

  /// The head tells the whole length; then half of the body, and the end.
  private func writeHalf(
    _ response: WireResponse, _ request: HTTPRequestHead, _ context: ChannelHandlerContext
  ) {
    var headers = HTTPHeaders(response.headers)
    headers.add(name: "Content-Length", value: String(response.body.count))
    let status = HTTPResponseStatus(statusCode: response.status)
    let head = HTTPResponseHead(version: request.version, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    let half = response.body.prefix(response.body.count / 2)
    let buffer = context.channel.allocator.buffer(bytes: half)
    let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer)))).whenComplete { _ in
      loopBound.value.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return context.close(promise: nil) }
    refuse(APIError(400, "client_error", "The request is not valid HTTP"), context)
  }

  /// What is no whole request gets one answer and the end.
  private func refuse(_ error: APIError, _ context: ChannelHandlerContext) {
    guard !isEnding else { return }
    isEnding = true
    let response = service.response(error, requestID: "0")
    let status = HTTPResponseStatus(statusCode: response.status)
    var head = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n"
    for (name, value) in response.headers { head += "\(name): \(value)\r\n" }
    head += "Content-Length: \(response.body.count)\r\nConnection: close\r\n\r\n"
    arrival.end(with: Array(head.utf8) + response.body)
  }
}
