// swift-tools-version: 6.2
import PackageDescription

// A program for each group of libraries: libFuzzer looks at every counter of its program after each input, so
// that one with all libraries in it tries a third as many. Built with the fuzzer's own `main`: see
// Scripts/fuzz.sh for the flags.
func program(_ name: String, _ libraries: [String]) -> Target {
  .executableTarget(
    name: "motorpool-fuzz-" + name,
    dependencies: ["FuzzHarness"] + libraries.map { .product(name: $0, package: "MotorPool") })
}

let package = Package(
  name: "MotorPoolFuzz",
  // The path's last component differs between clones, so the package is named.
  dependencies: [.package(name: "MotorPool", path: "..")],
  targets: [
    .target(name: "FuzzHarness"),
    program("recordings", ["Recordings", "MATFiles", "UnitNumber", "Batch", "Decomposition"]),
    program("registry", ["Tables", "Registry"]),
    program("results", ["Reports"]),
    program("tables", ["Tables"]),
  ],
  swiftLanguageModes: [.v6]
)
