import Foundation
import FuzzHarness
import Registry

extension RegistryTargets {
  /// A registry with bytes changed.
  static let damaged = target("registry") { input, folder in
    for end in ["", "-wal", "-shm"] { folder.remove("r.sqlite" + end) }
    let path = folder.write("r.sqlite", changed(registryFile, by: input))
    let registry = try PatientRegistry.open(path: path, createIfMissing: false)
    let report = try registry.check()
    for finding in report.findings { FuzzError.checkText(finding) }
    for subject in try registry.subjects() {
      _ = try registry.visits(subject: subject.id)
      _ = try registry.series(kind: .munix, subject: subject.id)
    }
  }

  /// A file with some bytes replaced: four bytes of the input tell a place, the fifth the new byte.
  private static func changed(_ file: [UInt8], by input: [UInt8]) -> [UInt8] {
    var file = file
    for start in stride(from: 0, to: input.count - 4, by: 5) {
      let place = input[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      file[place % file.count] = input[start + 4]
    }
    return file
  }

  /// A small registry with something in every table that a command fills.
  private static let registryFile: [UInt8] = {
    let folder = FuzzFolder.shared
    let path = folder.path("seed.sqlite")
    do {
      let registry = try PatientRegistry.open(path: path, author: "fuzz")
      for number in 1...3 {
        let subject = try registry.addSubject(pseudonym: "P\(number)")
        for month in 0..<3 {
          let visit = try registry.addVisit(
            subject: subject.id, date: CivilDate(dayNumber: 19_000 + 30 * month))
          _ = try registry.addMeasurements([
            Registry.Measurement(visit: visit.id, kind: .munix, value: Double(100 - month))
          ])
        }
        _ = try registry.addIntervention(
          subject: subject.id, kind: "drug", startDate: CivilDate(dayNumber: 19_030))
      }
      let copy = folder.path("copy.sqlite")
      _ = try registry.backup(to: copy)
      return Array(try Data(contentsOf: URL(fileURLWithPath: copy)))
    } catch {
      fatalError("the registry to be damaged cannot be made: \(error)")
    }
  }()
}
