import ArgumentParser
import FollowUp
import Foundation
import Recordings
import Registry
import Terminal

/// `motorpool survival`: survival, and function and survival together.
struct Survival: RegistryUse {
  static let configuration = CommandConfiguration(
    abstract: "Compare survival, and function and survival together, between arms.",
    discussion: """
      Kaplan-Meier curves with intervals and numbers at risk, restricted means, log-rank test and Cox's \
      model (ties by Efron) within strata, and with a measure the combined assessment of function and \
      survival (CAFS, joint ranks) by analysis of covariance with the value at baseline.

      An event is a death, a tracheostomy or permanent ventilation of the registry, or those that \
      --events names. Follow-up without one ends with the last that is recorded of a patient.

      A table has one row for each patient (--event holds 0, 1 or the name of the event) or one for \
      each visit (--death, --tracheostomy, --ventilation hold the times of the events).

      Examples:
        motorpool survival --measure alsfrs-r -o survival.html
        motorpool survival --events death --strata site,onset-site
        motorpool survival --table trial.csv --subject id --time time \\
          --event event --arm arm --baseline base --visits X1,X2,X3
        motorpool survival --table visits.csv --subject id --time month \\
          --value alsfrs --arm arm --death died --end last_contact
      """)

  @Option(help: "Measure of the registry for the joint rank, such as alsfrs-r (default: none).")
  var measure: String?

  @Option(help: "Muscle of the measure, without --table.")
  var muscle: String?

  @Option(help: "Side of the measure, without --table.")
  var side: BodySide?

  @Option(
    help:
      "Which events count, comma-separated: death, tracheostomy, permanent-ventilation (default: all)."
  )
  var events: String?

  @Option(help: "A table (CSV or TSV) to take instead of the registry.")
  var table: String?

  @Option(help: "Column of the patients.")
  var subject: String?

  @Option(help: "Column of the times: end of follow-up with --event, else the visits.")
  var time: String?

  @Option(help: "Column that tells the event, one row for each patient.")
  var event: String?

  @Option(help: "Columns of the values at the visits in order, comma-separated, with --event.")
  var visits: String?

  @Option(help: "Column of the value at baseline, with --visits.")
  var baseline: String?

  @Option(help: "Column of the values, one row for each visit.")
  var value: String?

  @Option(
    help:
      "Column of the nominal visits, one row for each: times from baseline (0) or labels such as \"Week 12\" (default: found from the times)."
  )
  var visit: String?

  @Option(help: "Column of the times of death; empty for the living.")
  var death: String?

  @Option(help: "Column of the times of tracheostomy.")
  var tracheostomy: String?

  @Option(help: "Column of the times of permanent ventilation.")
  var ventilation: String?

  @Option(
    help: "Column of the ends of follow-up of patients without event (default: the last row).")
  var end: String?

  @Option(help: "Column of each patient's time zero (default: the first row).")
  var origin: String?

  @Option(
    help: "Column of the arms; without --table yes or no (default: yes where there are several).")
  var arm: String?

  @Option(name: .customLong("control-arm"), help: "The arm that others are compared with.")
  var controlArm: String?

  @Option(
    help:
      "Columns, or site, onset-site and attributes of the registry, within which arms are compared."
  )
  var strata: String?

  @Option(
    help: "Columns of further covariates of the hazard and of the joint rank, comma-separated.")
  var covariates: String?

  @Option(help: "Covariates that are labels even where they are numbers, comma-separated.")
  var factor: String?

  @Option(name: .customLong("time-unit"), help: "Unit of the times of a table.")
  var timeUnit: TimeUnit?

  @Flag(name: .customLong("lower-is-better"), help: "A falling value of a table is an improvement.")
  var lowerIsBetter = false

  @Option(help: "End of the restricted means (default: the longest follow-up that all arms have).")
  var horizon: Double?

  @Flag(
    name: .customLong("from-therapy"),
    help: "Time zero is the start of therapy, without --table; the untreated are left out.")
  var fromTherapy = false

  @Option(help: "The therapy's kind or name, with --from-therapy.")
  var therapy: String?

