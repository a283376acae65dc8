import Foundation
import MotorUnits

/// One course of one muscle with its evidence and truth.
struct CoursePatient {
  let simulator: ExperimentSimulator
  let muscle: Int
  let course: VisitCourse
  let records: [VisitRecord]
  let evidence: VisitEvidence

  /// The recorded courses of some muscles.
  static func all(_ folder: VisitFolder, _ muscles: MuscleArguments) throws -> [CoursePatient] {
    var result: [CoursePatient] = []
    try ExperimentMuscles.forEach(muscles.from..<muscles.upTo) { simulator, number in
      for course in VisitCourse.allCases {
        guard let records = folder.visits(simulator, number, course) else { continue }
        result.append(
          CoursePatient(
            simulator: simulator, muscle: number, course: course, records: records,
            evidence: try folder.evidence(records, simulator, number, course)))
      }
    }
    return result
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

extension VisitFolder {
  /// The evidence of a course; computed once and kept beside the visits.
  fileprivate func evidence(
    _ records: [VisitRecord], _ simulator: ExperimentSimulator, _ number: Int, _ course: VisitCourse
  ) throws -> VisitEvidence {
    let file = folder.appendingPathComponent(
      "\(simulator.rawValue)-\(number)-\(course.rawValue).evidence")
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
