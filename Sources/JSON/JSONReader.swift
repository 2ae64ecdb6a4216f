/// Reads JSON texts into the values of a builder, in one pass and without recursion.
///
/// Accepts every text of RFC 8259 and what real servers send beyond it: raw control bytes in strings,
/// duplicate keys (the last value wins, at the first one's place), surrogates without a partner (U+FFFD).
/// A whole number that 64 bits do not hold is a double; `-0` is the int 0.
///
/// A reader remembers keys and shapes from read to read: keep one for texts that are alike. Not for use by
/// two threads at once.
public final class JSONReader<Builder: JSONBuilder> {
  /// The open containers outside the innermost one.
  @usableFromInline
  @frozen
  struct Frame {
    /// Where the container's values start on the value stack.
    @usableFromInline var start: Int
    /// Where a map's keys start on the key stack.
    @usableFromInline var keyStart: Int
    /// An object: the node of its keys so far. An array: the node of the key whose value it is.
    @usableFromInline var node: Int
    @usableFromInline var kind: Kind

    @inlinable @inline(__always)
    init(start: Int, keyStart: Int, node: Int, kind: Kind) {
      self.start = start
      self.keyStart = keyStart
      self.node = node
      self.kind = kind
    }
  }

  @usableFromInline
  @frozen
  enum Kind: UInt8 { case array, object, map }

  // No dynamic exclusivity checks: they were a third of the time, and a reader has one caller at a time.

  /// The most brackets that may be open at once.
  public let maximumDepth: Int
  @exclusivity(unchecked) @usableFromInline var tree = JSONKeyTree()
  @usableFromInline let text = JSONText()
  @exclusivity(unchecked) @usableFromInline var values: UnsafeMutablePointer<Builder.Value>
  @exclusivity(unchecked) @usableFromInline var valueCapacity = 256
  @exclusivity(unchecked) @usableFromInline var frames: UnsafeMutablePointer<Frame>
  @exclusivity(unchecked) @usableFromInline var frameCapacity = 32
  @exclusivity(unchecked) @usableFromInline var keyStack: [Int32] = []
  /// By the tree's key ids; made when first needed.
  @exclusivity(unchecked) @usableFromInline var keys: [Builder.Key] = []
  @exclusivity(unchecked) @usableFromInline var shapes: UnsafeMutablePointer<Builder.Shape>
  @exclusivity(unchecked) @usableFromInline var shapeCount = 0
  @exclusivity(unchecked) @usableFromInline var shapeCapacity = 16

  @inlinable
  public init(maximumDepth: Int = 10_000) {
    self.maximumDepth = maximumDepth
    values = .allocate(capacity: 256)
    frames = .allocate(capacity: 32)
    shapes = .allocate(capacity: 16)
  }

  @inlinable
  deinit {
    shapes.deinitialize(count: shapeCount)
    shapes.deallocate()
    frames.deallocate()
    values.deallocate()
  }

  /// Forgets keys and shapes, for instance because the builder's own have gone.
  @inlinable
  public func reset() {
    shapes.deinitialize(count: shapeCount)
    shapeCount = 0
    keys.removeAll()
    tree = JSONKeyTree()
  }

  /// Reads one text. Throws at the first byte that cannot go on with one.
  @inlinable
  public func read(
    _ input: UnsafeBufferPointer<UInt8>, with builder: inout Builder
  ) throws(JSONError) -> Builder.Value {
    if tree.isCrowded { reset() }
    keyStack.removeAll(keepingCapacity: true)
    var held = 0
    do {
      return try run(input, &builder, &held)
    } catch {
      values.deinitialize(count: held)
      guard let base = input.baseAddress else { throw JSONError(error.reason, at: 0, in: input) }
      throw JSONError(error.reason, at: error.place.map { $0 - base } ?? 0, in: input)
    }
  }

  /// A reason with its place, before line and column are counted. Never leaves a read.
  @usableFromInline
  @frozen
  struct Failure: Error, @unchecked Sendable {
    @usableFromInline var reason: JSONError.Reason
    @usableFromInline var place: UnsafePointer<UInt8>?

    @inlinable
    init(_ reason: JSONError.Reason, _ place: UnsafePointer<UInt8>?) {
      self.reason = reason
      self.place = place
    }
  }

