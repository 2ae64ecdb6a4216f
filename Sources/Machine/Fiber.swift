/// One thread of a script's execution: a stack of registers and one of frames. The machine runs one fiber
/// at a time, until it finishes, fails or waits.
public final class Fiber {
  public enum State: Sendable { case ready, waiting, finished, failed }

  public internal(set) var state = State.ready
  /// What the fiber's function returned, once finished.
  public internal(set) var result = Value.null
  public internal(set) var error: RuntimeError?
  /// Hears once that the fiber has finished or failed.
  public var completion: ((Fiber) -> Void)?
  /// The host's own: which item of which step this fiber works on, what is under way for it.
  public var context: AnyObject?
  /// Called when the fiber is to be given up while it waits (an interrupt), so that the host cancels.
  public var onCancel: (() -> Void)?

  var stack: UnsafeMutablePointer<Value>
  var stackCapacity: Int
  var frames: UnsafeMutablePointer<Frame>
  var frameCount = 0
  var frameCapacity: Int
  /// Where the value of the native that waits goes.
  var resultIndex = 0
  /// The error to raise when the fiber goes on.
  var resumeError: RuntimeError? {
    didSet { isRaising = resumeError != nil }
  }
  /// There is a `resumeError`: what the machine looks at first.
  private(set) var isRaising = false

  init(stackCapacity: Int = 64, frameCapacity: Int = 8) {
    self.stackCapacity = stackCapacity
    self.frameCapacity = frameCapacity
    stack = .allocate(capacity: stackCapacity)
    stack.initialize(repeating: .null, count: stackCapacity)
    frames = .allocate(capacity: frameCapacity)
  }

  deinit {
    stack.deallocate()
    frames.deallocate()
  }

  /// Makes room for registers up to `needed`; addresses into the stack are void afterwards.
  func growStack(to needed: Int) {
    if needed <= stackCapacity { return }
    let capacity = max(needed, stackCapacity * 2)
    let new = UnsafeMutablePointer<Value>.allocate(capacity: capacity)
    new.update(from: stack, count: stackCapacity)
    (new + stackCapacity).initialize(repeating: .null, count: capacity - stackCapacity)
    stack.deallocate()
    stack = new
    stackCapacity = capacity
  }

  /// No more room than frames may be nested: so calls find the limit by looking at the capacity alone.
  func growFrames(atMost most: Int) {
    let capacity = max(frameCapacity + 1, min(frameCapacity * 2, most))
    let new = UnsafeMutablePointer<Frame>.allocate(capacity: capacity)
    new.update(from: frames, count: frameCount)
    frames.deallocate()
    frames = new
    frameCapacity = capacity
  }
}
