import Analyses
import ArgumentParser
import FollowUp
import Registry
import Terminal

/// `motorpool compare`: a cohort before and after therapy.
struct Compare: RegistryUse {
  static let configuration = CommandConfiguration(
    abstract: "Compare the trends of a cohort before and after therapy.",
    discussion: """
      Each patient is fitted alone (both slopes, sign test, mean of the differences), then all \
      together by a linear mixed model of y = b0 + b1 t + b2 (t - T)+ with T the first dose:
        m1            (t | id)
        m2            (t + post | id)
        m3            (t | id) + (0 + post | id), the default
        uncorrelated  (1 | id) + (0 + t | id) + (0 + post | id)
      fitted by REML with Kenward-Roger degrees of freedom. With arms the question is post:arm.

      --sap writes the statistical analysis plan in words, --script the values and a script for R \
      (lme4, nlme, glmmTMB) or SAS that repeats the primary analysis.

      Where deaths and tracheostomies exceed 10 %, or with --dropout, a pattern mixture and a joint \
      model with death show what missing visits may hide.

      The values come from the registry, or with --table from any long table: one row for each \
      value, times and therapy times as numbers in the same unit, no therapy time for patients who \
      were never treated.

      Examples:
        motorpool compare --measure munix
        motorpool compare --measure munix --muscle apb --sensitivity -o cohort.html
        motorpool compare --table trial.csv --subject id --time visit \\
          --value alsfrs --arm arm --method mmrm
        motorpool compare --table trial.csv --subject id --time visit \\
          --primary alsfrs --secondary 'log(munix),svc' --arm arm --method mmrm
        motorpool compare --table cohort.csv --subject patient --time month \\
          --value mune --therapy therapy_month --log --json
        motorpool compare --table trial.csv --subject id --time month \\
          --value alsfrs --therapy start --arm arm --subgroup site,sex,baseline
        motorpool compare --table sleepstudy.csv --subject Subject --time Days \\
          --value Reaction --model m1
        motorpool compare --measure munix --sap plan.md --script r \\
          --script-output munix.R
      """)

  @Option(help: "Measure of the registry, such as munix (default: the leading one stored).")
  var measure: String?

  @Option(help: "A long table (CSV or TSV) to take instead of the registry.")
  var table: String?

  @Option(help: "Column of the subjects.")
  var subject: String?

  @Option(help: "Column of the times.")
  var time: String?

  @Option(help: "Column of the values.")
  var value: String?

  @Option(help: "Column of the therapy times; without --table the therapy's kind or name.")
  var therapy: String?

  @Option(
    help:
      "Column of the arms; without --table yes or no (default: yes where all patients have one).")
  var arm: String?

  @Option(help: "Column of the muscles; without --table one muscle, or all for each its own block.")
  var muscle: String?

  @Option(help: "Side, without --table.")
  var side: BodySide?

  @Option(name: .customLong("se"), help: "Column of the values' standard errors.")
  var standardError: String?

  @Option(help: "Column of the times of death; empty for the living.")
  var death: String?

  @Option(help: "Column of the times of withdrawal or loss.")
  var withdrawal: String?

  @Option(
    help: "Columns of further fixed effects, comma-separated; TIME:name and post:name interact.")
  var covariates: String?

  @Option(
    help: "Covariates that are labels even where they are numbers, comma-separated, such as site.")
  var factor: String?

  @Option(
    name: .customLong("time-unit"),
    help: "Unit of the times of a table: day, week, month or year (default: by the column's name).")
  var timeUnit: TimeUnit?

  @Option(
    name: .customLong("control-start"),
    help:
      "Start of the time after therapy for untreated controls: median of the treated (starts of their own belong in the therapy column)."
  )
  var controlStart: ControlStartChoice?

  @Option(
    name: .customLong("planned-end"),
    help:
      "Time of the last planned visit; who stops a visit earlier left (default: by the courses).")
  var plannedEnd: Double?

  @Flag(help: "Fit the natural logarithm of the values of a table.")
  var log = false

  @Option(
    help:
      "Show the effect in subgroups too, comma-separated: columns of a table, attributes of the registry's patients, site, onset-site or baseline (divided at its median). Exploratory."
  )
  var subgroup: String?

  @OptionGroup var model: ModelArguments

  @OptionGroup var trial: TrialArguments

  @OptionGroup var endpoints: EndpointArguments

  @OptionGroup var history: HistoryArguments

  @Option(name: .shortAndLong, help: "HTML file for the report of the cohort.")
  var output: String?

  @OptionGroup var papers: PaperTrailArguments

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var registry: RegistryArguments

  func validate() throws {
    let namesMuscles = muscle.map { table != nil || $0.lowercased() == "all" } ?? false
    guard trial.within == nil || arm == nil && side == nil && !namesMuscles else {
      throw ValidationError("--within compares the sides of one muscle in one arm")
    }
    guard history.historical == nil || trial.within == nil && (table == nil || arm != nil) else {
      throw ValidationError("--historical needs arms: with --table the column --arm")
    }
    if table != nil {
      guard subject != nil, time != nil, value != nil || endpoints.primary != nil else {
        throw ValidationError("--table needs --subject, --time and --value (or --primary)")
      }
      guard trial.within == nil || trial.treated != nil else {
        throw ValidationError("--within needs --treated")
      }
      guard measure == nil, side == nil else {
        throw ValidationError("--measure and --side belong to the registry, not to --table")
      }
    } else {
      guard subject == nil, time == nil, value == nil, standardError == nil, covariates == nil,
        !log, death == nil, withdrawal == nil, factor == nil, timeUnit == nil,
        controlStart == nil, plannedEnd == nil, trial.varianceBy == nil, trial.treated == nil,
        trial.visit == nil
      else {
        throw ValidationError(
          "--subject, --time, --value, --se, --covariates, --factor, --time-unit, --control-start, "
            + "--planned-end, --death, --withdrawal, --log, --variance-by, --visit, --treated need --table"
        )
      }
      guard trial.within ?? "side" == "side" else {
        throw ValidationError("--within \(trial.within ?? ""): expected side without --table")
      }
    }
  }

  func run() throws {
    let files = try papers.papers(outputs, report: output, inputs: [table ?? registry.path])
    let request = try request()
    let values = try request.values()
    let meter = ProgressMeter("comparing \(values.data.measure)")
    let result = try request.result(of: values, progress: meter.show)
    meter.finish()
    let written = try files.write(result, command: CommandText.invocation) {
      $0.origin(seed: model.seed, files: [table].compactMap { $0 })
    }
    try printing.write(
      result.summary,
      from: .run(
        "compare", seed: model.seed, files: [table].compactMap { $0 },
        registry: table == nil ? try registry.open() : nil), text: result.text)
    if !printing.json { written.forEach { print($0) } }
  }
}
