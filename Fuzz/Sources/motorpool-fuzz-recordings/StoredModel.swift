import Decomposition
import Foundation
import Registry
import Reports

extension FuzzTarget {
  /// Files that the program itself wrote and reads again.
  static let stored: [FuzzTarget] = [
    FuzzTarget(name: "results") { input, _ in
      let export = try DecompositionExport.reading(unitsJSON: Data(input), name: "units.json")
      for unit in export.units { precondition(unit.samples.count == unit.times.count, "times") }
      // Written and read again, it is the same.
      let again = try DecompositionExport.reading(
        unitsJSON: Data(export.unitsJSON().utf8), name: "again")
      precondition(again.units.map(\.times) == export.units.map(\.times), "times")
    },
    FuzzTarget(name: "model") { input, _ in
      let model = try SeparationModel(decoding: modelFile(header: input))
      for unit in model.units { precondition(unit.dischargeCount >= 0, "count") }
      _ = try model.encoded()
    },
    FuzzTarget(name: "registry") { input, folder in
      for end in ["", "-wal", "-shm"] { folder.remove("r.sqlite" + end) }
      let path = folder.write("r.sqlite", changed(registryFile, by: input))
      let registry = try PatientRegistry.open(path: path, createIfMissing: false)
      let report = try registry.check()
      for finding in report.findings { FuzzError.checkText(finding) }
      for subject in try registry.subjects() {
        _ = try registry.visits(subject: subject.id)
        _ = try registry.series(kind: .munix, subject: subject.id)
      }
    },
  ]

  /// A model file around a header, its checksum right, so that what is inside is read.
  private static func modelFile(header: [UInt8]) -> Data {
    var body: [UInt8] = []
    for index in 0..<8 { body.append(UInt8(truncatingIfNeeded: header.count >> (8 * index))) }
    body += header
    body += [UInt8](repeating: 0, count: 1 << 15)
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in body {
      checksum ^= UInt32(byte)
      for _ in 0..<8 {
        checksum = checksum & 1 == 1 ? 0xEDB8_8320 ^ (checksum >> 1) : checksum >> 1
      }
    }
    checksum = ~checksum
    var file = Array("MPFILTER".utf8)
    for word in [UInt32(SeparationModel.formatVersion), checksum] {
      for index in 0..<4 { file.append(UInt8(truncatingIfNeeded: word >> (8 * UInt32(index)))) }
    }
    return Data(file + body)
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
