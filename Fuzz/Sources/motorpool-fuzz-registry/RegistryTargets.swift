import Foundation
import FuzzHarness
import Registry
import Tables

/// Parsers of what goes into a registry, and of registries.
enum RegistryTargets {
  /// All of them.
  static let all: [FuzzTarget] = [
    target("import") { input, _ in try readRecords(input, layout: nil) },
    target("redcap") { input, _ in try readRecords(input, layout: .redcap) },
    target("fhir") { input, _ in
      let bundle = try FHIRImport(data: Data(input), source: "a.json")
      for problem in bundle.problems { FuzzError.checkText("\(problem)") }
      let text = try FHIRBundle.text(bundle.document)
      _ = try FHIRImport(data: Data(text.utf8), source: "again.json")
    },
    target("profile") { input, folder in
      let profile = try ImportProfile.load(path: folder.write("p.json", input))
      let table = try DelimitedTable(
        text: "subject,date,value\nP1,2026-01-02,3\n", source: "a.csv")
      _ = try TableImport(table, profile: profile)
    },
    target("bids-records") { input, _ in
      let (participants, rest) = FuzzTarget.parts(input)
      let (sessions, phenotype) = FuzzTarget.parts(rest)
      let read = try BIDSImport(files: [
        "participants.tsv": Data(participants), "sub-P1/sub-P1_sessions.tsv": Data(sessions),
        "phenotype/measurements.tsv": Data(phenotype),
      ])
      for problem in read.problems { FuzzError.checkText("\(problem)") }
    },
    target("seal") { input, _ in
      _ = try RegistrySeal(text: String(decoding: input, as: UTF8.self), source: "a.seal")
    },
    damaged,
  ]

  static func target(
    _ name: String, _ run: @escaping @Sendable ([UInt8], FuzzFolder) throws -> Void
  ) -> FuzzTarget {
    FuzzTarget(
      name: name, kind: { $0 is TableError || $0 is RegistryError ? .text : .foreign }, run: run)
  }

  /// Reads a table of records as `import` does.
  private static func readRecords(_ input: [UInt8], layout: ImportProfile.Layout?) throws {
    let table = try DelimitedTable(data: Data(input), source: "a.csv")
    _ = ImportProfile.guess(table: table).ambiguousDate(in: table)
    let profile = ImportProfile.guess(header: table.header, layout: layout)
    let records = try TableImport(table, profile: profile)
    for problem in records.problems { FuzzError.checkText("\(problem)") }
    for subject in records.document.subjects {
      _ = try Pseudonym.validated(subject.pseudonym)
    }
  }
}

/// What libFuzzer calls before the first input.
@_cdecl("LLVMFuzzerInitialize")
public func initialise(
  _ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer
) -> CInt {
  FuzzHarness.choose(among: RegistryTargets.all)
  return 0
}

/// Where a release build begins.
@_cdecl("motorpool_fuzz_registry_main")
public func start(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  FuzzHarness.start(count, arguments)
}
