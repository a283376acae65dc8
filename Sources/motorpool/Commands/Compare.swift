import Analyses
import ArgumentParser
import FollowUp
import Progression
import Recordings
import Registry

/// `motorpool compare`: a cohort before and after therapy.
struct Compare: ParsableCommand {
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
        motorpool compare --table cohort.csv --subject patient --time month \\
          --value mune --therapy therapy_month --log --json
        motorpool compare --table sleepstudy.csv --subject Subject --time Days \\
          --value Reaction --model m1
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

  @OptionGroup var model: ModelArguments

  @OptionGroup var trial: TrialArguments

  @Option(name: .shortAndLong, help: "HTML file for the report of the cohort.")
  var output: String?

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var registry: RegistryArguments

  @OptionGroup var printing: PrintArguments

  func validate() throws {
    if table != nil {
      guard subject != nil, time != nil, value != nil else {
        throw ValidationError("--table needs --subject, --time and --value")
      }
      guard trial.within == nil || muscle == nil && arm == nil else {
        throw ValidationError("--within compares the sides of one muscle in one arm")
      }
      guard measure == nil, side == nil else {
        throw ValidationError("--measure and --side belong to the registry, not to --table")
      }
    } else {
      guard subject == nil, time == nil, value == nil, standardError == nil, covariates == nil,
        !log, death == nil, withdrawal == nil, factor == nil, timeUnit == nil,
        controlStart == nil, plannedEnd == nil, trial.varianceBy == nil, trial.within == nil
      else {
        throw ValidationError(
          "--subject, --time, --value, --se, --covariates, --factor, --time-unit, --control-start, "
            + "--planned-end, --death, --withdrawal, --log, --variance-by, --within need --table")
      }
    }
  }

  func run() throws {
    let place = try output.map {
      try outputs.file($0, of: "compare", inputs: [table ?? registry.path])
    }
    let source = try table.map { try fromTable($0) } ?? fromRegistry()
    let meter = ProgressMeter("comparing \(source.data.measure)")
    let comparison: CohortComparison
    do {
      comparison = try CohortComparison(
        source.data, model: source.model,
        regression: SegmentedRegression(onsetLag: model.onsetLag),
        options: options(source.model, treatedSide: source.treatedSide),
        isModelRequired: table != nil && trial.method == nil, progress: meter.show)
      meter.finish()
    } catch let error as ProgressionError {
      throw Failure.Message("\(table ?? source.data.measure): \(error.description)")
    }
    let summary = CohortSummary(comparison, cohort: source.cohort)
    if let place {
      let report = CohortPage(
        comparison, summary: summary, cohort: source.cohort, seed: model.seed
      ).report(command: CommandText.invocation)
      try place.write(
        place.origin(
          seed: model.seed, inputs: [table].compactMap { $0 }.compactMap { OutputOrigin.Input($0) }),
        report.html())
    }
    try printing.write(
      summary,
      text: summary.text(
        randomisedText: comparison.randomised.map {
          RandomisedPage($0, data: comparison.data).text
        }))
    if let output, !printing.json { print("Report in \(output)") }
  }

  private func options(_ model: MixedModel, treatedSide: String?) -> CohortModel.Options {
    var options = CohortModel.Options(
      simulations: self.model.simulations, seed: self.model.seed,
      includesSensitivity: self.model.sensitivity, includesDropout: self.model.dropout,
      wasSelected: self.model.selected)
    options.randomisedArms = trial.randomisedArms(model)
    options.includesResiduals = trial.residuals || trial.varianceBy != nil
    options.varianceGroups = trial.varianceBy
    options.countNodes = trial.counts ? trial.quadrature : nil
    options.treatedSide = treatedSide
    options.responderShare = trial.responderShare / 100
    return options
  }

  private struct Source {
    let data: CohortTable
    let model: MixedModel
    let cohort: CohortSeries?
    /// The covariate that tells the treated side.
    var treatedSide: String?
  }

  private func fromTable(_ file: String) throws -> Source {
    let factors = factor?.split(separator: ",").map(String.init) ?? []
    var names = covariates?.split(separator: ",").map(String.init) ?? []
    let known = Set(names.map { $0.split(separator: ":").last.map(String.init) ?? $0 })
    names += factors.filter { !known.contains($0) }
    if let treated = trial.treated { names.append("post:\(treated)") }
    let timeName = time ?? ""
    var columns = CohortTable.Columns(
      subject: subject ?? "", time: timeName, value: value ?? "", therapy: therapy, arm: arm,
      muscle: muscle ?? trial.within, standardError: standardError, covariates: names, death: death,
      withdrawal: withdrawal)
    columns.factors = Set(factors)
    columns.timeUnit = timeUnit?.rawValue
    columns.controlStart = controlStart.map { _ in .median }
    columns.plannedEnd = plannedEnd
    columns.varianceGroups = trial.varianceBy
    let data = try CohortTable(file: file, columns: columns, isLogarithmic: log)
    // Arms that are compared visit by visit need no therapy times.
    if arm != nil && trial.method == nil { try refuseControlsWithoutStart(data, file: file) }
    let effects = names.flatMap { name -> [String] in
      let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
      let prefix = parts.count == 2 ? "\(parts[0]):" : ""
      return (data.effectNames[parts.last ?? name] ?? [name]).map { prefix + $0 }
    }
    var mixed = model.mixedModel(
      hasArms: arm != nil, hasMuscles: muscle != nil, hasErrors: standardError != nil,
      covariates: effects, timeName: timeName)
    guard let treated = trial.treated else { return Source(data: data, model: mixed, cohort: nil) }
    let side = data.effectNames[treated] ?? [treated]
    guard side.count == 1, let name = side.first else {
      throw Failure.Message(
        "\(file), column \(treated): found \(side.count + 1) labels, expected 1 on the treated side and 0 on "
          + "the other")
    }
    mixed = SideComparison.model(mixed, treated: name)
    return Source(data: data, model: mixed, cohort: nil, treatedSide: name)
  }

  /// An arm without any therapy time has no time after therapy that could be compared.
  private func refuseControlsWithoutStart(_ data: CohortTable, file: String) throws {
    let arms = Dictionary(grouping: data.table.rows) { $0.arm ?? "none" }
    let without = arms.filter { $0.value.allSatisfy { $0.therapyTime == nil } }.map(\.key).sorted()
    guard let first = without.first, without.count < arms.count, model.armEffects != .some(.none)
    else { return }
    throw Failure.Message(
      "\(file): arm \(first) has no therapy times, so that a change of slope cannot be compared between "
        + "the arms; --control-start median starts its time after therapy at the median of the "
        + "treated, or write each control's own date (randomisation, first placebo) into the "
        + "column of the therapy times")
  }

  private func fromRegistry() throws -> Source {
    let registry = try registry.open()
    let values = try RegistryCohort(
      registry, measure: measure, muscle: muscle, side: side, therapy: therapy)
    if values.isAmbiguous {
      throw Failure.Message(
        "measure \(values.kind.id): values of \(values.muscles.count) muscles "
          + "(\(values.muscles.joined(separator: "; "))); name one with --muscle and --side, or "
          + "--muscle all", code: 64)
    }
    return Source(
      data: values.data,
      model: model.mixedModel(
        hasArms: try usesArms(values.data), hasMuscles: values.muscles.count > 1),
      cohort: values.cohort)
  }

  private func usesArms(_ data: CohortTable) throws -> Bool {
    switch arm?.lowercased() {
    case "yes": return true
    case "no": return false
    case nil: return data.comparesArms
    case let other?:
      throw ValidationError("--arm \(other): expected yes or no without --table")
    }
  }
}
