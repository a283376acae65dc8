// swift-tools-version: 6.2
import PackageDescription

// The path's last component differs between clones, so the package is named.
func motorpool(_ name: String) -> Target.Dependency { .product(name: name, package: "MotorPool") }
let benchmark = Target.Dependency.product(name: "Benchmark", package: "benchmark")
let plugin = Target.PluginUsage.plugin(name: "BenchmarkPlugin", package: "benchmark")

let package = Package(
  name: "MotorPoolBenchmarks",
  dependencies: [
    .package(name: "MotorPool", path: ".."),
    // Without its traits: they only serve allocation counting, which needs further packages.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .target(name: "CohortFigures", dependencies: [motorpool("Progression")]),
    .executableTarget(
      name: "cohort-figures",
      dependencies: [
        "CohortFigures", motorpool("Progression"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "change-experiment",
      dependencies: [
        motorpool("Signal"), motorpool("Decomposition"), motorpool("MotorUnits"),
        motorpool("Simulation"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "NeedleFigures",
      dependencies: [
        motorpool("Signal"), motorpool("Decomposition"), motorpool("MotorUnits"),
        motorpool("Simulation"),
      ]),
    .executableTarget(
      name: "needle-suite",
      dependencies: [
        "NeedleFigures", motorpool("Decomposition"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "ArrayFigures",
      dependencies: [
        motorpool("Signal"), motorpool("Decomposition"), motorpool("MotorUnits"),
        motorpool("Simulation"),
      ]),
    .executableTarget(
      name: "array-suite",
      dependencies: [
        "ArrayFigures", motorpool("Signal"), motorpool("Decomposition"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "SignalCore",
      dependencies: [
        benchmark, motorpool("Signal"), motorpool("Decomposition"), motorpool("Recordings"),
        motorpool("Simulation"),
      ],
      path: "Benchmarks/SignalCore", plugins: [plugin]),
    .executableTarget(
      name: "NeedleStages",
      dependencies: [
        benchmark, "NeedleFigures", motorpool("Decomposition"), motorpool("MotorUnits"),
        motorpool("Simulation"),
      ],
      path: "Benchmarks/NeedleStages", plugins: [plugin]),
    .executableTarget(
      name: "MixedModels",
      dependencies: [benchmark, "CohortFigures", motorpool("Progression")],
      path: "Benchmarks/MixedModels", plugins: [plugin]),
    .executableTarget(
      name: "CohortRegistry",
      dependencies: [benchmark, motorpool("Progression"), motorpool("Registry")],
      path: "Benchmarks/CohortRegistry", plugins: [plugin]),
  ],
  swiftLanguageModes: [.v6]
)
