import Batch
import Decomposition
import Foundation
import FuzzHarness
import MATFiles
import Recordings
import Tables
import UnitNumber

/// Parsers of recordings, scans, discharges and of what the program kept of them.
enum RecordingTargets {
  /// All of them.
  static let all: [FuzzTarget] =
    formats + [model] + walled + [
      target("wfdb") { input, folder in
        let (header, signal) = FuzzTarget.parts(input)
        _ = folder.write("r.dat", signal)
        try read(folder.write("r.hea", header))
      },
      target("sidecars") { input, folder in
        // Tables and JSON beside a small table of samples, as BIDS has them.
        let (channels, rest) = FuzzTarget.parts(input)
        let (electrodes, json) = FuzzTarget.parts(rest)
        _ = folder.write("sub-1_task-a_channels.tsv", channels)
        _ = folder.write("sub-1_task-a_electrodes.tsv", electrodes)
        _ = folder.write("sub-1_task-a_emg.json", json)
        try read(folder.write("sub-1_task-a_emg.bdf", smallBDF))
      },
      target("openhdemg-module") { input, folder in
        // Tables of the sizes that the seeds name stand beside the manifest.
        _ = folder.write("m/.openhdemg_module", [])
        for (name, size) in [
          ("RAW_SIGNAL", 9_600), ("REF_SIGNAL", 2_400), ("ACCURACY", 16), ("IPTS", 4_800),
          ("BINARY_MUS_FIRING", 4_800), ("MUPULSES", 80),
        ] {
          _ = folder.write(
            "m/files/\(name).bin", (0..<size).map { UInt8(truncatingIfNeeded: $0 / 8) })
        }
        try read(folder.write("m/manifest.json", input))
      },
      target("eaf") { input, folder in
        try check(SpikeAnnotations.readEAF(folder.write("a.eaf", input)))
      },
      target("annotations") { input, folder in
        try check(
          SpikeAnnotations.readWFDB(folder.write("a.atr", input), samplingRate: 1000))
      },
      target("deidentify") { input, folder in
        // The first letter tells the kind of file; what comes out is read as the kind it was.
        let kinds = ["edf", "MEM"]
        let kind = kinds[Int(input.first ?? 0) % kinds.count]
        let file = folder.write("in." + kind, input.dropFirst())
        let copy = folder.path("out." + kind)
        folder.remove("out." + kind)
        let place = try OutputPlace(copy, command: "deidentify")
        _ = try Deidentification(days: -30).copy(
          file, to: place, origin: OutputOrigin(version: "1", command: "deidentify"))
        if kind == "edf" { _ = try Recording.open(copy) }
      },
      target("scan") { input, folder in
        try check(CMAPScan.open(URL(fileURLWithPath: folder.write("a.csv", input))))
      },
      target("qtrac") { input, folder in
        try check(CMAPScan.open(URL(fileURLWithPath: folder.write("a.MEM", input))))
      },
      target("manifest") { input, folder in
        _ = try BatchListing(
          manifest: folder.write("m.csv", input), folder: folder.path(""), option: { $0 })
      },
    ]

  /// Files that are read behind the wall.
  ///
  /// The libraries in the child process may fall; what they hand over must be read or refused here. The
  /// child is the program that `MOTORPOOL_BINARY` names.
  private static let walled: [FuzzTarget] = [("mat", "a.mat"), ("nwb", "a.nwb")].map { name, file in
    target(name) { input, folder in
      if MATIsolation.ofThisProcess == nil {
        guard let program = ProcessInfo.processInfo.environment["MOTORPOOL_BINARY"] else {
          fatalError("MOTORPOOL_BINARY names no program")
        }
        MATIsolation.ofThisProcess = MATIsolation(executable: program, arguments: ["read-mat"])
      }
      // What programs that edit trains write states neither unit nor rate.
      try read(
        folder.write(file, input), options: .init(samplingRate: 1_000, unit: .microvolt),
        readers: [MATReader(), NWBReader()])
    }
  }

  /// Formats of one file: name of the target and of the file.
  private static let formats: [FuzzTarget] = [
    ("audio", "a.wav"), ("edf", "a.edf"), ("samples-table", "a.csv"), ("otb", "a.otb+"),
    ("rhd", "a.rhd"), ("c3d", "a.c3d"), ("openhdemg", "a.json"),
    ("npz", "a.npz"),
  ].map { name, file in
    target(name) { input, folder in try read(folder.write(file, input)) }
  }

  static func target(
    _ name: String, _ run: @escaping @Sendable ([UInt8], FuzzFolder) throws -> Void
  ) -> FuzzTarget {
    FuzzTarget(
      name: name,
      kind: { error in
        switch error {
        case is RecordingError, is UnitNumberError, is OutputError: .line
        case is TableError, is BatchError, is DecompositionError: .text
        default: .foreign
        }
      }, run: run)
  }
}

/// What libFuzzer calls before the first input.
@_cdecl("LLVMFuzzerInitialize")
public func initialise(
  _ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer
) -> CInt {
  FuzzHarness.choose(among: RecordingTargets.all)
  return 0
}

/// Where a release build begins.
@_cdecl("motorpool_fuzz_recordings_main")
public func start(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  FuzzHarness.start(count, arguments)
}
