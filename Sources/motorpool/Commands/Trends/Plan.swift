import Analyses
import ArgumentParser
import FollowUp
import Foundation
import Progression
import Recordings
import Reports
import Terminal
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
        motorpool plan --patients 90 --controls --ratio 2 --looks 3 --futility
        motorpool plan --patients 60 --controls --dropout 20 --sap plan.md
        motorpool plan --patients 60 --controls --ratio 2 --between-trial-prior 1 \\
          --historical -4.2/0.5,-4.9/0.7
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
  var method: RetestMethod?

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

  @Option(
    name: .customLong("dropout-pattern"),
    help: "When they leave: even, early (half in the first quarter) or late (half in the last).")
  var dropoutPattern: StudyPlan.DropoutPattern = .even

  @Option(help: "With --controls: treated patients for each control.")
  var ratio = 1.0

  @Option(
    help:
      "Looks at the data: how many evenly spaced ones, the last included, or shares of the patients such as 0.5,1."
  )
  var looks: String?

  @Option(
    help: "Bounds of the looks: ld-obf or ld-pocock (spending by Lan and DeMets), obf, pocock.")
  var bounds: GroupSequentialDesign.Boundary = .spendingOBrienFleming

  @Flag(help: "The trial may stop at a look where the effect is too small (non-binding).")
  var futility = false

  @Option(help: "Wanted power, for the number of patients needed.")
  var power = 0.8

  @OptionGroup var history: HistoryArguments

  @OptionGroup var planFile: PlanFileArguments

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var printing: PrintArguments

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
    guard ratio > 0.02, ratio < 50, controls || ratio == 1 else {
      throw ValidationError("--ratio: expected 0.02 to 50, with --controls")
    }
    guard looks == nil || patients != nil, looks != nil || !futility else {
      throw ValidationError("--looks needs --patients; --futility needs --looks")
    }
    _ = try shares()
    guard power > 0, power < 1 else { throw ValidationError("--power: expected 0 to 1") }
    guard slowing.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--slowing: expected more than 0 percent")
    }
    guard history.historical == nil || controls && looks == nil else {
      throw ValidationError("--historical needs --controls, and takes no --looks")
    }
    guard patients != nil || !controls else {
      throw ValidationError("--controls needs --patients")
    }
  }

  func run() throws {
    let place = try planFile.sap.map { try outputs.file($0, of: "plan") }
    guard let months = NumberList.numbers(visits, where: { _ in true }) else {
      throw ValidationError("--visits \(visits): expected months such as -3,-2,-1,0,1,2,3")
    }
    let variation = method?.variation(muscle)
    let plan = StudyPlan(
      visitTimes: months.sorted(), muscles: muscles,
      measurementSD: variation?.deviation(recordings: scansPerVisit)
        ?? Reproducibility.logSD(coefficientOfVariation: (cv ?? 12) / 100),
      slope: log(1 - decline / 100), sdSlope: sdSlope, sdSlopeChange: sdSlopeChange,
      dropout: dropout / 100, dropoutPattern: dropoutPattern, allocation: ratio)
    var question = PlanQuestion(plan)
    question.patients = patients
    question.hasControls = controls
    question.slowingPercent = slowing
    question.power = power
    question.design = try shares().map {
      GroupSequentialDesign(information: $0, boundary: bounds, hasFutility: futility)
    }
    question.history = try history.trials()?.controls(isLogarithmic: true)
    question.variation = variation
    question.recordingsPerVisit = scansPerVisit
    let meter = ProgressMeter("planning \(months.count) visits")
    let summary = try PlanSummary(question, progress: meter.show)
    meter.finish()
    if let place {
      let document = summary.document(
        errorSource: variation.map { _ in summary.detectable.first?.source ?? "" }
          ?? "coefficient of variation \(Formatting.plain(cv ?? 12)) %")
      try place.write(
        place.origin(), document.page(command: CommandText.invocation).text(for: place.path))
    }
    try printing.write(summary, from: .run("plan"), text: summary.text)
    if let place, !printing.json { print("Statistical analysis plan in \(place.path)") }
  }

  /// The shares of the patients at the looks.
  private func shares() throws -> [Double]? {
    guard let looks else { return nil }
    guard let shares = GroupSequentialDesign.shares(looks) else {
      throw ValidationError(
        "--looks \(looks): expected 1 to 20, or growing shares of the patients that end with 1")
    }
    return shares
  }
}

extension RetestMethod: ExpressibleByArgument {}
extension StudyPlan.DropoutPattern: ExpressibleByArgument {}
extension GroupSequentialDesign.Boundary: ExpressibleByArgument {}
