// swift-tools-version: 6.1
import PackageDescription

// The order of the targets is the order of the pipeline (docs/architecture.md); `scripts/check-imports`
// holds the arrows: a target imports only what stands in its `dependencies`.

// `scripts/check` builds with warnings as errors.
let warnings: [SwiftSetting] =
  Context.environment["PARLANCE_WARNINGS_AS_ERRORS"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6)] + warnings
// The machine's loop lives by these: no exclusivity checks (one owner, checked in debug builds by tests).
let machine: [SwiftSetting] = strict + [.unsafeFlags(["-Ounchecked"], .when(configuration: .release))]

let nio = [
  Target.Dependency.product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
  name: "parlance",
  products: [
    .library(name: "Parlance", targets: ["Engine"]),
    .executable(name: "parlance", targets: ["CLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
  ],
  targets: [
    // System libraries: a module map and a shim each.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CCurl", publicHeadersPath: "include"),

    // The language.
    .target(name: "Diagnostics", swiftSettings: strict),
    .target(name: "JSON", swiftSettings: strict),
    .target(name: "Terminal", swiftSettings: strict),
    .target(name: "Syntax", dependencies: ["Diagnostics"], swiftSettings: strict),
    .target(name: "Bytecode", dependencies: ["Diagnostics"], swiftSettings: strict),
    .target(name: "Compiler", dependencies: ["Syntax", "Bytecode"], swiftSettings: strict),
    .target(name: "Machine", dependencies: ["Bytecode", "JSON"], swiftSettings: strict),
    .target(name: "Builtins", dependencies: ["Machine", "Terminal"], swiftSettings: strict),
    .target(name: "Engine", dependencies: ["Compiler", "Machine", "Builtins"], swiftSettings: strict),

    // The API.
    .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: strict),
    .target(name: "HTTP", dependencies: ["CCurl"], swiftSettings: strict),
    .target(name: "Catalogue", dependencies: ["Syntax"], swiftSettings: strict),
    .target(
      name: "Intercom", dependencies: ["Catalogue", "HTTP", "Engine"], swiftSettings: strict),
    .target(
      name: "Runs", dependencies: ["Intercom", "SQLite", "Terminal"], swiftSettings: strict),
    .target(
      name: "Sandbox", dependencies: ["Catalogue", "JSON", "SQLite", "CZlib"] + nio,
      swiftSettings: strict),

    // The edges.
    .target(name: "REPL", dependencies: ["Engine", "CEdit", "Terminal"], swiftSettings: strict),
    .executableTarget(
      name: "CLI",
      dependencies: [
        "REPL", "Runs", "Sandbox",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Tests, a target each.
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: strict),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strict),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: strict),
    .testTarget(
      name: "SyntaxTests", dependencies: ["Syntax", "JSON"], resources: [.copy("Fixtures")],
      swiftSettings: strict),
    .testTarget(name: "MachineTests", dependencies: ["Machine"], swiftSettings: strict),
    .testTarget(name: "EngineTests", dependencies: ["Engine"], swiftSettings: strict),
    .testTarget(name: "SQLiteTests", dependencies: ["SQLite"], swiftSettings: strict),
    .testTarget(name: "HTTPTests", dependencies: ["HTTP"] + nio, swiftSettings: strict),
    .testTarget(name: "CatalogueTests", dependencies: ["Catalogue"], swiftSettings: strict),
    .testTarget(
      name: "IntercomTests", dependencies: ["Intercom", "Sandbox"], swiftSettings: strict),
    .testTarget(name: "RunsTests", dependencies: ["Runs", "Sandbox"], swiftSettings: strict),
    .testTarget(name: "SandboxTests", dependencies: ["Sandbox", "JSON"], swiftSettings: strict),
    .testTarget(name: "REPLTests", dependencies: ["REPL"], swiftSettings: strict),
    .testTarget(
      name: "CLITests", dependencies: ["CLI", "JSON"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
