import Foundation
import TestSupport
import Testing

@testable import Registry

@Suite struct SeriesQueryTests {
  /// A registry of many subjects with eight monthly visits and three measures each.
  static func addCohort(_ registry: PatientRegistry, subjects: Int) throws {
    try registry.write { writer in
      for number in 0..<subjects {
        let subject = try writer.add(
          Subject(pseudonym: "C\(number)", arm: number % 2 == 0 ? "A" : "B"))
        _ = try writer.add(
          Intervention(
            subject: subject.id, kind: "drug", startDate: CivilDate(dayNumber: 19_100)))
        for month in 0..<8 {
          let visit = try writer.add(
            Visit(
              subject: subject.id, date: CivilDate(dayNumber: 19_000 + 30 * month),
              nominal: "month \(month)"))
          for kind in [MeasurementKind.munix, .cmapAmplitude, .identifiedUnitsMedian] {
            _ = try writer.add(
              Measurement(
                visit: visit.id, kind: kind, value: Double(number % 97 + month),
                standardError: 0.5, muscle: "abductor pollicis brevis", side: .left))
          }
        }
      }
    }
  }

  @Test func aLargeCohortIsReadWhole() throws {
    let temporary = try TemporaryRegistry()
    let count = TestTier.isLong ? 10_000 : 300
    try Self.addCohort(temporary.registry, subjects: count)
    let kinds: [MeasurementKind] = [.munix, .cmapAmplitude, .identifiedUnitsMedian]
    let series = try temporary.registry.cohortSeries(MeasurementFilter(kinds: kinds))
    #expect(series.points.count == count * 24)
    #expect(series.subjects.count == count)
    #expect(series.interventions.count == count)
    let one = try temporary.registry.cohortSeries(MeasurementFilter(kinds: [.munix]))
    #expect(one.points.count == count * 8)
  }

  @Test func filtersSelect() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let subject = try registry.addSubject(pseudonym: "P01")
    let other = try registry.addSubject(pseudonym: "P02")
    let late = try registry.addVisit(subject: subject.id, date: try day("2026-03-01"))
    let early = try registry.addVisit(subject: subject.id, date: try day("2026-02-01"))
    let foreign = try registry.addVisit(subject: other.id, date: try day("2026-02-01"))
    try registry.addVisit(subject: subject.id, date: nil, status: .missed, missingReason: "ill")
    try registry.addMeasurements([
      Measurement(visit: late.id, kind: .munix, value: 90, muscle: "APB", side: .left),
      Measurement(visit: early.id, kind: .munix, value: 100, muscle: "APB", side: .left),
      Measurement(visit: early.id, kind: .munix, value: 80, muscle: "ADM", side: .right),
      Measurement(visit: early.id, kind: .musix, value: 50, muscle: "APB", side: .left),
      Measurement(
        visit: foreign.id, kind: .munix, value: 70, censoring: .below, quality: .warn,
        replicate: 2, muscle: "APB", side: .left, conditions: ["force": "20"]),
    ])
    func values(_ muscle: String?, _ side: BodySide?) throws -> [Double] {
      try registry.series(kind: .munix, subject: subject.id, muscle: muscle, side: side)
        .map(\.value)
    }
    #expect(try values(nil, nil) == [100, 80, 90])
    #expect(try values("abductor pollicis brevis", nil) == [100, 90])
    #expect(try values("apb", .right) == [])
    #expect(try values(nil, .right) == [80])
    let cohort = try registry.cohortSeries(MeasurementFilter(kinds: [.munix], muscle: "APB"))
    #expect(cohort.points.map(\.value) == [100, 90, 70])
    #expect(cohort.points.last?.censoring == .below && cohort.points.last?.replicate == 2)
    #expect(cohort.points.last?.quality == .warn)
    #expect(cohort.points.last?.conditions == ["force": "20"])
    #expect(try registry.measurements().count == 5)
    #expect(try registry.measurements(kind: .musix).map(\.value) == [50])
    let counts = try registry.kindCounts()
    #expect(counts.map(\.kind.id) == ["munix", "musix"] && counts.map(\.count) == [4, 1])
    #expect(try registry.cohortSeries(MeasurementFilter()).points.count == 5)
  }

  @Test func theLastRunOfAMethodCounts() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let recording = try temporary.addRecording()
    var runs: [StoredRun] = []
    for (method, value) in [("decompose", 10.0), ("decompose", 12.0), ("other", 99.0)] {
      runs.append(
        try registry.addRun(
          AnalysisRun(recording: recording.id, method: method, softwareVersion: "1"),
          measurements: [Measurement(kind: .identifiedUnitsMaximum, value: value)]))
    }
    let subject = try registry.subject(pseudonym: "P01").id
    func values(_ earlier: Bool) throws -> [Double] {
      try registry.cohortSeries(
        MeasurementFilter(
          kinds: [.identifiedUnitsMaximum], subject: subject, includesEarlierRuns: earlier)
      ).points.map(\.value)
    }
    #expect(try values(false) == [12, 99])
    #expect(try values(true) == [10, 12, 99])
    try registry.retract(runs[1].run, reason: "wrong parameters")
    #expect(try values(false) == [10, 99])
  }

  @Test func outcomesAreSeriesToo() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let subject = try registry.addSubject(pseudonym: "P01")
    for (month, speech) in [(1, 4.0), (2, 3.0), (3, 3.0)] {
      let visit = try registry.addVisit(
        subject: subject.id, date: CivilDate(year: 2026, month: month, day: 1))
      var items = Dictionary(
        uniqueKeysWithValues: MeasurementKind.alsfrsItemNames.map { ($0, 3.0) })
      items["speech"] = speech
      if month == 3 { items["walking"] = nil }
      try registry.addOutcome(.alsfrs(visit: visit.id, items: items))
      try registry.addOutcome(.slowVitalCapacity(visit: visit.id, percent: 90 - Double(month)))
    }
    func values(_ kind: MeasurementKind) throws -> [Double] {
      try registry.series(kind: kind, subject: subject.id).map(\.value)
    }
    #expect(try values(.alsfrsTotal) == [37, 36])
    #expect(try values(.alsfrsItem("speech")) == [4, 3, 3])
    #expect(try values(.alsfrsItem("respiratory-insufficiency")) == [3, 3, 3])
    #expect(try values(.alsfrsItem("walking")) == [3, 3])
    #expect(try values(.slowVitalCapacity) == [89, 88, 87])
    #expect(try values(.slowVitalCapacityLitres) == [])
    let visit = try #require(try registry.visits(subject: subject.id).first)
    #expect(throws: RegistryError.self) {
      try registry.addMeasurements([Measurement(visit: visit.id, kind: .alsfrsTotal, value: 40)])
    }
  }
}