  /// The loop. On a throw, `held` says how many values are left on the stack.
  @inlinable
  func run(
    _ input: UnsafeBufferPointer<UInt8>, _ builder: inout Builder, _ held: inout Int
  ) throws(Failure) -> Builder.Value {
    guard let base = input.baseAddress else {
      throw Failure(.unexpectedEnd(expected: .value), nil)
    }
    let end = base + input.count
    var p = JSONBytes.skipSpace(base, end)
    var stack = values
    var top = 0
    var depth = 0
    // The innermost open container.
    var current = Frame(start: 0, keyStart: 0, node: 0, kind: .array)
    var expected = JSONError.Expected.value

    reading: while true {
      var value: Builder.Value
      guard p < end else { throw fail(.unexpectedEnd(expected: expected), end, top, &held) }
      let byte = p.pointee
      if byte == 0x22 {
        let start = p + 1
        let stop = JSONBytes.skipText(start, end)
        if stop < end, stop.pointee == 0x22 {
          value = builder.string(UnsafeBufferPointer(start: start, count: stop - start))
          p = stop + 1
        } else {
          switch text.decode(start, end) {
          case .text(let next): p = next
          case .failure(let reason, let place): throw fail(reason, place, top, &held)
          }
          value = text.withBytes { builder.string($0) }
        }
      } else if byte &- 0x30 < 10 || byte == 0x2D {
        value = try number(&p, end, &builder, top, &held)
      } else if byte == 0x7B || byte == 0x5B {
        let opened = p
        p = JSONBytes.skipSpace(p + 1, end)
        guard p < end else {
          let expected: JSONError.Expected = byte == 0x7B ? .keyOrObjectEnd : .valueOrArrayEnd
          throw fail(.unexpectedEnd(expected: expected), end, top, &held)
        }
        guard depth < maximumDepth else { throw fail(.tooDeep(limit: maximumDepth), opened, top, &held) }
        // ASCII: the closing brackets are the opening ones plus two.
        let isEmpty = p.pointee == byte &+ 2
        if !isEmpty {
          if depth == frameCapacity { growFrames() }
          frames[depth] = current
          depth &+= 1
          current.start = top
        }
        if byte == 0x5B {
          if isEmpty {
            p += 1
            value = builder.array(UnsafeMutableBufferPointer(start: stack + top, count: 0))
          } else {
            // A map's values hang below the whole text's node, as 0 stands in its frame.
            current.kind = .array
            expected = .valueOrArrayEnd
            continue reading
          }
        } else {
          var inner = tree.nodes[current.node].inner
          if inner < 0 { inner = tree.makeInner(current.node) }
          if isEmpty {
            p += 1
            let none = UnsafeMutableBufferPointer(start: stack + top, count: 0)
            let shape = Int(tree.nodes[Int(inner)].shape)
            value =
              shape >= 0
              ? builder.object(shapes[shape], none)
              : object(Frame(start: top, keyStart: 0, node: Int(inner), kind: .object), none, &builder)
          } else {
            current.kind = .object
            current.node = Int(inner)
            try key(&p, end, &current, .keyOrObjectEnd, top, &held)
            expected = .value
            continue reading
          }
        }
      } else {
        guard let word = JSONReader.literal(byte) else {
          throw fail(.unexpectedByte(byte, expected: expected), p, top, &held)
        }
        let bytes: StaticString =
          switch word {
          case .true: "true"
          case .false: "false"
          case .null: "null"
          }
        for index in 1..<bytes.utf8CodeUnitCount {
          guard p + index < end else { throw fail(.unexpectedEnd(expected: .literal(word)), end, top, &held) }
          guard p[index] == bytes.utf8Start[index] else {
            throw fail(.unexpectedByte(p[index], expected: .literal(word)), p + index, top, &held)
          }
        }
        p += bytes.utf8CodeUnitCount
        switch word {
        case .true: value = builder.bool(true)
        case .false: value = builder.bool(false)
        case .null: value = builder.null()
        }
      }

      // A value is complete; it may complete the containers around it.
      while true {
        p = JSONBytes.skipSpace(p, end)
        if depth == 0 {
          guard p == end else {
            throw fail(.unexpectedByte(p.pointee, expected: .endOfText), p, top, &held)
          }
          return value
        }
        (stack + top).initialize(to: value)
        top &+= 1
        // One place is always free.
        if top == valueCapacity {
          growValues(top)
          stack = values
          guard builder.safePoint(live: UnsafeBufferPointer(start: stack, count: top)) else {
            throw fail(.stopped, p, top, &held)
          }
        }
        let isArray = current.kind == .array
        guard p < end else {
          let expected: JSONError.Expected = isArray ? .commaOrArrayEnd : .commaOrObjectEnd
          throw fail(.unexpectedEnd(expected: expected), end, top, &held)
        }
        let byte = p.pointee
        if byte == 0x2C {
          p = JSONBytes.skipSpace(p + 1, end)
          if !isArray { try key(&p, end, &current, .key, top, &held) }
          expected = .value
          continue reading
        }
        guard byte == (isArray ? 0x5D : 0x7D) else {
          let expected: JSONError.Expected = isArray ? .commaOrArrayEnd : .commaOrObjectEnd
          throw fail(.unexpectedByte(byte, expected: expected), p, top, &held)
        }
        guard builder.safePoint(live: UnsafeBufferPointer(start: stack, count: top)) else {
          throw fail(.stopped, p, top, &held)
        }
        p += 1
        let items = UnsafeMutableBufferPointer(start: stack + current.start, count: top &- current.start)
        if isArray {
          value = builder.array(items)
        } else {
          let shape = current.kind == .object ? Int(tree.nodes[current.node].shape) : -1
          value = shape >= 0 ? builder.object(shapes[shape], items) : object(current, items, &builder)
        }
        top = current.start
        depth &-= 1
        current = frames[depth]
      }
    }
  }

