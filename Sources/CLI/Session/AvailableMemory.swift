import Glibc

/// What this process may use at most, so that a script runs into an error of its own before the system ends it.
enum AvailableMemory {
  /// Bytes for a script's values: a part of what is left, since a result lies beside what it is made of.
  static func forScripts() -> Int {
    let space = limit(RLIMIT_AS)
    // A container says it here; without one there is no such file, or the word `max`.
    let container = text("/sys/fs/cgroup/memory.max").flatMap { Int($0) } ?? .max
    let most = min(limit(RLIMIT_DATA), container)
    guard min(space, most) < Int.max else { return .max }
    let left = min(space - usedAddresses, most)
    return max(smallest, (left - reserve) / 3)
  }

  private static let smallest = 8 << 20
  /// For threads, buffers and libraries that are opened later.
  private static let reserve = 192 << 20

  private static func limit(_ resource: __rlimit_resource) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return .max }
    return Int(clamping: limit.rlim_cur)
  }

  /// Bytes of the address space that are taken already.
  private static var usedAddresses: Int {
    let pages = text("/proc/self/statm")?.split(separator: " ").first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
  }

  private static func text(_ path: String) -> String? {
    guard let bytes = try? PrivateFile.read(path, isSecret: false) else { return nil }
    return String(decoding: bytes, as: UTF8.self).trimmingWhiteSpace
  }
}
