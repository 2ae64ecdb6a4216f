import Foundation

/// An HTTP/2 server over TLS with certificates made on the spot, on programs that the machine may have: Node.js
/// and OpenSSL. It counts every write that reached it.
final class TLSServer {
  enum Certificate { case good, expired, otherName, unknown }
  struct Missing: Error {}

  static let isAvailable = ["node", "openssl"].allSatisfy { tool($0) != nil }

  let port: Int
  let directory: URL
  private let process: Process
  private let input = Pipe()

  var caFile: String { directory.appendingPathComponent("ca.pem").path }

  init(_ certificate: Certificate = .good) throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try Self.makeCertificates(certificate, in: directory)
    guard let node = Self.tool("node") else { throw Missing() }
    process = Process()
    process.executableURL = node
    process.arguments = ["-e", Self.script]
    process.currentDirectoryURL = directory
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = input
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty,
      byte != Data("\n".utf8)
    {
      line += byte
    }
    guard let port = Int(String(decoding: line, as: UTF8.self)) else { throw Missing() }
    self.port = port
  }

  func stop() {
    // The server ends with its input, also when the tests die.
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: directory)
  }

  private static func tool(_ name: String) -> URL? {
    for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
      let url = URL(fileURLWithPath: String(folder)).appendingPathComponent(name)
      if FileManager.default.isExecutableFile(atPath: url.path) { return url }
    }
    return nil
  }

  private static func makeCertificates(_ kind: Certificate, in directory: URL) throws {
    let name = kind == .otherName ? "elsewhere.example" : "localhost"
    // `ca` alone lets both ends of the validity be chosen.
    let end = kind == .expired ? "20200201000000Z" : "20991231000000Z"
    let configuration = """
      [ca]
      default_ca = d
      [d]
      database = index.txt
      serial = serial
      new_certs_dir = .
      default_md = sha256
      policy = p
      unique_subject = no
      [p]
      commonName = supplied
      [leaf]
      subjectAltName = DNS:\(name)
      """
    try configuration.write(to: directory.appendingPathComponent("ca.cnf"), atomically: true, encoding: .utf8)
    try "".write(to: directory.appendingPathComponent("index.txt"), atomically: true, encoding: .utf8)
    try "01".write(to: directory.appendingPathComponent("serial"), atomically: true, encoding: .utf8)
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    try openssl(
      ["req", "-x509", "-days", "3650", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem"] + key,
      directory)
    try openssl(
      ["req", "-new", "-subj", "/CN=\(name)", "-keyout", "leaf.key", "-out", "leaf.csr"] + key, directory)
    try openssl(
      [
        "ca", "-batch", "-notext", "-config", "ca.cnf", "-extensions", "leaf", "-cert", "ca.pem", "-keyfile",
        "ca.key",
        "-in", "leaf.csr", "-out", "leaf.pem", "-startdate", "20200101000000Z", "-enddate", end,
      ], directory)
  }

  private static func openssl(_ arguments: [String], _ directory: URL) throws {
    guard let openssl = tool("openssl") else { throw Missing() }
    let process = Process()
    process.executableURL = openssl
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw Missing() }
  }

  /// `/fault/KIND/…` fails once for each path; `/ledger` tells the number of writes that arrived.
  private static let script = """
    const http2 = require('http2'), fs = require('fs')
    const server = http2.createSecureServer({
      key: fs.readFileSync('leaf.key'), cert: fs.readFileSync('leaf.pem'), allowHTTP1: false })
    let effects = 0, sessions = 0
    const paths = {}
    const faulted = new Set()
    // An answer to a stream that has gone meanwhile.
    process.on('uncaughtException', () => {})
    const raw = []
    server.on('connection', socket => { raw.push(socket); socket.on('error', () => {}) })
    server.on('session', session => { sessions++; session.on('error', () => {}) })
    server.on('sessionError', () => {})
    server.on('stream', (stream, headers) => {
      const method = headers[':method'], path = headers[':path']
      stream.on('error', () => {})
      if (path.startsWith('/fault/within-request/')) return raw.forEach(socket => socket.destroy())
      stream.resume()
      stream.on('end', () => {
        if (path === '/ledger') {
          stream.respond({ ':status': 200 })
          return stream.end(JSON.stringify({ effects, sessions, paths }))
        }
        const fault = path.startsWith('/fault/') && !faulted.has(path) ? path.split('/')[2] : null
        if (fault) faulted.add(path)
        if (fault === 'refused') return stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
        if (method !== 'GET') { effects++; paths[path] = (paths[path] || 0) + 1 }
        if (fault === 'close') return raw.forEach(socket => socket.destroy())
        if (fault === 'goaway') return stream.session.destroy()
        if (fault === 'stream-reset') return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR)
        if (fault === 'within-head') {
          // A status line is the first that a client sees of headers, so: an interim one, and the end.
          stream.additionalHeaders({ ':status': 103 })
          return setTimeout(() => raw.forEach(socket => socket.destroy()), 20)
        }
        if (fault === 'cut') {
          stream.respond({ ':status': 200, 'content-length': '100' })
          stream.write('{"data":[')
          return setTimeout(() => raw.forEach(socket => socket.destroy()), 20)
        }
        stream.respond({ ':status': 200 })
        stream.end('{}')
        if (fault === 'after') setTimeout(() => raw.forEach(socket => socket.destroy()), 5)
      })
    })
    process.stdin.resume()
    process.stdin.on('end', () => process.exit(0))
    server.listen(0, '127.0.0.1', () => console.log(server.address().port))
    """
}
