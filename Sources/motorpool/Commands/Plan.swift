import Analyses
import ArgumentParser
import Foundation
import Progression
import Reports
import UnitNumber

/// `motorpool plan`: what a schedule of visits can show.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what a schedule of visits can show, before the first patient is measured.",
    discussion: """
      Months count from the first dose. Shown are the standard error of the change of slope, the \
      power to show the given slowing, and the smallest change found with 80 % power: for one \
      patient alone, for a cohort where --patients is given, and what further run-in visits buy.

      With --method the error of a visit is that of repeated visits of healthy people, by muscle where \
      it was measured, in the place of --cv; the smallest change that exceeds it is then shown for a \
      person and, with --patients, for the mean of a group.

      Examples:
        motorpool plan
        motorpool plan --visits -6,-4,-2,0,2,4,6 --muscles 6 --cv 10
        motorpool plan --patients 40 --controls --slowing 50 --dropout 25
        motorpool plan --method scan --muscle TA --scans-per-visit 2 --patients 40
      """)

  @Option(
    parsing: .unconditional,
    help: "Months of the visits from the first dose, such as -3,-2,-1,0,1,2,3.")
  var visits = "-3,-2,-1,0,1,2,3,4,5,6"

  @Option(help: "Muscles measured at every visit.")
  var muscles = 1

  @Option(help: "Coefficient of variation of one measurement in percent (default: 12).")
  var cv: Double?

  @Option(help: "Method of the visits, whose error between visits counts.")
  var method: Method?

  @Option(help: "With --method: the muscle, such as APB, ADM or TA.")
  var muscle: String?

  @Option(name: .customLong("scans-per-visit"), help: "With --method: recordings of each visit.")
  var scansPerVisit = 1

  @Option(help: "Decline before therapy in percent a month.")
  var decline = 4.5

  @Option(
    help: "True slowing in percent of the decline (default: 100 for one patient, 50 for a cohort).")
  var slowing: Double?

  @Option(help: "Patients of the cohort; with --controls the sum of both arms.")
  var patients: Int?

  @Flag(help: "Half of the patients are concurrent controls.")
  var controls = false

  @Option(
    name: .customLong("sd-change"), help: "SD of the change of slope between patients, ln a month.")
  var sdSlopeChange = 0.015

  @Option(name: .customLong("sd-slope"), help: "SD of the slopes between patients, ln a month.")
  var sdSlope = 0.03

  @Option(
    help: "Percent of the patients who leave before the last visit, evenly after the first dose.")
  var dropout = 0.0

  @Option(help: "Wanted power, for the number of patients needed.")
  var power = 0.8

  @OptionGroup var printing: PrintArguments

  /// Methods whose variation between visits is known.
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case scan, n50, munix, multipoint, cmap

    /// The variation in a muscle.
    func variation(_ muscle: String?) -> RetestVariation {
      switch self {
      case .scan: .scanUnitCount(muscle: muscle)
      case .n50: .scanN50
      case .munix: .munix
      case .multipoint: .multipoint
      case .cmap: .cmapAmplitude
      }
    }
  }

  func validate() throws {
    guard method == nil || cv == nil else {
      throw ValidationError("--cv and --method both state the error of a visit: give one of them")
    }
    guard method != nil || (muscle == nil && scansPerVisit == 1) else {
      throw ValidationError("--muscle and --scans-per-visit need --method")
    }
    guard (1...100).contains(scansPerVisit) else {
      throw ValidationError("--scans-per-visit \(scansPerVisit): expected 1 to 100")
    }
    let cv = cv ?? 12
    guard muscles >= 1, cv > 0, cv.isFinite, decline > 0, decline < 100 else {
      throw ValidationError("--muscles at least 1, --cv above 0, --decline between 0 and 100")
    }
    guard patients.map({ (2...10_000).contains($0) }) ?? true else {
      throw ValidationError("--patients: expected 2 to 10000")
    }
    guard (0..<100).contains(dropout) else {
      throw ValidationError("--dropout: expected 0 to less than 100 percent")
    }
    guard power > 0, power < 1 else { throw ValidationError("--power: expected 0 to 1") }
    guard slowing.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--slowing: expected more than 0 percent")
    }
    guard patients != nil || !controls else {
      throw ValidationError("--controls needs --patients")
    }
  }

  func run() throws {
    let months = try visits.split(separator: ",").map { text -> Double in
      guard let month = Double(text.trimmingCharacters(in: .whitespaces)), month.isFinite else {
        throw ValidationError("--visits \(visits): expected months such as -3,-2,-1,0,1,2,3")
      }
      return month
    }
    let variation = method?.variation(muscle)
    let plan = StudyPlan(
      visitTimes: months.sorted(), muscles: muscles,
      measurementSD: variation?.deviation(recordings: scansPerVisit)
        ?? Reproducibility.logSD(coefficientOfVariation: (cv ?? 12) / 100),
      slope: log(1 - decline / 100), sdSlope: sdSlope, sdSlopeChange: sdSlopeChange,
      dropout: dropout / 100)
    var summary = try PlanSummary(
      plan, patients: patients, hasControls: controls, slowingPercent: slowing, power: power)
    if let variation {
      let before = months.count { $0 <= 0 }
      // Of one visit each, and of the means of all visits before and after the first dose.
      for (first, second) in [(1, 1), (before, months.count - before)]
      where first > 0 && second > 0 {
        summary.detectable.append(
          try SmallestDetectableChange(
            variation, recordingsPerVisit: scansPerVisit, before: first, after: second,
            patients: patients))
      }
    }
    try printing.write(summary, text: summary.text)
  }
}

