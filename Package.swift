// swift-tools-version: 6.2
import PackageDescription

let numerics = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

// The viewer brings a web server, which takes minutes to build: it is left out of the builds of
// the core and comes in with MOTORPOOL_VIEWER=1 (`make viewer`, `make test-viewer`).
let buildsViewer = Context.environment["MOTORPOOL_VIEWER"] == "1"

// The commit, for `motorpool --version`; packages are built from an export without git and state it.
let commit: String = {
  if let stated = Context.environment["MOTORPOOL_COMMIT"] { return stated }
  guard let git = Context.gitInformation else { return "" }
  return git.currentCommit.prefix(12) + (git.hasUncommittedChanges ? "+" : "")
}()

let package = Package(
  name: "MotorPool",
  products: [
    .executable(name: "motorpool", targets: ["motorpool"]),
    .library(name: "Hashing", targets: ["Hashing"]),
    .library(name: "Tables", targets: ["Tables"]),
    .library(name: "Signal", targets: ["Signal"]),
    .library(name: "Recordings", targets: ["Recordings"]),
    .library(name: "MATFiles", targets: ["MATFiles"]),
    .library(name: "Decomposition", targets: ["Decomposition"]),
    .library(name: "MotorUnits", targets: ["MotorUnits"]),
    .library(name: "Simulation", targets: ["Simulation"]),
    .library(name: "Progression", targets: ["Progression"]),
    .library(name: "Batch", targets: ["Batch"]),
    .library(name: "Registry", targets: ["Registry"]),
    .library(name: "Reports", targets: ["Reports"]),
    .library(name: "UnitNumber", targets: ["UnitNumber"]),
    .library(name: "Analyses", targets: ["Analyses"]),
    .library(name: "FollowUp", targets: ["FollowUp"]),
    .library(name: "MethodComparison", targets: ["MethodComparison"]),
    .executable(name: "train-cmap-scan", targets: ["train-cmap-scan"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CKernels"),
    .target(name: "CBuild", cSettings: [.define("MOTORPOOL_COMMIT", to: "\"\(commit)\"")]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(name: "CMatio", pkgConfig: "matio", providers: [.apt(["libmatio-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),

    .target(name: "Hashing", dependencies: ["COpenSSL"]),
    .target(name: "Tables"),
    .target(
      name: "Signal", dependencies: ["CKernels", "CFFTW", "COpenBLAS", "CLAPACKE", numerics]),
    .target(name: "Recordings", dependencies: ["CSndfile", "CZlib", "Hashing", "Tables"]),
    .target(name: "Progression", dependencies: [numerics]),

    .target(name: "MATFiles", dependencies: ["CHDF5", "CMatio", "Recordings"]),
    .target(name: "Decomposition", dependencies: ["Signal", numerics]),

    .target(name: "MotorUnits", dependencies: ["Decomposition", "Signal", numerics]),
    .target(
      name: "UnitNumber", dependencies: ["Signal", "Tables"],
      resources: [
        .copy("Resources/cmap-scan-weights.bin"), .embedInCode("Norms/norms.csv"),
      ]),
    .target(name: "Simulation", dependencies: ["Signal", "Recordings"]),

    .target(name: "Batch", dependencies: ["Hashing", "Recordings", "Signal", "Tables", "Reports"]),
    .target(name: "Registry", dependencies: ["Hashing", "Tables", grdb]),
    .target(name: "Reports"),

    .target(
      name: "Analyses",
      dependencies: [
        "CBuild", "Tables", "Signal", "Recordings", "MATFiles", "Decomposition", "UnitNumber",
        "Simulation", "MotorUnits", "MethodComparison", "Reports",
      ]),

    .target(
      name: "FollowUp",
      dependencies: [
        "Analyses", "Tables", "Signal", "Recordings", "Decomposition", "UnitNumber", "MotorUnits",
        "Simulation", "Progression", "Registry", "Reports",
      ]),
    .target(name: "MethodComparison", dependencies: ["Simulation", "UnitNumber", "Signal"]),

    .target(
      name: "Terminal",
      dependencies: [
        "CMalloc", "Tables", "Signal", "Recordings", "Decomposition", "Simulation", "Progression",
        "Registry", "Reports", "UnitNumber", "Batch", "Analyses", "FollowUp",
      ]),

    .executableTarget(
      name: "motorpool",
      dependencies: [
        "Tables", "Signal", "Recordings", "MATFiles", "Decomposition", "MotorUnits", "Simulation",
        "Progression", "Registry", "Reports", "UnitNumber", "Analyses", "FollowUp",
        "MethodComparison", "Batch", "Terminal", arguments,
      ]),
    .executableTarget(
      name: "train-cmap-scan", dependencies: ["UnitNumber", "Signal", "Simulation", arguments]),

    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "HashingTests", dependencies: ["Hashing"]),
    .testTarget(name: "TablesTests", dependencies: ["Tables"]),
    .testTarget(name: "SignalTests", dependencies: ["Signal", "TestSupport"]),
    .testTarget(name: "RecordingsTests", dependencies: ["Recordings", "TestSupport"]),
    .testTarget(
      name: "MATFilesTests", dependencies: ["MATFiles", "Recordings", "TestSupport"]),
    .testTarget(
      name: "DecompositionTests",
      dependencies: ["Decomposition", "Signal", "Simulation", "TestSupport"]),
    .testTarget(
      name: "MotorUnitsTests",
      dependencies: ["MotorUnits", "Decomposition", "Signal", "Simulation", "TestSupport"]),
    .testTarget(
      name: "UnitNumberTests", dependencies: ["UnitNumber", "Signal", "Tables", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Signal", "TestSupport"]),
    .testTarget(name: "ProgressionTests", dependencies: ["Progression", "TestSupport"]),
    .testTarget(
      name: "RegistryTests", dependencies: ["Registry", "Tables", "TestSupport", grdb]),
    .testTarget(
      name: "BatchTests", dependencies: ["Batch", "Recordings", "Signal", "TestSupport"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "TestSupport"]),
    .testTarget(
      name: "AnalysesTests",
      dependencies: [
        "Analyses", "Decomposition", "MethodComparison", "MotorUnits", "Recordings", "Signal",
        "Simulation", "TestSupport", "UnitNumber",
      ]),
    .testTarget(
      name: "FollowUpTests",
      dependencies: [
        "FollowUp", "Analyses", "Decomposition", "MotorUnits", "Progression", "Recordings",
        "Registry", "Simulation", "TestSupport", "UnitNumber",
      ]),
    .testTarget(
      name: "TerminalTests",
      dependencies: [
        "Terminal", "Analyses", "Batch", "FollowUp", "Recordings", "Registry", "TestSupport",
      ]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "motorpool", "Analyses", "Decomposition", "MATFiles", "Recordings", "Signal", "Simulation",
        "TestSupport",
      ],
      exclude: ["Snapshots"]),
  ],
  swiftLanguageModes: [.v6]
)

if buildsViewer {
  let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
  package.dependencies += [
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ]
  package.products += [
    .library(name: "Viewer", targets: ["Viewer"]),
    .executable(name: "motorpool-viewer", targets: ["motorpool-viewer"]),
  ]
  package.targets += [
    .target(
      name: "Viewer",
      dependencies: [
        "Analyses", "Signal", "Recordings", "MATFiles", "Decomposition", "MotorUnits", "UnitNumber",
        "Progression", "Registry", "Reports", "FollowUp", hummingbird,
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ], resources: [.copy("Assets")]),
    .executableTarget(
      name: "motorpool-viewer", dependencies: ["MATFiles", "Terminal", "Viewer"]),
    .testTarget(
      name: "ViewerTests",
      dependencies: [
        "Viewer", "Decomposition", "Recordings", "Registry", "Signal", "FollowUp", "UnitNumber",
        "TestSupport", hummingbird,
      ],
      exclude: ["Browser"]),
  ]
}

// The sanitizers look at the core alone; building the rest with them takes minutes and tells nothing.
if Context.environment["MOTORPOOL_CORE"] == "1" {
  let core: Set = [
    "CFFTW", "CSndfile", "CZlib", "CKernels", "COpenBLAS", "CLAPACKE", "COpenSSL", "Hashing",
    "Tables", "Signal",
    "Recordings", "Decomposition", "Simulation", "TestSupport", "SignalTests", "RecordingsTests",
    "DecompositionTests",
  ]
  package.products.removeAll { !core.contains($0.name) }
  package.targets.removeAll { !core.contains($0.name) }
}

// Only the documentation needs its tool (`make docs`).
if Context.environment["MOTORPOOL_DOCS"] == "1" {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

// Tests of the numerics take minutes without optimisation: `make test` compiles these targets with
// it. Checks of overflow and bounds stay; a plain `swift build` is a plain debug build.
if Context.environment["MOTORPOOL_FAST_TESTS"] == "1" {
  let numeric: Set = [
    "Signal", "Recordings", "Progression", "Decomposition", "MotorUnits", "UnitNumber",
    "Simulation",
  ]
  for target in package.targets where numeric.contains(target.name) {
    target.swiftSettings =
      (target.swiftSettings ?? []) + [
        .unsafeFlags(
          ["-O", "-whole-module-optimization", "-num-threads", "2"], .when(configuration: .debug))
      ]
  }
}
