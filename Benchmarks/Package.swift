// swift-tools-version: 6.2
import PackageDescription

// The path's last component differs between clones, so the package is named.
func motorpool(_ names: String...) -> [Target.Dependency] {
  names.map { .product(name: $0, package: "MotorPool") }
}
let benchmark = Target.Dependency.product(name: "Benchmark", package: "benchmark")
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
/// What every suite of simulated recordings needs.
let suite = motorpool("Signal", "Decomposition", "MotorUnits", "Simulation")
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
    .target(name: "CohortFigures", dependencies: motorpool("Progression")),
    .executableTarget(
      name: "cohort-figures",
      dependencies: ["CohortFigures", arguments] + motorpool("Progression")),
    .executableTarget(name: "change-experiment", dependencies: [arguments] + suite),
    .target(name: "NeedleFigures", dependencies: suite),
    .executableTarget(
      name: "needle-suite",
      dependencies: ["ArrayFigures", "NeedleFigures", arguments] + motorpool("Decomposition")),
    .target(name: "ArrayFigures", dependencies: suite),
    .executableTarget(
      name: "array-suite",
      dependencies: ["ArrayFigures", arguments] + motorpool("Signal", "Decomposition")),
    .executableTarget(
      name: "scale-suite",
      dependencies: [arguments]
        + motorpool("Batch", "Decomposition", "Registry", "Signal", "Tables")),
    .executableTarget(
      name: "SignalCore",
      dependencies: [benchmark]
        + motorpool("Signal", "Decomposition", "Recordings", "Simulation"),
      path: "Benchmarks/SignalCore", plugins: [plugin]),
    .executableTarget(
      name: "NeedleStages",
      dependencies: ["NeedleFigures", benchmark]
        + motorpool("Decomposition", "MotorUnits", "Simulation"),
      path: "Benchmarks/NeedleStages", plugins: [plugin]),
    .executableTarget(
      name: "MixedModels",
      dependencies: ["CohortFigures", benchmark] + motorpool("Progression"),
      path: "Benchmarks/MixedModels", plugins: [plugin]),
    .executableTarget(
      name: "CohortRegistry",
      dependencies: [benchmark] + motorpool("Progression", "Registry"),
      path: "Benchmarks/CohortRegistry", plugins: [plugin]),
  ],
  swiftLanguageModes: [.v6]
)
