import Glibc

/// Which file system a path lies on, by the kernel's table of mounts.
struct MountTable {
  /// Where locks or syncs do not hold as a journal needs them.
  static let network = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs",
  ]

  private var mounts: [(point: String, type: String)] = []

  /// Lines of `/proc/self/mounts`: device, mount point, type. Spaces in a point are written `\\040`.
  init(_ text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count >= 3 { mounts.append((String(words[1]), String(words[2]))) }
    }
  }

  /// nil where there is no such table.
  static func current() -> MountTable? {
    let descriptor = open("/proc/self/mounts", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = Array(repeating: UInt8(0), count: 16_384)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    return MountTable(String(decoding: bytes, as: UTF8.self))
  }

  /// Of the mount with the longest point above the path; the later of two, as it covers the earlier.
  func type(of path: String) -> String? {
    let real = realpath(path, nil).map { raw in
      defer { free(raw) }
      return String(cString: raw)
    }
    let place = (real ?? path) + "/"
    var best: (point: String, type: String)?
    for mount in mounts {
      let prefix = mount.point.hasSuffix("/") ? mount.point : mount.point + "/"
      if place.hasPrefix(prefix), prefix.utf8.count >= (best?.point.utf8.count ?? 0) {
        best = (prefix, mount.type)
      }
    }
    return best?.type
  }
}
