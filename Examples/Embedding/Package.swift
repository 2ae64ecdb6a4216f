// swift-tools-version: 6.1
import PackageDescription

// A program of its own that runs scripts. `scripts/check-embedding` builds and runs it.
let package = Package(
  name: "Embedding",
  dependencies: [.package(name: "parlance", path: "../..")],
  targets: [
    .executableTarget(name: "Embedding", dependencies: [.product(name: "Parlance", package: "parlance")])
  ]
)
