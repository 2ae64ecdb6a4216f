import Glibc

/// The zone in which times without an offset are read and all times are shown, by its IANA name: a login's, or
/// `PARLANCE_ZONE` where there is none. The rules are the C library's.
enum LocalZone {
  /// Whether the machine has rules for it.
  static func isKnown(_ name: String) -> Bool {
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2F, 0x2B, 0x2D, 0x5F: true
      default: false
      }
    }
    guard isPlain, !name.isEmpty, name.utf8.first != 0x2F else { return false }
    // The C library takes an unknown name for UTC in silence, and so the name of a folder such as `Europe`.
    let descriptor = open("\(folder)/\(name)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var start = [UInt8](repeating: 0, count: 4)
    return read(descriptor, &start, start.count) == start.count && start.elementsEqual("TZif".utf8)
  }

  private static var folder: String {
    getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"
  }

  /// Makes it the zone of the process, before other threads look at it. Gives minutes east of UTC at an instant in
  /// milliseconds.
  static func use(_ name: String) -> @Sendable (Int64) -> Int {
    setenv("TZ", name, 1)
    tzset()
    return { milliseconds in
      var seconds = time_t(milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000)
      var local = tm()
      return localtime_r(&seconds, &local) == nil ? 0 : Int(local.tm_gmtoff / 60)
    }
  }
}
