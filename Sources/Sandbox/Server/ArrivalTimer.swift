import NIOCore

/// Sees the bytes of a connection as they come, before they are HTTP, and tells when a request takes too long
/// to arrive: a client that sends a byte now and then must not hold a connection for ever.
final class ArrivalTimer: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let limit: TimeAmount
  private var timer: Scheduled<Void>?
  private var context: ChannelHandlerContext?
  /// What to do when the time is up.
  var onLate: (() -> Void)?

  init(milliseconds: Int64) { limit = .milliseconds(milliseconds) }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    stop()
    self.context = nil
  }

  /// Writes the last bytes of the connection past the handlers of HTTP, which would not have an answer where
  /// there is no whole request, and closes.
  func end(with bytes: [UInt8]) {
    guard let context else { return }
    let buffer = context.channel.allocator.buffer(bytes: bytes)
    let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(buffer)).whenComplete { _ in loopBound.value.close(promise: nil) }
  }

  func channelActive(context: ChannelHandlerContext) {
    start(context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    start(context)
    context.fireChannelRead(data)
  }

  func channelInactive(context: ChannelHandlerContext) {
    stop()
    context.fireChannelInactive()
  }

  private func start(_ context: ChannelHandlerContext) {
    guard timer == nil else { return }
    let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: limit) { loopBound.value.onLate?() }
  }

  /// A request is there.
  func stop() {
    timer?.cancel()
    timer = nil
  }
}
