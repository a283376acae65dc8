import Benchmark
import Foundation
import Progression
import Registry

private let patientCount = 10_000
private let kinds: [MeasurementKind] = [.munix, .cmapAmplitude, .identifiedUnitsMedian]
private let daysPerMonth = 365.25 / 12

/// The registry of the benchmarks, kept between runs: each benchmark is a process of its own, and
/// making it takes far longer than reading it.
private enum BenchmarkRegistry {
  static let shared = Result { try openOrMake() }

  private static func openOrMake() throws -> PatientRegistry {
    let parent = FileManager.default.temporaryDirectory
    let folder = parent.appendingPathComponent("motorpool-benchmark-registry-1")
    if !FileManager.default.fileExists(atPath: folder.path) {
      let draft = parent.appendingPathComponent("motorpool-benchmark-\(UUID().uuidString)")
      try fill(PatientRegistry.open(path: file(draft), author: "benchmark"))
      try FileManager.default.moveItem(at: draft, to: folder)
    }
    return try PatientRegistry.open(path: file(folder), author: "benchmark")
  }

  private static func file(_ folder: URL) -> String {
    folder.appendingPathComponent("registry.sqlite").path
  }
}

/// Stores 10,000 patients, a therapy each, 8 monthly visits, three measures a visit.
private func fill(_ registry: PatientRegistry) throws {
  let subjects = try registry.add(
    (0..<patientCount).map { Subject(pseudonym: "C\($0)", arm: $0 % 2 == 0 ? "A" : "B") })
  _ = try registry.add(
    subjects.map {
      Intervention(subject: $0.id, kind: "drug", startDate: CivilDate(dayNumber: 19_100))
    })
  let visits = try registry.add(
    subjects.flatMap { subject in
      (0..<8).map { month in
        Visit(subject: subject.id, date: CivilDate(dayNumber: 19_000 + 30 * month))
      }
    })
  _ = try registry.add(
    visits.enumerated().flatMap { index, visit in
      let patient = index / 8
      let month = Double(index % 8)
      // Every patient has a level, a slope and a scatter of its own, without random numbers.
      let slope = -0.05 + 0.002 * Double(patient % 31 - 15)
      let scatter = 0.1 * sin(Double(index) * 12.9898)
      let value = exp(4.5 + 0.01 * Double(patient % 97 - 48) + slope * month + scatter)
      return kinds.map {
        Measurement(
          visit: visit.id, kind: $0, value: value, standardError: 0.1 * value,
          muscle: "abductor pollicis brevis", side: .left)
      }
    })
}

/// Months from each patient's first visit, ln values, therapy times: what a comparison fits.
private func table(_ cohort: CohortSeries) throws -> LongitudinalTable {
  let names = Dictionary(uniqueKeysWithValues: cohort.subjects.map { ($0.id, $0.pseudonym) })
  let starts = Dictionary(
    cohort.interventions.map { ($0.subject, $0.startDate.dayNumber) },
    uniquingKeysWith: { first, _ in first })
  var origins: [RecordID: Int] = [:]
  var rows: [LongitudinalTable.Row] = []
  rows.reserveCapacity(cohort.points.count)
  for point in cohort.points {
    let origin = origins[point.subject] ?? point.day
    origins[point.subject] = origin
    rows.append(
      LongitudinalTable.Row(
        subject: names[point.subject] ?? "", time: Double(point.day - origin) / daysPerMonth,
        value: point.value, standardError: point.standardError,
        therapyTime: starts[point.subject].map { Double($0 - origin) / daysPerMonth }))
  }
  return try LongitudinalTable(rows).logTransformed().table
}

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .cpuTotal, .peakMemoryResident], warmupIterations: 1,
    maxDuration: .seconds(20), maxIterations: 10)

  Benchmark("Read three measures, 10,000 patients x 8 visits") { benchmark in
    let registry = try BenchmarkRegistry.shared.get()
    benchmark.startMeasurement()
    blackHole(try registry.cohortSeries(MeasurementFilter(kinds: kinds)))
  }

  Benchmark("Read one measure of three, 10,000 patients x 8 visits") { benchmark in
    let registry = try BenchmarkRegistry.shared.get()
    benchmark.startMeasurement()
    blackHole(try registry.cohortSeries(MeasurementFilter(kinds: [.munix])))
  }

  Benchmark("Compare: read one measure, fit M3 with Kenward-Roger, 10,000 patients") { benchmark in
    let registry = try BenchmarkRegistry.shared.get()
    benchmark.startMeasurement()
    let series = try registry.cohortSeries(MeasurementFilter(kinds: [.munix]))
    blackHole(try MixedModel().fit(table(series)).kenwardRoger().effects)
  }
}
