import ArgumentParser
import Foundation
import MotorUnits
import Signal

/// Judges joint links beside those of pairs of visits on recorded courses.
struct JointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "joint",
    abstract: "Precision, recall and calibration of joint links over five visits beside pairs.")

  @Argument(help: "Folder with the visits that visits made.")
  var folder: String
  @OptionGroup var muscles: MuscleArguments
  @Option(help: "Keep fewer than ten units of each visit, drawn with this seed.")
  var few: UInt64?

  func run() throws {
    var patients = try CoursePatient.all(VisitFolder(folder: URL(fileURLWithPath: folder)), muscles)
    if let few {
      var random = SeededGenerator(seed: few, stream: 17)
      patients = patients.flatMap { patient in
        [true, false].map { patient.thinned(same: $0, using: &random) }
      }
    }
    let figures = patients.map(JointFigure.init)
    JointTable.print(figures)
    JointTable.printCalibration(figures)
  }
}

/// What links of one course were, made pair by pair and jointly.
struct JointFigure {
  /// A link between two visits with its truth.
  struct Link {
    let probability: Double
    let isRight: Bool
    /// Whether units died between the two visits.
    let crossesLoss: Bool
  }
  let course: String
  /// Pairs of units of two visits that are one true unit, in all and across a loss.
  let common: Int
  let commonAcrossLoss: Int
  let pairwise: [Link]
  let joint: [Link]
  let jointSeconds: Double
  let isOneMuscle: Bool

  init(_ patient: CoursePatient) {
    course = patient.course
    isOneMuscle = patient.isOneMuscle
    let records = patient.records
    func crosses(_ a: Int, _ b: Int) -> Bool { patient.stages[a] != patient.stages[b] }
    var common = 0
    var across = 0
    var pairwise: [Link] = []
    for a in records.indices {
      for b in records.indices where b > a {
        let shared = Set(records[a].truth.compactMap(\.self)).intersection(
          records[b].truth.compactMap(\.self)
        ).count
        common += shared
        across += crosses(a, b) ? shared : 0
        for link in UnitMatching(records[a].tracked, records[b].tracked).links {
          pairwise.append(
            Link(
              probability: link.probability,
              isRight: records[a].isSame(link.first, records[b], link.second),
              crossesLoss: crosses(a, b)))
        }
      }
    }
    self.common = common
    commonAcrossLoss = across
    self.pairwise = pairwise
    let started = clock()
    let identities = UnitIdentities(patient.evidence)
    jointSeconds = Double(clock() - started) / Double(CLOCKS_PER_SEC)
    joint = identities.links.map { link in
      Link(
        probability: link.probability,
        isRight: records[link.first.visit].isSame(
          link.first.unit, records[link.second.visit], link.second.unit),
        crossesLoss: crosses(link.first.visit, link.second.visit))
    }
  }
}

extension VisitRecord {
  /// Whether units of two visits, by name, are one true unit.
  func isSame(_ name: String, _ other: VisitRecord, _ otherName: String) -> Bool {
    guard let a = tracked.units.firstIndex(where: { $0.unit == name }),
      let b = other.tracked.units.firstIndex(where: { $0.unit == otherName })
    else { return false }
    return truth[a] != nil && truth[a] == other.truth[b]
  }
}

/// Tables of joint links beside those of pairs.
enum JointTable {
  static func print(_ all: [JointFigure]) {
    Swift.print(
      "| course | patients | common | pairwise links | precision | recall | joint links | precision "
        + "| recall |")
    Swift.print("|---|---|---|---|---|---|---|---|---|")
    for course in CoursePatient.courses {
      let chosen = all.filter { $0.course == course }
      if chosen.isEmpty { continue }
      row(course, chosen, acrossLoss: false)
      if course == VisitCourse.stable.rawValue || course == CoursePatient.foreign { continue }
      row(
        course + (course == CoursePatient.mixed ? ", across them" : ", across a loss"), chosen,
        acrossLoss: true)
    }
    row("all of one muscle", all.filter(\.isOneMuscle), acrossLoss: false)
    row("all", all, acrossLoss: false)
    let seconds = all.reduce(0) { $0 + $1.jointSeconds } / Double(max(1, all.count))
    Swift.print(String(format: "grouping: %.2f CPU-s a patient", seconds))
  }

  private static func row(_ name: String, _ chosen: [JointFigure], acrossLoss: Bool) {
    let common = chosen.reduce(0) { $0 + (acrossLoss ? $1.commonAcrossLoss : $1.common) }
    func cells(_ links: [JointFigure.Link]) -> String {
      let counted = links.filter { !acrossLoss || $0.crossesLoss }
      let right = counted.count(where: \.isRight)
      return "\(counted.count) | " + share(right, counted.count) + " | " + share(right, common)
    }
    Swift.print(
      "| \(name) | \(chosen.count) | \(common) | " + cells(chosen.flatMap(\.pairwise)) + " | "
        + cells(chosen.flatMap(\.joint)) + " |")
  }

  static func printCalibration(_ all: [JointFigure]) {
    Swift.print("| probability | pairwise links | mean | right | joint links | mean | right |")
    Swift.print("|---|---|---|---|---|---|---|")
    let edges = [0.9, 0.95, 0.98, 0.99, 1.000001]
    for (low, high) in zip(edges, edges.dropFirst()) {
      func cells(_ links: [JointFigure.Link]) -> String {
        let inside = links.filter { $0.probability >= low && $0.probability < high }
        let mean = inside.reduce(0) { $0 + $1.probability } / Double(max(1, inside.count))
        return "\(inside.count) | " + String(format: "%.3f", mean) + " | "
          + share(inside.count(where: \.isRight), inside.count)
      }
      Swift.print(
        String(format: "| %.2f–%.2f | ", low, min(1, high))
          + cells(all.flatMap(\.pairwise)) + " | " + cells(all.flatMap(\.joint)) + " |")
    }
  }

  private static func share(_ part: Int, _ whole: Int) -> String {
    whole > 0 ? String(format: "%.3f", Double(part) / Double(whole)) : "-"
  }
}
