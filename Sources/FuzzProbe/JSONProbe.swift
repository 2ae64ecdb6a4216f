import Glibc
import JSON
import Machine

enum JSONProbe {
  /// Prints `@@ NAME`, then `== ok` or `== refused OFFSET`, or what went wrong between reading and writing.
  ///
  /// A text that is read as a tree is written and read again: both trees and both texts must be the same, and
  /// the machine's own reading must accept and refuse the same texts.
  static func read(_ script: ProbeScript) {
    print("@@ \(script.name)")
    fflush(nil)
    let machine = Machine()
    machine.limits.memory = 256 << 20
    // Beyond the depth of trees only the machine reads on.
    var tree: JSONValue?
    var refused: JSONError?
    do throws(JSONError) {
      tree = try exactly(script.bytes) { (text) throws(JSONError) in try JSONValue.parse(text) }
    } catch { refused = error }
    do throws(JSONError) {
      let value = try exactly(script.bytes) { (text) throws(JSONError) in try ValueReader(machine).read(text)
      }
      if let refused, !isDepth(refused) { return print("== differs: the tree is refused, the value is not") }
      guard let tree else { return print("== ok") }
      let written = tree.serialized()
      let again = try JSONValue.parse(written)
      guard again == tree else { return print("== differs: written and read again it is another tree") }
      guard again.serialized() == written else {
        return print("== differs: written again it is another text")
      }
      if let json = try? machine.json(of: value), json != tree, !hasFloats(tree) {
        return print("== differs: the value and the tree")
      }
      print("== ok")
    } catch {
      if tree != nil { return print("== differs: the value is refused, the tree is not: \(error.message)") }
      guard let refused, refused.offset == error.offset || isDepth(refused) else {
        return print("== differs: refused at two places")
      }
      guard error.offset <= script.bytes.count else { return print("== differs: refused beyond the end") }
      print("== refused \(error.offset)")
    }
  }

  /// In memory of exactly that size, so that AddressSanitizer sees a read beyond its end.
  private static func exactly<Result>(
    _ bytes: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) throws(JSONError) -> Result
  ) throws(JSONError) -> Result {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    defer { copy.deallocate() }
    _ = copy.initialize(from: bytes)
    return try body(UnsafeBufferPointer(copy))
  }

  private static func isDepth(_ error: JSONError) -> Bool {
    if case .tooDeep = error.reason { true } else { false }
  }

  /// A float that is a whole number, and -0, may come back as an int.
  private static func hasFloats(_ value: JSONValue) -> Bool {
    switch value {
    case .double: true
    case .array(let items): items.contains(where: hasFloats)
    case .object(let object): object.contains { hasFloats($0.value) }
    case .null, .bool, .int, .string: false
    }
  }

  /// Prints the CPU seconds of each reading into a machine's values, a machine each.
  static func time(_ path: String, rounds: Int) {
    let bytes = ScriptFile.read(path)
    for _ in 0..<rounds {
      let machine = Machine()
      let start = cpuSeconds()
      do throws(JSONError) {
        _ = try ValueReader(machine).read(bytes)
      } catch {
        print("not JSON: \(error.message)")
        exit(1)
      }
      print(cpuSeconds() - start)
      // Giving the memory back is not reading.
      withExtendedLifetime(machine) {}
    }
  }

  private static func cpuSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }
}
