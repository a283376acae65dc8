import Batch
import Foundation
import MATFiles
import Recordings
import Registry
import Tables
import UnitNumber

/// One parser with what is asked of its values.
struct FuzzTarget: Sendable {
  let name: String
  let run: @Sendable ([UInt8], FuzzFolder) throws -> Void

  /// The target that the environment names.
  static let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["MOTORPOOL_FUZZ"] ?? ""
    guard let target = all.first(where: { $0.name == name }) else {
      let names = all.map(\.name).joined(separator: " ")
      FileHandle.standardError.write(Data("MOTORPOOL_FUZZ is one of: \(names)\n".utf8))
      exit(64)
    }
    return target
  }()

  /// All of them; each has its seeds in `Seeds/NAME`.
  static let all: [FuzzTarget] =
    recordings + stored + walled + [
      FuzzTarget(name: "wfdb") { input, folder in
        let (header, signal) = parts(input)
        _ = folder.write("r.dat", signal)
        try read(folder.write("r.hea", header))
      },
      FuzzTarget(name: "sidecars") { input, folder in
        // Tables and JSON beside a small table of samples, as BIDS has them.
        let (channels, rest) = parts(input)
        let (electrodes, json) = parts(rest)
        _ = folder.write("sub-1_task-a_channels.tsv", channels)
        _ = folder.write("sub-1_task-a_electrodes.tsv", electrodes)
        _ = folder.write("sub-1_task-a_emg.json", json)
        try read(folder.write("sub-1_task-a_emg.bdf", smallBDF))
      },
      FuzzTarget(name: "openhdemg-module") { input, folder in
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
      FuzzTarget(name: "eaf") { input, folder in
        try check(SpikeAnnotations.readEAF(folder.write("a.eaf", input)))
      },
      FuzzTarget(name: "annotations") { input, folder in
        try check(
          SpikeAnnotations.readWFDB(folder.write("a.atr", input), samplingRate: 1000))
      },
      FuzzTarget(name: "deidentify") { input, folder in
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
      FuzzTarget(name: "scan") { input, folder in
        try check(CMAPScan.open(URL(fileURLWithPath: folder.write("a.csv", input))))
      },
      FuzzTarget(name: "qtrac") { input, folder in
        try check(CMAPScan.open(URL(fileURLWithPath: folder.write("a.MEM", input))))
      },
      FuzzTarget(name: "tables") { input, _ in
        let table = try DelimitedTable(data: Data(input), source: "a.csv")
        for row in table.rows { precondition(row.cells.count == table.header.count, "row") }
        // Written and read again, a table is the same.
        let again = try DelimitedTable(text: table.text(), source: "again", separator: ",")
        precondition(again.header == table.header, "header \(table.header) \(again.header)")
        precondition(again.rows.map(\.cells) == table.rows.map(\.cells), "cells")
      },
      FuzzTarget(name: "import") { input, _ in try readRecords(input, layout: nil) },
      FuzzTarget(name: "redcap") { input, _ in try readRecords(input, layout: .redcap) },
      FuzzTarget(name: "fhir") { input, _ in
        let bundle = try FHIRImport(data: Data(input), source: "a.json")
        for problem in bundle.problems { FuzzError.checkText("\(problem)") }
        let text = try FHIRBundle.text(bundle.document)
        _ = try FHIRImport(data: Data(text.utf8), source: "again.json")
      },
      FuzzTarget(name: "profile") { input, folder in
        let profile = try ImportProfile.load(path: folder.write("p.json", input))
        let table = try DelimitedTable(
          text: "subject,date,value\nP1,2026-01-02,3\n", source: "a.csv")
        _ = try TableImport(table, profile: profile)
      },
      FuzzTarget(name: "bids-records") { input, _ in
        let (participants, rest) = parts(input)
        let (sessions, phenotype) = parts(rest)
        let read = try BIDSImport(files: [
          "participants.tsv": Data(participants), "sub-P1/sub-P1_sessions.tsv": Data(sessions),
          "phenotype/measurements.tsv": Data(phenotype),
        ])
        for problem in read.problems { FuzzError.checkText("\(problem)") }
      },
      FuzzTarget(name: "seal") { input, _ in
        _ = try RegistrySeal(text: String(decoding: input, as: UTF8.self), source: "a.seal")
      },
      FuzzTarget(name: "manifest") { input, folder in
        _ = try BatchListing(manifest: folder.write("m.csv", input), folder: folder.path(""))
      },
    ]

  /// Files that are read behind the wall.
  ///
  /// The libraries in the child process may fall; what they hand over must be read or refused here. The
  /// child is the program that `MOTORPOOL_BINARY` names.
  private static let walled: [FuzzTarget] = [("mat", "a.mat"), ("nwb", "a.nwb")].map { name, file in
    FuzzTarget(name: name) { input, folder in
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
  private static let recordings: [FuzzTarget] = [
    ("audio", "a.wav"), ("edf", "a.edf"), ("samples-table", "a.csv"), ("otb", "a.otb+"),
    ("rhd", "a.rhd"), ("c3d", "a.c3d"), ("openhdemg", "a.json"),
    ("npz", "a.npz"),
  ].map { name, file in
    FuzzTarget(name: name) { input, folder in try read(folder.write(file, input)) }
  }
}
