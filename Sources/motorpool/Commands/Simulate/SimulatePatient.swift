import Analyses
import ArgumentParser
import FollowUp
import Foundation
import Recordings
import Registry
import Reports
import Simulation
import Terminal

/// `motorpool simulate patient`: the visits of a patient who loses motor units.
struct SimulatePatient: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patient",
    abstract: "Simulate the visits of one patient who loses motor units.",
    discussion: """
      Writes one recording and its truth for each visit, and visits.csv, which lists them with \
      their dates and the true numbers of living and active units. The grid is mounted anew at each \
      visit. --formats gives the format of each visit in turn. With --stimulation every visit also \
      has a CMAP scan and supramaximal responses of the same units.

      Examples:
        motorpool simulate patient -o patient --visits 9 --therapy-month 4
        motorpool simulate patient -o control --visits 9 --no-therapy --seed 8
        motorpool simulate patient -o followed --visits 9 --stimulation
        motorpool simulate patient -o mixed --formats edf,wav --loss-before 8 \\
          --loss-after 2
      """)

  @Option(name: .shortAndLong, help: "Folder to write into; it is made if it is not there.")
  var output: String

  @OptionGroup var outputs: OutputArguments

  @Option(help: "Number of visits, one a month.")
  var visits = 9

  @Option(help: "Date of the first visit (YYYY-MM-DD).")
  var start = "2025-01-15"

  @Option(
    name: .customLong("therapy-month"), help: "Month of the first dose, from the first visit.")
  var therapyMonth = 4.0

  @Flag(name: .customLong("no-therapy"), help: "No therapy: the rate of loss stays.")
  var noTherapy = false

  @Option(name: .customLong("loss-before"), help: "Units lost in percent a month before therapy.")
  var lossBefore = 6.0

  @Option(name: .customLong("loss-after"), help: "Units lost in percent a month under therapy.")
  var lossAfter = 2.0

  @Option(help: "Formats of the visits in turn: wav, edf, bdf, csv, mat.")
  var formats = "edf"

  @Option(help: "Muscle that visits.csv names.")
  var muscle = "tibialis anterior"

  @Option(help: "Side that visits.csv names: left or right.")
  var side = "left"

  @Option(help: "Sampling rate in Hz.")
  var fs: Double?

  @Option(help: "Duration of each recording in seconds.")
  var duration: Double?

  @Option(help: "Electrodes along and across the fibres, such as 5x4.")
  var electrodes: String?

  @Option(help: "Motor units of the healthy muscle.")
  var units: Int?

  @Option(help: "Signal-to-noise ratio in dB.")
  var snr: Double?

  @Flag(help: "Also write a CMAP scan and supramaximal responses of each visit.")
  var stimulation = false

  @Option(help: "Seed of the patient; the same seed gives the same files.")
  var seed: UInt64 = 1

  func run() throws {
    guard visits >= 1, visits <= 1_000 else { throw ValidationError("--visits: 1 to 1000") }
    guard let first = CivilDate(start) else {
      throw ValidationError("--start \(start): expected a date such as 2025-01-15")
    }
    let extensions = formats.split(separator: ",").map(String.init)
    let files = try SimulatedPatientFiles(
      try SimulatedPatient(try settings()), firstDay: first, extensions: extensions, muscle: muscle,
      side: side, hasStimulation: stimulation)
    let place = try outputs.folder(output, of: "simulate patient")
    let meter = ProgressMeter("simulating \(visits) visits")
    let kept = try place.writeFolder(place.origin(seed: seed)) {
      try files.write(to: $0, progress: meter.show)
    }
    meter.finish()
    OutputPlace.tell(kept: kept)
    print("\(output): \(visits) visits from \(first), visits.csv lists them")
    print(
      noTherapy
        ? "no therapy; \(Formatting.rate(lossBefore)) % of the units lost a month"
        : "therapy from \(first.adding(days: Int((therapyMonth * 30.4375).rounded()))): "
          + "\(Formatting.rate(lossBefore)) % a month lost before, "
          + "\(Formatting.rate(lossAfter)) % after")
  }

  private func settings() throws -> SimulatedPatientConfiguration {
    var configuration = SimulatedPatientConfiguration()
    configuration.seed = seed
    configuration.visitMonths = (0..<visits).map(Double.init)
    configuration.therapyMonth = noTherapy ? nil : therapyMonth
    configuration.lossPercentPerMonthBefore = lossBefore
    configuration.lossPercentPerMonthAfter = noTherapy ? lossBefore : lossAfter
    if let fs { configuration.recording.samplingRate = fs }
    if let duration { configuration.recording.duration = duration }
    if let units { configuration.recording.pool.unitCount = units }
    if let snr { configuration.recording.noise.signalToNoiseDecibels = snr }
    if let electrodes {
      let parts = electrodes.split(separator: "x").map { Int($0) }
      guard parts.count == 2, let rows = parts[0], let columns = parts[1], rows > 0, columns > 0
      else { throw ValidationError("--electrodes \(electrodes): expected ROWSxCOLUMNS") }
      configuration.recording.electrodes = .grid(
        rows: rows, columns: columns, spacing: configuration.recording.electrodes.spacing)
    }
    return configuration
  }
}
