import Foundation
import MotorUnits
import Signal

/// One course of one muscle, or visits of several muscles, with its evidence and truth.
struct CoursePatient {
  /// Name of the course.
  let course: String
  /// What lived at each visit: visits of one number have the same units.
  let stages: [Int]
  let records: [VisitRecord]
  let evidence: VisitEvidence

  /// Visits of two muscles as if of one: three of the one and two of the other.
  static let mixed = "two muscles"
  /// Visits of muscles of which no two are the same.
  static let foreign = "other muscle at each visit"

  /// Names of all courses in the order of tables.
  static var courses: [String] { VisitCourse.allCases.map(\.rawValue) + [mixed, foreign] }

  /// The recorded courses of some muscles, and mixtures of the undamaged visits of each two or more.
  static func all(_ folder: VisitFolder, _ muscles: MuscleArguments) throws -> [CoursePatient] {
    var result: [CoursePatient] = []
    try ExperimentMuscles.forEach(muscles.from..<muscles.upTo) { simulator, number in
      for course in VisitCourse.allCases {
        guard let records = folder.visits(simulator, number, course) else { continue }
        let shares = records.indices.map { course.lostShare($0) }
        result.append(
          CoursePatient(
            course: course.rawValue,
            stages: shares.map { share in shares.firstIndex(of: share) ?? 0 }, records: records,
            evidence: try folder.evidence(
              records, name: "\(simulator.rawValue)-\(number)-\(course.rawValue)")))
      }
    }
    for simulator in ExperimentSimulator.allCases {
      let known = (muscles.from..<muscles.upTo).filter {
        folder.visits(simulator, $0, .stable) != nil
      }
      guard known.count >= 2 else { continue }
      for (place, number) in known.enumerated() {
        func muscle(_ step: Int) -> Int { known[(place + step) % known.count] }
        let two = [number, number, number, muscle(1), muscle(1)]
        let other = (0..<min(VisitCourse.visits, known.count)).map(muscle)
        for (name, numbers) in [(mixed, two), (foreign, other)] where numbers.count >= 3 {
          let records = numbers.enumerated().compactMap { visit, number in
            folder.visits(simulator, number, .stable)?[visit].of(muscle: number)
          }
          let tag = numbers.map(String.init).joined(separator: "+")
          result.append(
            CoursePatient(
              course: name, stages: numbers, records: records,
              evidence: try folder.evidence(records, name: "\(simulator.rawValue)-\(tag)")))
        }
      }
    }
    return result
  }

  /// Whether all visits are of one muscle.
  var isOneMuscle: Bool { course != Self.mixed && course != Self.foreign }

  /// The same visits with few units: fewer than ten of each, at random or the same ones at all.
  func thinned(same: Bool, using random: inout SeededGenerator) -> CoursePatient {
    let all = Set(records.flatMap { $0.truth.compactMap(\.self) }).sorted()
    let some = Set(all.shuffled(using: &random).prefix(Int(random.uniform(3, 10))))
    let kept = records.map { record in
      let units = record.truth.indices
      if same {
        return units.filter { unit in
          record.truth[unit].map(some.contains) ?? (random.uniform() < 0.15)
        }
      }
      let count = Int(random.uniform(2, 9))
      return units.shuffled(using: &random).prefix(count).sorted()
    }
    return CoursePatient(
      course: course, stages: stages,
      records: zip(records, kept).map { $0.keeping($1) }, evidence: evidence.keeping(kept))
  }

  func isSame(_ first: VisitEvidence.Unit, _ second: VisitEvidence.Unit) -> Bool {
    let truth = records[first.visit].truth[first.index]
    return truth != nil && truth == records[second.visit].truth[second.index]
  }

  /// Share of the pairs across two groups that are one true unit.
  func rightShare(_ first: [VisitEvidence.Unit], _ second: [VisitEvidence.Unit]) -> Double {
    let right = first.reduce(0) { sum, a in
      sum + second.count(where: { isSame(a, $0) })
    }
    return Double(right) / Double(max(1, first.count * second.count))
  }
}

extension VisitRecord {
  /// This visit with some of its units.
  fileprivate func keeping(_ units: [Int]) -> VisitRecord {
    VisitRecord(
      tracked: TrackedRecording(
        positions: tracked.positions, units: units.map { tracked.units[$0] }),
      truth: units.map { truth[$0] }, alive: alive, decompositionSeconds: decompositionSeconds)
  }

  /// This visit with the units named by muscle, so that those of two muscles differ.
  fileprivate func of(muscle: Int) -> VisitRecord {
    VisitRecord(
      tracked: tracked, truth: truth.map { $0.map { $0 + 10_000 * muscle } }, alive: alive,
      decompositionSeconds: decompositionSeconds)
  }
}

extension VisitFolder {
  /// The evidence of some visits; computed once and kept beside the visits.
  fileprivate func evidence(_ records: [VisitRecord], name: String) throws -> VisitEvidence {
    let file = folder.appendingPathComponent("\(name).evidence")
    if let data = try? Data(contentsOf: file),
      let kept = try? PropertyListDecoder().decode(VisitEvidence.self, from: data)
    {
      return kept
    }
    let made = try VisitEvidence(records.map(\.tracked))
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    try encoder.encode(made).write(to: file, options: .atomic)
    return made
  }
}
