import Diagnostics

/// A compiled function: what the compiler hands to the machine. Names (natives, fields) are texts here;
/// a machine's loader turns them into its own numbers.
public final class Prototype: @unchecked Sendable {
  // Written by the emitter alone, before anybody else sees it; read-only from then on.
  public let name: String
  public let source: SourceText
  public var code: [UInt32] = []
  public var constants: [Constant] = []
  /// Functions and blocks inside this one, numbered for `makeFunction`.
  public var children: [Prototype] = []
  /// Natives that this function's `callNative` words index.
  public var natives: [String] = []
  /// Functions without captures that `callStatic` words index, in the chunk's table.
  public var captures: [Capture] = []
  public var parameters: [Parameter] = []
  /// Registers that a frame of it needs, 250 at most.
  public var registers = 0
  /// The source range of each code word's instruction, run-length: sorted by `start`.
  public var ranges: [RangeEntry] = []
  public var handlers: [Handler] = []
  /// A block of one expression keeps its meaning, for planners that send it to a server.
  public var tree: BlockTree?
  /// A block (its frames are shown as such); its item has no name where `parameters` holds `it`.
  public var isBlock = false

  public init(name: String, source: SourceText) {
    self.name = name
    self.source = source
  }

  public struct Parameter: Sendable {
    public var name: String
    public var hasDefault: Bool

    public init(name: String, hasDefault: Bool) {
      self.name = name
      self.hasDefault = hasDefault
    }
  }

  /// Where `makeFunction` finds a captured value in the enclosing frame.
  public enum Capture: Sendable {
    case register(Int)
    case capture(Int)
    /// The enclosing function itself.
    case enclosing
  }

  public struct RangeEntry: Sendable {
    public var start: Int
    public var range: SourceRange

    public init(start: Int, range: SourceRange) {
      self.start = start
      self.range = range
    }
  }

  /// An error raised at `start..<end` continues at `target` with the error in `register`. Inner ones first.
  public struct Handler: Sendable {
    public var start: Int
    public var end: Int
    public var target: Int
    public var register: Int

    public init(start: Int, end: Int, target: Int, register: Int) {
      self.start = start
      self.end = end
      self.target = target
      self.register = register
    }
  }

  /// The source range of the instruction at a code index.
  public func range(at index: Int) -> SourceRange {
    var low = 0
    var high = ranges.count - 1
    guard high >= 0 else { return SourceRange(0, 0) }
    while low < high {
      let middle = (low + high + 1) / 2
      if ranges[middle].start <= index { low = middle } else { high = middle - 1 }
    }
    return ranges[low].range
  }
}

/// A constant of a prototype.
public enum Constant: Hashable, Sendable {
  case int(Int64)
  case float(Double)
  case string(String)
  /// Milliseconds.
  case duration(Int64)
  /// Milliseconds since 1970 in UTC.
  case time(Int64)
  /// The keys of a `makeRecord`.
  case keys([String])
}

/// A compiled source text: its top level, and the functions that capture nothing.
public final class Chunk: @unchecked Sendable {
  // As Prototype: written once by the compiler.
  public let main: Prototype
  /// What `callStatic` numbers mean.
  public var functions: [Prototype] = []
  /// The names of the globals that this chunk declares, in the order of their numbers.
  public var globals: [String] = []
  /// Numbers of globals are absolute: the chunk's first one.
  public var firstGlobal = 0

  public init(main: Prototype) {
    self.main = main
  }
}
