import NIOCore

/// Sees the bytes of a connection as they come, before they are HTTP, and tells when a request takes too long
/// to arrive: a client that sends a byte now and then must not hold a connection for ever.
final class ArrivalTimer: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let limit: TimeAmount
  /// Runs on when a request is there, and is set anew when it goes off: a timer for each request would cost a
  /// tenth of what answering takes.
  private var timer: Scheduled<Void>?
  /// When the request that is under way is to be there.
  private var deadline: NIODeadline?
  private var context: ChannelHandlerContext?
  /// What to do when the time is up.
  var onLate: (() -> Void)?

  init(milliseconds: Int64) { limit = .milliseconds(milliseconds) }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    end()
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
    end()
    context.fireChannelInactive()
  }

  private func start(_ context: ChannelHandlerContext) {
    guard deadline == nil else { return }
    let deadline = NIODeadline.now() + limit
    self.deadline = deadline
    if timer == nil { set(context, deadline) }
  }

  private func set(_ context: ChannelHandlerContext, _ deadline: NIODeadline) {
    let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(deadline: deadline) { loopBound.value.goOff() }
  }

  private func goOff() {
    timer = nil
    guard let deadline, let context else { return }
    if deadline <= .now() { onLate?() } else { set(context, deadline) }
  }

  /// A request is there.
  func stop() { deadline = nil }

  private func end() {
    deadline = nil
    timer?.cancel()
    timer = nil
  }
}