  @Option(name: .shortAndLong, help: "HTML file for the report.")
  var output: String?

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var registry: RegistryArguments

  func validate() throws {
    guard horizon.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--horizon: expected more than 0")
    }
    guard table != nil else {
      let columns = [
        subject, time, event, visits, baseline, value, death, tracheostomy, ventilation, end,
        origin,
        covariates, factor, visit,
      ]
      guard columns.allSatisfy({ $0 == nil }), timeUnit == nil, !lowerIsBetter else {
        throw ValidationError(
          "--subject, --time, --event, --visits, --baseline, --value, --death, --tracheostomy, "
            + "--ventilation, --end, --origin, --covariates, --factor, --visit, --time-unit, "
            + "--lower-is-better need --table")
      }
      guard therapy == nil || fromTherapy else {
        throw ValidationError("--therapy needs --from-therapy")
      }
      return
    }
    guard subject != nil, time != nil else {
      throw ValidationError("--table needs --subject and --time")
    }
    guard measure == nil, muscle == nil, side == nil, !fromTherapy, therapy == nil else {
      throw ValidationError(
        "--measure, --muscle, --side, --from-therapy, --therapy belong to the registry, not to --table"
      )
    }
    let kinds = [death, tracheostomy, ventilation].compactMap { $0 }
    if event != nil {
      guard kinds.isEmpty, value == nil, end == nil, origin == nil, visit == nil else {
        throw ValidationError(
          "--event takes one row for each patient; --value, --visit, --death, --tracheostomy, "
            + "--ventilation, --end, --origin one for each visit")
      }
    } else {
      guard !kinds.isEmpty, visits == nil, baseline == nil else {
        throw ValidationError(
          "--table needs --event, or --death, --tracheostomy or --ventilation; --visits and --baseline "
            + "belong to --event")
      }
    }
  }

  func run() throws {
    let place = try output.map {
      try outputs.file($0, of: "survival", inputs: [table ?? registry.path])
    }
    var request = SurvivalRequest(
      try table.map { .table(file: $0, columns) } ?? .registry(try registry.open(), selection()))
    request.events = try NameList.names(events).map { try SurvivalEvent(named: $0) }
    request.controlArm = controlArm
    request.horizon = horizon
    let result = try request.result()
    if let place {
      try place.write(
        place.origin(files: [table].compactMap { $0 }),
        result.report(command: CommandText.invocation).html())
    }
    try printing.write(
      result.summary,
      from: .run(
        "survival", files: [table].compactMap { $0 },
        registry: table == nil ? try registry.open() : nil), text: result.text)
    if let output, !printing.json { print("Report in \(output)") }
  }

  /// The columns of the table.
  private var columns: SurvivalCohort.Columns {
    var columns = SurvivalCohort.Columns(subject: subject ?? "", time: time ?? "")
    columns.event = event
    columns.value = value
    columns.visits = NameList.names(visits)
    columns.visit = visit
    columns.baseline = baseline
    columns.times = [
      (SurvivalEvent.death, death), (.tracheostomy, tracheostomy),
      (.permanentVentilation, ventilation),
    ].compactMap { kind, column in column.map { (kind, $0) } }
    columns.end = end
    columns.origin = origin
    columns.arm = arm
    columns.strata = NameList.names(strata)
    columns.factors = Set(NameList.names(factor))
    columns.covariates = NameList.names(covariates)
    columns.covariates += NameList.names(factor).filter { !columns.covariates.contains($0) }
    columns.timeUnit = timeUnit?.rawValue
    columns.isLargerBetter = !lowerIsBetter
    return columns
  }

  /// What is taken of the registry.
  private func selection() throws -> SurvivalRequest.Selection {
    var own = SurvivalRequest.Selection()
    own.usesArms = try RegistryArguments.usesArms(arm)
    own.measure = measure
    own.muscle = muscle
    own.side = side
    own.fromTherapy = fromTherapy
    own.therapy = therapy
    own.strata = NameList.names(strata)
    return own
  }
}