/// What `motorpool plan` prints.
struct PlanSummary: Encodable {
  let software = SoftwareVersion.text
  let plan: StudyPlan
  let singleSlowingPercent: Double
  let single: StudyPlan.Result
  /// With 0, 1, 2 and 3 further monthly run-in visits.
  let runIn: [StudyPlan.Result]
  let cohortSlowingPercent: Double
  let hasControls: Bool
  let cohort: StudyPlan.Result?
  let needed: StudyPlan.Result?
  let power: Double
  /// Of two visits, and of the means before and after the first dose; empty without a method.
  var detectable: [SmallestDetectableChange] = []

  init(
    _ plan: StudyPlan, patients: Int?, hasControls: Bool, slowingPercent: Double?, power: Double
  ) throws {
    self.plan = plan
    self.hasControls = hasControls
    self.power = power
    singleSlowingPercent = slowingPercent ?? 100
    cohortSlowingPercent = slowingPercent ?? 50
    let share = cohortSlowingPercent / 100
    single = try plan.singlePatient(share: singleSlowingPercent / 100)
    runIn = try plan.runInGain(upTo: 3, share: singleSlowingPercent / 100)
    if let patients {
      cohort = try plan.cohort(patients: patients, controls: hasControls, share: share)
      needed = try plan.patientsNeeded(power: power, controls: hasControls, share: share)
    } else {
      cohort = nil
      needed = nil
    }
  }

  /// The plan for people.
  var text: String {
    let decline = Formatting.fixed(-Estimate.percent(plan.slope), 1)
    var lines = [
      "\(plan.visitTimes.count) visits from month \(Formatting.plain(plan.visitTimes.first ?? 0)) to "
        + "\(Formatting.plain(plan.visitTimes.last ?? 0)) from the first dose, \(plan.muscles) "
        + "muscle\(plan.muscles == 1 ? "" : "s"), measurement SD "
        + "\(Formatting.fixed(plan.measurementSD, 3)) on the ln scale, decline \(decline) % a month",
      "",
    ]
    var table = TextTable(["", "SE (ln/month)", "df", "Slowing (%)", "Power", "Detectable (%)"])
    func add(_ name: String, _ result: StudyPlan.Result, _ slowing: Double) {
      table.add([
        name, Formatting.fixed(result.standardError, 4),
        Formatting.fixed(result.degreesOfFreedom, 1), Formatting.fixed(slowing, 0),
        Formatting.fixed(result.power, 3), Formatting.fixed(100 * result.detectableShare, 0),
      ])
    }
    for (extra, result) in runIn.enumerated() {
      add(
        extra == 0
          ? "one patient" : "  \(extra) more run-in visit\(extra == 1 ? "" : "s")", result,
        singleSlowingPercent)
    }
    if let cohort {
      add(
        "\(cohort.patients) patients\(hasControls ? ", half controls" : "")"
          + (plan.dropout > 0 ? ", \(Formatting.fixed(100 * plan.dropout, 0)) % leave" : ""),
        cohort,
        cohortSlowingPercent)
    }
    lines.append(table.text)
    lines.append(
      "Detectable: slowing found with 80 % power, in percent of the decline; 100 is a full arrest")
    if cohort != nil {
      lines.append(
        needed.map {
          "Power \(Formatting.fixed(power, 2)) needs \($0.patients) patients"
        } ?? "Power \(Formatting.fixed(power, 2)) is not reached with 2000 patients")
    }
    lines += detectableText
    if !hasControls {
      lines.append("Without controls a change of slope is an association, whatever its power.")
    }
    return lines.joined(separator: "\n")
  }

  private var detectableText: [String] {
    guard let first = detectable.first else { return [] }
    var table = TextTable([
      "Smallest detectable change", "Fall (%)", "Rise (%)", "Group's fall (%)",
    ])
    for item in detectable {
      table.add([
        item.visits == [1, 1]
          ? "between two visits" : "mean of \(item.visits[0]) to mean of \(item.visits[1]) visits",
        Formatting.fixed(item.fallPercent, 0), Formatting.fixed(item.risePercent, 0),
        item.groupFallPercent.map { Formatting.fixed($0, 0) } ?? "-",
      ])
    }
    let recordings = first.recordingsPerVisit
    return [
      "", table.text,
      "Visit SD \(Formatting.fixed(first.visitLogDeviation, 3)) on the ln scale with \(recordings) "
        + "recording\(recordings == 1 ? "" : "s") each: \(first.source)",
    ]
      + (first.patients.map {
        ["Group: the mean of \($0) patients who change alike; what they differ by comes on top."]
      } ?? [])
  }
}
