// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "MotorPoolBenchmarks",
  dependencies: [
    .package(path: ".."),
    // Without its traits: they only serve allocation counting, which needs further packages.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "SignalCore",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "Signal", package: "motorpool"),
        .product(name: "Decomposition", package: "motorpool"),
        .product(name: "Recordings", package: "motorpool"),
        .product(name: "Simulation", package: "motorpool"),
      ],
      path: "Benchmarks/SignalCore",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)
