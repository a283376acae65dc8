import ArgumentParser
import Registry

/// `motorpool trend`: one patient's measures before and after therapy.
struct Trend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare one patient's trend before and after the start of therapy.",
    discussion: """
      Counts and amplitudes are fitted as ln(value), scales as they are, by two joined lines with \
      the first dose as the knot; a month is 30.4375 days. Shown are both slopes, their difference \
      with its 95 % interval and p, and the smallest difference these visits could detect.

      Examples:
        motorpool trend P001
        motorpool trend P001 --measure munix --muscle apb --json
        motorpool trend P001 --measure alsfrs-r --therapy tofersen --onset-lag 3
      """)

  @Argument(help: "Pseudonym of the patient.")
  var pseudonym: String

  @OptionGroup var selection: TrendArguments

  @OptionGroup var registry: RegistryArguments

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  func run() throws {
    let trends = try PatientTrends(pseudonym, try registry.open(), request: selection.request)
    let summary = TrendSummary(trends)
    print(
      json ? try JSONText.of(summary) : summary.text(showsAll: !selection.measure.isEmpty),
      terminator: json ? "" : "\n")
  }
}
