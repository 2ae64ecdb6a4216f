// swift-tools-version: 6.1
import PackageDescription

// The order of the targets is the order of the pipeline (docs/architecture.md); `scripts/check-imports`
// holds the arrows: a target imports only what stands in its `dependencies`.

// `scripts/check` builds with warnings as errors.
let warnings: [SwiftSetting] =
  Context.environment["PARLANCE_WARNINGS_AS_ERRORS"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6)] + warnings

let nio = [
  Target.Dependency.product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
  name: "parlance",
  products: [
    .library(name: "Parlance", targets: ["Parlance"]),
    .executable(name: "parlance", targets: ["CLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2")
  ],
  targets: [
    // System libraries: a module map and a shim each.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CCurl", publicHeadersPath: "include",
      linkerSettings: [
        .linkedLibrary("dl", .when(platforms: [.linux])),
        .linkedLibrary("pthread", .when(platforms: [.linux])),
      ]),

    // The language.
    .target(name: "Stdlib", swiftSettings: strict),
    .target(name: "Diagnostics", swiftSettings: strict),
    .target(name: "JSON", swiftSettings: strict),
    .target(name: "Terminal", swiftSettings: strict),
    .target(name: "Syntax", dependencies: ["Diagnostics"], swiftSettings: strict),
    .target(name: "Bytecode", dependencies: ["Diagnostics"], swiftSettings: strict),
    .target(name: "Compiler", dependencies: ["Diagnostics", "Syntax", "Bytecode"], swiftSettings: strict),
    .target(name: "Machine", dependencies: ["Bytecode", "Diagnostics", "JSON"], swiftSettings: strict),
    .target(
      name: "Builtins", dependencies: ["Machine", "Terminal", "Stdlib", "JSON", "Bytecode"],
      swiftSettings: strict),
    .target(
      name: "Engine",
      dependencies: ["Diagnostics", "Syntax", "Bytecode", "Compiler", "Machine", "Builtins", "Stdlib"],
      swiftSettings: strict),

    // The library product: the language for host programs.
    .target(
      name: "Parlance",
      dependencies: ["Diagnostics", "Syntax", "Bytecode", "Compiler", "Machine", "Engine"],
      swiftSettings: strict),

    // The API.
    .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: strict),
    .target(name: "HTTP", dependencies: ["CCurl", "JSON"], swiftSettings: strict),
    .target(
      name: "Catalogue", dependencies: ["Diagnostics", "Syntax", "Stdlib"], swiftSettings: strict),
    // The declarations beside an official description.
    .target(name: "Drift", dependencies: ["Catalogue", "JSON"], swiftSettings: strict),
    .target(
      name: "Intercom",
      dependencies: [
        "Catalogue", "HTTP", "Engine", "Machine", "Bytecode", "JSON", "Diagnostics", "Syntax", "CZlib",
      ],
      swiftSettings: strict),
    .target(
      name: "Runs",
      dependencies: [
        "Bytecode", "Machine", "Builtins", "Engine", "JSON", "Catalogue", "HTTP", "Intercom", "SQLite",
        "Terminal",
      ],
      swiftSettings: strict),
    .target(
      name: "Sandbox", dependencies: ["Catalogue", "JSON", "SQLite", "CZlib"] + nio,
      swiftSettings: strict),

    // The edges.
    .target(
      name: "REPL", dependencies: ["Terminal", "Syntax", "Diagnostics", "CEdit"], swiftSettings: strict),
    .executableTarget(
      name: "CLI",
      dependencies: [
        "REPL", "Runs", "Sandbox", "Intercom", "Drift", "HTTP", "Catalogue", "Engine", "Builtins", "Compiler",
        "Machine", "Bytecode",
        "Syntax", "Diagnostics", "JSON", "Terminal", "Stdlib",
      ],
      swiftSettings: strict,
      // A folder that scripts/build makes: with the C++ library as an archive the program starts sooner.
      linkerSettings: [
        .unsafeFlags(["-L", ".build/archives"], .when(platforms: [.linux], configuration: .release))
      ]),

    // A shell over a made-up workspace, for the tests on a real terminal; not shipped.
    .executableTarget(
      name: "REPLProbe", dependencies: ["REPL"], path: "Tests/REPLProbe", swiftSettings: strict),

    // A sandbox in a process of its own, for tests that kill or measure it; not shipped.
    .executableTarget(
      name: "SandboxProbe", dependencies: ["Sandbox"], path: "Tests/SandboxProbe", swiftSettings: strict),
    // Runs scripts for scripts/fuzz; not shipped.
    .executableTarget(
      name: "FuzzProbe",
      dependencies: ["Engine", "Compiler", "Machine", "Bytecode", "Syntax", "JSON", "Diagnostics"],
      swiftSettings: strict),

    // What tests share: dice, sandboxes with an engine bound to them, random filters. Not shipped.
    .target(
      name: "TestSupport",
      dependencies: [
        "Intercom", "Sandbox", "Catalogue", "Engine", "HTTP", "JSON", "Machine", "Diagnostics", "Builtins",
      ],
      path: "Tests/Support", swiftSettings: strict),
    // Many random filters beside the plain ones, for scripts/check-exactness; not shipped.
    .executableTarget(
      name: "ExactnessProbe", dependencies: ["TestSupport"], path: "Tests/ExactnessProbe",
      swiftSettings: strict),

    // A server that misbehaves on order, for tests; and a client that is measured. Neither is shipped.
    .target(name: "FaultServer", path: "Tests/FaultServer", swiftSettings: strict),
    .executableTarget(
      name: "ClientProbe", dependencies: ["HTTP"], path: "Tests/ClientProbe", swiftSettings: strict),

    // Tests, a target each.
    .testTarget(
      name: "FuzzTests", dependencies: ["Engine", "Machine", "Diagnostics"], path: "Tests/Fuzz",
      exclude: ["model.py", "mutants.py", "programs.py", "texts.py"], resources: [.copy("corpus")],
      swiftSettings: strict),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: strict),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strict),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: strict),
    .testTarget(
      name: "SyntaxTests", dependencies: ["Diagnostics", "Syntax", "JSON"], resources: [.copy("Fixtures")],
      swiftSettings: strict),
    .testTarget(
      name: "MachineTests", dependencies: ["Machine", "Bytecode", "Diagnostics"], swiftSettings: strict),
    .testTarget(
      name: "EngineTests",
      dependencies: ["Compiler", "Engine", "Builtins", "Machine", "Bytecode", "Diagnostics"],
      swiftSettings: strict),
    .testTarget(name: "ParlanceTests", dependencies: ["Parlance"], swiftSettings: strict),
    .testTarget(name: "SQLiteTests", dependencies: ["SQLite"], swiftSettings: strict),
    .testTarget(name: "HTTPTests", dependencies: ["HTTP", "FaultServer"] + nio, swiftSettings: strict),
    .testTarget(
      name: "CatalogueTests", dependencies: ["Catalogue", "Diagnostics", "Stdlib", "Syntax"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "DriftTests", dependencies: ["Drift", "Catalogue", "JSON", "Stdlib"], swiftSettings: strict),
    .testTarget(
      name: "IntercomTests",
      dependencies: [
        "Intercom", "Sandbox", "Catalogue", "Engine", "HTTP", "JSON", "Machine", "Diagnostics", "Builtins",
        "Bytecode", "Compiler", "FaultServer", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RunsTests",
      dependencies: [
        "Runs", "Sandbox", "Engine", "Intercom", "HTTP", "Machine", "Diagnostics", "JSON", "Catalogue",
        "SQLite", "TestSupport",
      ],
      exclude: ["Settling/settle-cases.tsv"], swiftSettings: strict),
    .testTarget(
      name: "SandboxTests", dependencies: ["Sandbox", "JSON", "Catalogue", "SQLite", "TestSupport"],
      exclude: ["Requests"], swiftSettings: strict),
    .testTarget(name: "REPLTests", dependencies: ["REPL"], swiftSettings: strict),
    .testTarget(
      name: "CLITests",
      dependencies: ["CLI", "HTTP", "JSON", "Diagnostics", "Machine", "Runs", "Sandbox", "Syntax"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
