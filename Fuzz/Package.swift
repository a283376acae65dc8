// swift-tools-version: 6.2
import PackageDescription

// Built with the fuzzer's own `main`: see Scripts/fuzz.sh for the flags.
let package = Package(
  name: "MotorPoolFuzz",
  // The path's last component differs between clones, so the package is named.
  dependencies: [.package(name: "MotorPool", path: "..")],
  targets: [
    .executableTarget(
      name: "motorpool-fuzz",
      dependencies: [
        "Tables", "Recordings", "MATFiles", "UnitNumber", "Registry", "Batch", "Decomposition",
        "Reports",
      ].map { .product(name: $0, package: "MotorPool") })
  ],
  swiftLanguageModes: [.v6]
)
