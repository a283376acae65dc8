import Analyses
import ArgumentParser
import Foundation
import Recordings
import Registry
import Reports
import Simulation

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
    guard !extensions.isEmpty,
      extensions.allSatisfy(RecordingFile.extensions.contains)
    else { throw ValidationError("--formats \(formats): expected wav, edf, bdf, csv or mat") }
    let patient = try SimulatedPatient(try settings())
    let place = try outputs.folder(output, of: "simulate patient")
    let meter = ProgressMeter("simulating \(visits) visits")
    let kept = try place.writeFolder(place.origin(seed: seed)) { path in
      let folder = URL(fileURLWithPath: path)
      var list =
        "file,truth,date,month,muscle,side,living_units,active_units"
        + (stimulation ? ",scan,cmap\n" : "\n")
      for index in 0..<visits {
        let visit = try patient.visit(index)
        let day = first.adding(days: visit.day)
        let name = "visit\(String(format: "%02d", index + 1))"
        let file = "\(name).\(extensions[index % extensions.count])"
        var recording = visit.recording.recording
        recording.startTime = Date(
          timeIntervalSince1970: Double(day.dayNumber) * 86_400 + 9 * 3_600)
        try RecordingFile.write(recording, to: folder.appendingPathComponent(file).path)
        try AtomicFile.write(
          visit.recording.truthTable,
          to: folder.appendingPathComponent("\(name)-truth.csv").path)
        list +=
          "\(file),\(name)-truth.csv,\(day),\(Formatting.fixed(visit.month, 2)),\(muscle),\(side),"
          + "\(visit.aliveUnits),\(visit.activeUnits)"
        if stimulation {
          let files = try stimulate(patient, visit: index, name: name, folder: folder, day: day)
          list += ",\(files.scan),\(files.cmap)"
        }
        list += "\n"
        try meter.show(AnalysisProgress(Double(index + 1) / Double(visits)))
      }
      meter.finish()
      try AtomicFile.write(list, to: folder.appendingPathComponent("visits.csv").path)
    }
    OutputPlace.tell(kept: kept)
    print("\(output): \(visits) visits from \(first), visits.csv lists them")
    print(
      noTherapy
        ? "no therapy; \(Formatting.rate(lossBefore)) % of the units lost a month"
        : "therapy from \(first.adding(days: Int((therapyMonth * 30.4375).rounded()))): "
          + "\(Formatting.rate(lossBefore)) % a month lost before, "
          + "\(Formatting.rate(lossAfter)) % after")
  }

  /// Writes the CMAP scan and the CMAPs of a visit; returns their file names.
  private func stimulate(
    _ patient: SimulatedPatient, visit index: Int, name: String, folder: URL, day: CivilDate
  ) throws -> (scan: String, cmap: String) {
    var nerve = NerveConfiguration()
    nerve.seed = seed
    // A CMAP of some 8 mV in the healthy muscle.
    nerve.meanAmplitudeMicrovolts =
      8_000 / Double(patient.configuration.recording.pool.unitCount)
    let axons = try patient.nerve(atMonth: patient.configuration.visitMonths[index], nerve)
    var session = CMAPScanConfiguration()
    session.seed = seed &* 1_000 &+ UInt64(index)
    let scan = try simulateCMAPScan(of: axons, session)
    var responses = StimulatedResponseConfiguration()
    responses.seed = session.seed
    responses.samplingRate = 5_000
    responses.leadMilliseconds = 30
    responses.spanMilliseconds = 90
    let strong = axons.supramaximalMilliamperes
    var cmap = SharedPoolSession.recording(
      try simulateResponses(
        of: axons, stimuliMilliamperes: [strong, strong, strong, strong], responses))
    cmap.startTime = Date(timeIntervalSince1970: Double(day.dayNumber) * 86_400 + 9 * 3_600)
    let files = (scan: "\(name)-scan.csv", cmap: "\(name)-cmap.edf")
    try AtomicFile.write(scan.table, to: folder.appendingPathComponent(files.scan).path)
    try RecordingFile.write(cmap, to: folder.appendingPathComponent(files.cmap).path)
    return files
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
