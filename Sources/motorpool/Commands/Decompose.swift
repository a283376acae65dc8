import ArgumentParser
import Decomposition
import Foundation
import MotorUnits
import Recordings
import Reports

/// `motorpool decompose`: one recording into motor units.
struct Decompose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Decompose a recording into the spike trains of single motor units.",
    discussion: """
      Writes units.json, spikes.csv, counts.csv and report.html into the output folder, for needle \
      recordings also units.eaf. One to three EMG channels are taken for a needle, more for an \
      array, unless --electrodes says otherwise. The units are those that can be told apart; their \
      number is not an estimate of the number of motor units of the muscle.

      Examples:
        motorpool decompose grid.mat --output results
        motorpool decompose grid.wav --mv-per-fs 1.0959 --output results --seed 7
        motorpool decompose array.bdf --electrodes intramuscular --output results
        motorpool decompose needle.hea --electrodes needle --output results
        motorpool decompose table.csv --fs 2048 --unit mV --grid 8x8,10 --output results
      """)

  @Argument(help: "Recording: WAV, W64, RF64, FLAC, AIFF, EDF, BDF, CSV, TSV, MAT or WFDB (.hea).")
  var file: String

  @Option(name: .shortAndLong, help: "Folder for the results; it is made if it is not there.")
  var output: String

  @OptionGroup var recording: RecordingArguments

  @OptionGroup var array: ArrayArguments

  @Flag(help: "Print the wall time of each stage.")
  var timings = false

  @Flag(help: "Print a JSON summary instead of tables.")
  var json = false

  func run() throws {
    let configuration = try array.configuration()
    let parallelism = try array.parallelism()
    let opened = try recording.open(file)
    let meter = ProgressMeter("decomposing \(opened.source.fileName)")
    if array.electrodes.isNeedle(channelCount: opened.emgChannels.count) {
      try array.requireNeedleOptions(file: file)
      try write(NeedleAnalysis(opened, parallelism: parallelism, meter: meter))
    } else {
      try write(
        ArrayAnalysis(
          opened, configuration: configuration, parallelism: parallelism, meter: meter))
    }
  }

  private func write(_ analysis: NeedleAnalysis) throws {
    var folder = OutputFolder(output)
    try analysis.add(to: &folder, command: CommandText.invocation)
    try folder.write()
    print(
      json
        ? try JSONText.of(NeedleSummary(analysis, output: output))
        : analysis.text(output: output, showsTimings: timings), terminator: json ? "" : "\n")
  }

  private func write(_ analysis: ArrayAnalysis) throws {
    let export = try analysis.export()
    var folder = OutputFolder(output)
    folder.add("units.json", export.unitsJSON())
    folder.add("spikes.csv", export.spikesCSV())
    folder.add("counts.csv", analysis.counts.csv)
    folder.add("report.html", analysis.report(command: CommandText.invocation).html())
    try folder.write()
    print(
      json ? try JSONText.of(DecomposeSummary(analysis, output: output)) : text(analysis),
      terminator: json ? "" : "\n")
  }

  private func text(_ analysis: ArrayAnalysis) -> String {
    let decomposition = analysis.decomposition
    var lines = [
      "\(analysis.recording.source.fileName): \(analysis.channels.count) channels, "
        + "\(Formatting.rate(analysis.recording.samplingRate)) Hz, "
        + "\(Formatting.duration(analysis.recording.duration))",
      "\(decomposition.units.count) motor units identified; residual power "
        + "\(Formatting.fixed(100 * decomposition.residualPowerShare, 1)) % after "
        + "\(decomposition.roundCount) rounds",
      ReportWording.identifiedCounts,
      "",
    ]
    var table = TextTable([
      "Unit", "Discharges", "Rate (Hz)", "CoV ISI", "SIL", "PNR (dB)", "Amplitude (uV)", "Round",
    ])
    for unit in decomposition.units {
      table.add([
        String(unit.id), String(unit.train.times.count),
        Formatting.fixed(unit.quality.meanRate, 1),
        Formatting.fixed(unit.quality.intervalVariation, 2),
        Formatting.fixed(unit.quality.silhouette, 3),
        Formatting.fixed(unit.quality.pulseToNoise, 1),
        analysis.hasPhysicalAmplitude
          ? Formatting.fixed(Double(unit.template.peakToPeak), 0) : "-",
        String(unit.quality.round),
      ])
    }
    lines.append(table.text)
    if timings {
      lines.append("")
      var stages = TextTable(["Stage", "Seconds"])
      for timing in decomposition.timings {
        stages.add([timing.stage, Formatting.fixed(timing.seconds, 3)])
      }
      lines.append(stages.text)
    }
    if !analysis.warnings.isEmpty { lines.append("") }
    lines += analysis.warnings.map { "Warning: \($0)" }
    lines.append("")
    lines.append("Results in \(output): units.json, spikes.csv, counts.csv, report.html")
    return lines.joined(separator: "\n")
  }
}

/// What `motorpool decompose --json` prints.
struct DecomposeSummary: Encodable {
  let software = SoftwareVersion.text
  let file: String
  let sha256: String
  let seed: UInt64
  let output: String
  let samplingRate: Double
  let channelCount: Int
  let badChannelCount: Int
  let durationSeconds: Double
  let identifiedUnits: Int
  let identifiedActiveUnitsPeak: Int
  let meanRateHertz: Double?
  let residualPowerShare: Double
  let rounds: Int
  let timings: [StageTiming]
  let warnings: [String]
  let note = ReportWording.identifiedCounts

  init(_ analysis: ArrayAnalysis, output: String) {
    file = analysis.recording.source.fileName
    sha256 = analysis.inputHash
    seed = analysis.decomposition.configuration.seed
    self.output = output
    samplingRate = analysis.recording.samplingRate
    channelCount = analysis.channels.count
    badChannelCount = analysis.decomposition.rejectedChannels.count
    durationSeconds = analysis.recording.duration
    identifiedUnits = analysis.decomposition.units.count
    identifiedActiveUnitsPeak = analysis.counts.first?.peak ?? 0
    meanRateHertz = analysis.meanRate
    residualPowerShare = analysis.decomposition.residualPowerShare
    rounds = analysis.decomposition.roundCount
    timings = analysis.decomposition.timings
    warnings = analysis.warnings
  }
}
