import Glibc
import SQLite

/// A column of texts that differ from contact to contact: their bytes in the order of the contacts, lower case, to be
/// looked through from end to end.
final class TextColumn: LoadedColumn {
  private struct Block {
    /// See `TextScan` for the marks.
    var bytes: [UInt8]
    /// Where each text begins, and the end of the last.
    var begins: [UInt32]

    /// No contact has a text.
    static let empty = Block(
      bytes: Array(repeating: TextScan.mark, count: TextScan.before + ColumnBlock.rows + TextScan.after),
      begins: (0...ColumnBlock.rows).map { UInt32(TextScan.before + $0) })
  }

  private var blocks: [Block] = []
  private(set) var some = ContactSet(limit: 0)
  private(set) var size = 0
  /// SQLite's functions stop at a zero byte: a column that has one is searched by them.
  private(set) var hasZero = false

  /// `rows` gives number and text, in the order of the numbers, without those that have none.
  init(_ rows: Statement) throws(SQLiteError) {
    var filling = Filling()
    while try rows.step() {
      let number = rows.integer(0) ?? 0
      while ColumnBlock.of(number) > blocks.count { blocks.append(filling.finish()) }
      rows.withBytes(1) { filling.add(ColumnBlock.row(number), $0) }
      some.insert(number)
    }
    blocks.append(filling.finish())
    hasZero = filling.hasZero
    size = blocks.reduce(some.words.count * 8) { $0 + $1.bytes.count + $1.begins.count * 4 }
  }

  /// A block in the making.
  private struct Filling {
    private var bytes: [UInt8] = Array(repeating: TextScan.mark, count: TextScan.before)
    private var begins: [UInt32] = []
    var hasZero = false

    private mutating func pass(_ row: Int) {
      // The texts that are not there are empty.
      while begins.count < row {
        begins.append(UInt32(bytes.count))
        bytes.append(TextScan.mark)
      }
    }

    mutating func add(_ row: Int, _ text: UnsafeRawBufferPointer) {
      pass(row)
      let begin = bytes.count
      begins.append(UInt32(begin))
      bytes.append(contentsOf: text)
      for index in begin..<bytes.count { bytes[index] = ASCII.lower(bytes[index]) }
      if text.contains(0) { hasZero = true }
      bytes.append(TextScan.mark)
    }

    mutating func add(_ row: Int, copying block: Block, _ range: Range<Int>) {
      pass(row)
      guard let first = range.first, let last = range.last else { return }
      let from = Int(block.begins[first])
      let shift = bytes.count - from
      bytes += block.bytes[from..<Int(block.begins[last + 1])]
      for row in range { begins.append(UInt32(Int(block.begins[row]) + shift)) }
    }

    mutating func finish() -> Block {
      pass(ColumnBlock.rows)
      begins.append(UInt32(bytes.count))
      // Copies, so that nothing is kept that is not needed.
      let made = Block(
        bytes: bytes + Array(repeating: TextScan.mark, count: TextScan.after), begins: Array(begins[...]))
      bytes.removeSubrange(TextScan.before...)
      begins.removeAll(keepingCapacity: true)
      return made
    }
  }

  // MARK: Changes

  func replace(_ values: [(number: Int64, value: SQLiteValue)]) -> Bool {
    var next = 0
    while next < values.count {
      let block = ColumnBlock.of(values[next].number)
      var end = next
      while end < values.count, ColumnBlock.of(values[end].number) == block { end += 1 }
      while blocks.count <= block {
        blocks.append(.empty)
        size += Block.empty.bytes.count + Block.empty.begins.count * 4
      }
      splice(block, values[next..<end])
      next = end
    }
    return true
  }

  private func splice(_ index: Int, _ values: ArraySlice<(number: Int64, value: SQLiteValue)>) {
    let old = blocks[index]
    var filling = Filling()
    var done = 0
    for (number, value) in values {
      let row = ColumnBlock.row(number)
      filling.add(done, copying: old, done..<row)
      if var text = value.textValue {
        text.withUTF8 { filling.add(row, UnsafeRawBufferPointer($0)) }
        some.insert(number)
      } else {
        filling.add(row, UnsafeRawBufferPointer(start: nil, count: 0))
        some.remove(number)
      }
      done = row + 1
    }
    filling.add(done, copying: old, done..<ColumnBlock.rows)
    if filling.hasZero { hasZero = true }
    blocks[index] = filling.finish()
    size += blocks[index].bytes.count - old.bytes.count
  }

  // MARK: Order

  /// Of texts without a zero byte, as SQLite's NOCASE has it.
  func order(_ a: Int64, _ b: Int64) -> Int {
    with(a) { one in with(b) { other in Self.order(one, other) } }
  }

  func order(to value: SQLiteValue) -> (Int64) -> Int {
    // Texts come after numbers.
    guard let bound = value.textValue?.utf8.map(ASCII.lower) else { return { _ in 1 } }
    return { number in self.with(number) { text in bound.withUnsafeBytes { Self.order(text, $0) } } }
  }

  private func with<Result>(_ number: Int64, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let index = ColumnBlock.of(number)
    let row = ColumnBlock.row(number)
    let range = Int(blocks[index].begins[row])..<Int(blocks[index].begins[row + 1]) - 1
    return blocks[index].bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  private static func order(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
    let common = min(a.count, b.count)
    if common > 0, let one = a.baseAddress, let other = b.baseAddress {
      let order = memcmp(one, other, common)
      if order != 0 { return Int(order) }
    }
    return a.count - b.count
  }

  // MARK: Search

  /// The contacts whose text has a part in it, at its begin or at its end, without regard to the case of ASCII
  /// letters; nil where only SQLite can tell.
  func matches(_ op: SearchOperator, _ part: String) -> ContactSet? {
    let wanted = part.utf8.map(ASCII.lower)
    guard !hasZero, !wanted.contains(0) else { return nil }
    guard !wanted.isEmpty else { return some }
    let scan = TextScan(wanted)
    var found = ContactSet(limit: blocks.count * ColumnBlock.rows)
    found.words.withUnsafeMutableBufferPointer { words in
      for (index, block) in blocks.enumerated() {
        let width = ColumnBlock.rows / 64
        let here = UnsafeMutableBufferPointer(rebasing: words[index * width..<(index + 1) * width])
        block.bytes.withUnsafeBytes { bytes in
          block.begins.withUnsafeBufferPointer { begins in
            switch op {
            case .starts: scan.starts(bytes, begins, here)
            case .ends: scan.ends(bytes, begins, here)
            default: scan.contains(bytes, begins, here)
            }
          }
        }
      }
    }
    return found
  }
}

/// Letters as SQLite's `lower` sees them.
enum ASCII {
  static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
