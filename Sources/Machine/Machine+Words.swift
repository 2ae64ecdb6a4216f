import Bytecode

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `in`, `contains`, `starts_with`, `ends_with`, `matches`.
extension Machine {
  @inline(never) func wordOperator(
    _ kind: UInt32, _ result: UnsafeMutablePointer<Value>, _ left: Value, _ right: Value
  ) -> Bool {
    guard let word = WordOperator(rawValue: UInt8(truncatingIfNeeded: kind)) else { return false }
    if right.isNull || (left.isNull && word != .isIn) {
      result.pointee = .bool(false)
      return true
    }
    switch word {
    case .isIn: return isIn(result, left, right)
    case .contains, .startsWith, .endsWith, .matches:
      guard left.tag == .string, right.tag == .string else {
        failWord(word, left, right)
        return false
      }
      let text = left.object.utf8
      let part = right.object.utf8
      switch word {
      case .contains: result.pointee = .bool(ByteSearch.find(part, in: text) != nil)
      case .startsWith:
        result.pointee = .bool(text.count >= part.count && ByteSearch.equal(text, 0, part))
      case .endsWith:
        result.pointee = .bool(
          text.count >= part.count && ByteSearch.equal(text, text.count - part.count, part))
      case .matches, .isIn: return matches(result, right.object, text)
      }
      // A long text takes long, and no fuel.
      return text.count < 1 << 16 || !isStopped()
    }
  }

  private func isIn(_ result: UnsafeMutablePointer<Value>, _ left: Value, _ right: Value) -> Bool {
    switch right.tag {
    case .list:
      let list = right.object
      for index in 0..<list.count where isEqual(left, list.slots[index]) {
        result.pointee = .bool(true)
        return true
      }
      result.pointee = .bool(false)
      // A long list takes long, and no fuel.
      return list.count < 1 << 10 || !isStopped()
    case .range:
      if left.tag == .int {
        result.pointee = .bool(left.asInt >= right.object.rangeLow && left.asInt <= right.object.rangeHigh)
      } else if left.tag == .float {
        let whole = Int64(exactly: left.asDouble)
        result.pointee = .bool(
          whole.map { $0 >= right.object.rangeLow && $0 <= right.object.rangeHigh } ?? false)
      } else {
        result.pointee = .bool(false)
      }
      return true
    case .record:
      if left.tag == .string {
        let known = symbols.known(left.object)
        result.pointee = .bool(known.map { slotValue(right.object, $0) != nil } ?? false)
      } else {
        result.pointee = .bool(false)
      }
      return true
    case .host:
      guard let set = host(right) as? ValueMembership else { break }
      result.pointee = .bool(set.contains(left, self))
      return true
    default: break
    }
    failWord(.isIn, left, right)
    return false
  }

  private func failWord(_ word: WordOperator, _ left: Value, _ right: Value) {
    var error = RuntimeError("")
    if word == .isIn {
      error.message = "`in` looks for an item in a list, a range or a record's keys, not in \(right.tag.word)"
      if left.tag == .string, right.tag == .string {
        error.hints = ["did you mean `contains`? it asks for a part of a text"]
      }
      if right.tag == .sequence { error.hints = ["`collect` or `to_set` reads the sequence first"] }
    } else {
      let name =
        switch word {
        case .contains: "contains"
        case .startsWith: "starts_with"
        case .endsWith: "ends_with"
        case .matches, .isIn: "matches"
        }
      error.message = "`\(name)` works on two texts, not on \(left.tag.word) and \(right.tag.word)"
      if word == .contains, left.tag == .list { error.hints = ["did you mean `x in list`?"] }
    }
    pendingError = error
  }

  private func matches(
    _ result: UnsafeMutablePointer<Value>, _ pattern: Object, _ text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard let matcher else {
      pendingError = RuntimeError(
        "`matches` is not there in this build", hints: ["use `contains`, `starts_with` or `ends_with`"])
      return false
    }
    do throws(RuntimeError) {
      result.pointee = .bool(try matcher(pattern.utf8, text))
      return true
    } catch {
      pendingError = error
      return false
    }
  }
}

/// A set of values behind a host value, for `in`.
public protocol ValueMembership: AnyObject {
  func contains(_ value: Value, _ machine: Machine) -> Bool
}

/// Finding bytes in bytes.
public enum ByteSearch {
  public static func areEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    guard let start = left.baseAddress else { return true }
    return right.withUnsafeBytes { bytes in
      guard let other = bytes.baseAddress else { return true }
      return memcmp(start, other, left.count) == 0
    }
  }

  static func equal(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, _ part: UnsafeBufferPointer<UInt8>) -> Bool
  {
    for index in 0..<part.count where text[at + index] != part[index] { return false }
    return true
  }

  public static func find(
    _ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from: Int = 0
  ) -> Int? {
    if part.isEmpty { return from <= text.count ? from : nil }
    guard let start = text.baseAddress, let needle = part.baseAddress, from + part.count <= text.count else {
      return nil
    }
    var at = from
    let last = text.count - part.count
    while at <= last {
      guard let hit = memchr(start + at, Int32(needle[0]), last - at + 1) else { return nil }
      at = UnsafeRawPointer(hit) - UnsafeRawPointer(start)
      if memcmp(start + at, needle, part.count) == 0 { return at }
      at += 1
    }
    return nil
  }
}
