import Analyses
import ArgumentParser
import FollowUp
import Recordings
import Registry
import Terminal

/// `motorpool report`: one patient's page.
struct Report: RegistryUse {
  static let configuration = CommandConfiguration(
    abstract: "Write the report of one patient as a self-contained HTML page.",
    discussion: """
      The page shows every measure before and after the start of therapy with its intervals, all \
      values, the method and its limits, and the hash of the data.

      Examples:
        motorpool report P001 -o P001.html
        motorpool report P001 -o munix.html --measure munix --therapy tofersen
      """)

  @OptionGroup var patient: PatientArguments

  @Option(name: .shortAndLong, help: "HTML file to write; an earlier report is replaced.")
  var output: String

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var selection: TrendArguments

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let place = try outputs.file(output, of: "report", inputs: [registry.path])
    let meter = ProgressMeter("reading the series of \(patient.pseudonym)")
    let trends = try PatientTrends(
      patient.pseudonym, try registry.open(), request: selection.request, progress: meter.show)
    meter.finish()
    var origin = place.origin()
    origin.registryHead = "\(trends.citation.ledgerPosition) \(trends.citation.ledgerHash)"
    try place.write(origin, trends.report(command: CommandText.invocation).html())
    let summary = ReportSummary(trends, output: output)
    try printing.write(summary, text: summary.text)
  }
}
