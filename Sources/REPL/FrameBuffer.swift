import CEdit
import Glibc

/// Collects what is to be drawn, libedit's part and ours, and hands it to the terminal in one write: nothing of a
/// half-drawn line is ever seen. Belongs to one thread.
final class FrameBuffer {
  /// What libedit writes to.
  private(set) var stream: UnsafeMutablePointer<FILE>
  private var bytes: [UInt8] = []

  /// Nil without memory.
  init?() {
    // The stream needs an owner that lives as long as it does, and this object is not whole yet.
    let cell = UnsafeMutablePointer<Unmanaged<FrameBuffer>?>.allocate(capacity: 1)
    cell.initialize(to: nil)
    let opened = cedit_stream(cell) { owner, text, count in
      guard let owner, let text else { return 0 }
      let cell = owner.assumingMemoryBound(to: Unmanaged<FrameBuffer>?.self)
      cell.pointee?._withUnsafeGuaranteedRef { frame in
        text.withMemoryRebound(to: UInt8.self, capacity: count) {
          frame.bytes.append(contentsOf: UnsafeBufferPointer(start: $0, count: count))
        }
      }
      return count
    }
    guard let opened else {
      cell.deallocate()
      return nil
    }
    stream = opened
    self.cell = cell
    cell.pointee = Unmanaged.passUnretained(self)
  }

  private let cell: UnsafeMutablePointer<Unmanaged<FrameBuffer>?>

  deinit {
    fclose(stream)
    cell.deallocate()
  }

  /// After all that libedit has drawn so far.
  func write(_ text: String) {
    fflush(stream)
    bytes.append(contentsOf: text.utf8)
  }

  func flush() {
    fflush(stream)
    guard !bytes.isEmpty else { return }
    _ = TextFile.writeAll(bytes, to: STDOUT_FILENO)
    bytes.removeAll(keepingCapacity: true)
  }
}
