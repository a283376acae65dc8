import Analyses
import ArgumentParser
import FollowUp
import Registry
import Terminal

/// `motorpool trend`: one patient's measures before and after therapy.
struct Trend: RegistryUse {
  static let configuration = CommandConfiguration(
    abstract: "Compare one patient's trend before and after the start of therapy.",
    discussion: """
      Counts and amplitudes are fitted as ln(value), scales as they are, by two joined lines with \
      the first dose as the knot; a month is 30.4375 days. Shown are both slopes, their difference \
      with its 95 % interval and p, the smallest difference these visits could detect, rank \
      methods, the change between two visits that exceeds the measurement error, and what the mixed \
      model of the registry's cohort says of this patient.

      Measures of several muscles are summed to a megascore for display. --controls names a table \
      with the columns measure, muscle, side, mean and sd of healthy controls: then the mean \
      standard score, and where the day of onset is known M50, the months from onset to half of \
      the control value, are given too.

      Examples:
        motorpool trend P001
        motorpool trend P001 --measure munix --muscle apb --json
        motorpool trend P001 --measure alsfrs-r --therapy tofersen --onset-lag 3
        motorpool trend P001 --measure munix --controls controls.csv \\
          --score-muscles apb/left,ta/left
      """)

  @OptionGroup var patient: PatientArguments

  @OptionGroup var selection: TrendArguments

  @Option(help: "Table of control values for scores and M50.")
  var controls: String?

  @Option(
    name: .customLong("score-muscles"),
    help: "Muscles of the megascore as MUSCLE/SIDE, comma-separated (default: all).")
  var scoreMuscles: String?

  @Flag(inversion: .prefixedNo, help: "Use the cohort of the registry.")
  var cohort = true

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let registry = try registry.open()
    let meter = ProgressMeter("reading the series of \(patient.pseudonym)")
    let trends = try PatientTrends(
      patient.pseudonym, registry, request: selection.request, progress: meter.show)
    let derived = DerivedMeasures(
      trends, controls: try controls.map { try ControlTable(file: $0) },
      muscles: try (scoreMuscles ?? "").split(separator: ",").map {
        try PatientTrends.Place(String($0))
      })
    let showsAll = !selection.measure.isEmpty
    let posteriors = try CohortPosterior.all(
      cohort ? (showsAll ? trends.series : Array(trends.series.prefix(1))) : [],
      registry: registry, therapy: selection.therapy, onsetLag: selection.onsetLag,
      progress: meter.show)
    meter.finish()
    let summary = TrendSummary(trends, derived: derived, posteriors: posteriors)
    try printing.write(
      summary,
      from: .run("trend", files: [controls].compactMap { $0 }, registry: registry),
      text: summary.text(
        showsAll: showsAll, scoresTestedBy: "motorpool compare --muscle all",
        otherMeasures: "--measure NAME"))
  }
}