  @inlinable @inline(__always)
  static func literal(_ byte: UInt8) -> JSONError.StaticLiteral? {
    switch byte {
    case 0x74: .true
    case 0x66: .false
    case 0x6E: .null
    default: nil
    }
  }

  /// Short ints here, everything else out of line.
  @inlinable @inline(__always)
  func number(
    _ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ builder: inout Builder, _ top: Int,
    _ held: inout Int
  ) throws(Failure) -> Builder.Value {
    let start = p
    let negative = start.pointee == 0x2D
    let first = negative ? start + 1 : start
    // 18 digits cannot overflow.
    let stop = end - first > 18 ? first + 18 : end
    var at = first
    var whole: Int64 = 0
    while at < stop {
      let digit = at.pointee &- 0x30
      guard digit < 10 else { break }
      whole = whole &* 10 &+ Int64(digit)
      at += 1
    }
    let count = at - first
    let next = at < end ? at.pointee : 0x20
    if count > 0, count == 1 || first.pointee != 0x30, next != 0x2E, next | 0x20 != 0x65, next &- 0x30 >= 10 {
      p = at
      return builder.int(negative ? 0 &- whole : whole)
    }
    switch JSONNumber.read(start, end) {
    case .int(let value, let next):
      p = next
      return builder.int(value)
    case .double(let value, let next):
      p = next
      return builder.double(value)
    case .failure(let reason, let place): throw fail(reason, place, top, &held)
    }
  }

  /// Reads a key, its colon and the space behind it, and moves the frame's node.
  @inlinable @inline(__always)
  func key(
    _ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ frame: inout Frame,
    _ expected: JSONError.Expected, _ top: Int, _ held: inout Int
  ) throws(Failure) {
    guard p < end else { throw fail(.unexpectedEnd(expected: expected), end, top, &held) }
    guard p.pointee == 0x22 else { throw fail(.unexpectedByte(p.pointee, expected: expected), p, top, &held) }
    p += 1
    let nodes = tree.nodes
    let guess = frame.kind == .object ? Int(nodes[frame.node].next) : -1
    // A key of `length` with its quote is read up to seven bytes beyond it.
    if guess >= 0, case let length = Int(nodes[guess].length), length > 0, end - p >= length &+ 7,
      JSONBytes.matches(p, nodes[guess].key, length)
    {
      frame.node = guess
      p += length
    } else {
      do throws(Failure) {
        p = try otherKey(p, end, &frame)
      } catch {
        throw fail(error.reason, error.place, top, &held)
      }
    }
    if p < end, p.pointee != 0x3A { p = JSONBytes.skipSpace(p, end) }
    guard p < end else { throw fail(.unexpectedEnd(expected: .colon), end, top, &held) }
    guard p.pointee == 0x3A else { throw fail(.unexpectedByte(p.pointee, expected: .colon), p, top, &held) }
    p = JSONBytes.skipSpace(p + 1, end)
  }

  @inlinable @inline(never)
  func fail(
    _ reason: JSONError.Reason, _ place: UnsafePointer<UInt8>?, _ top: Int, _ held: inout Int
  ) -> Failure {
    held = top
    return Failure(reason, place)
  }

  @inlinable @inline(never)
  func growFrames() {
    let larger = UnsafeMutablePointer<Frame>.allocate(capacity: frameCapacity * 2)
    larger.moveInitialize(from: frames, count: frameCapacity)
    frames.deallocate()
    frames = larger
    frameCapacity *= 2
  }

  @inlinable @inline(never)
  func growValues(_ count: Int) {
    let larger = UnsafeMutablePointer<Builder.Value>.allocate(capacity: valueCapacity * 2)
    larger.moveInitialize(from: values, count: count)
    values.deallocate()
    values = larger
    valueCapacity *= 2
  }
}
