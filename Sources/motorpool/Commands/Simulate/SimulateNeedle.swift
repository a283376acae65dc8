import Analyses
import ArgumentParser
import Recordings
import Reports
import Simulation
import Terminal

/// `motorpool simulate needle`: a needle recording with its true spike trains.
struct SimulateNeedle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "needle",
    abstract: "Simulate a recording with a needle.",
    discussion: """
      Fibre by fibre: units near the needle, whose discharges are the truth, before a background of \
      distant units. The format follows from the file's extension: .wav, .edf, .bdf, .csv or .mat.

      Examples:
        motorpool simulate needle -o needle.edf --truth truth.csv
        motorpool simulate needle -o needle.edf --truth truth.csv \\
          --kind myopathic --units 8 --seed 4
        motorpool simulate needle -o wires.bdf --truth truth.csv \\
          --electrode fineWire --channels 3
      """)

  @Option(name: .shortAndLong, help: "File to write: .wav, .edf, .bdf, .csv or .mat.")
  var output: String

  @Option(help: "CSV file for the truth: unit,sample,time_s.")
  var truth: String

  @Option(
    name: .customLong("distant-truth"),
    help: "CSV file for the discharges of the distant units, of which the nearest may be found too."
  )
  var distantTruth: String?

  @OptionGroup var outputs: OutputArguments

  @Option(help: "Condition of the muscle: normal, neuropathic or myopathic.")
  var kind: NeedleSimulationConfiguration.Kind = .normal

  @Option(help: "Recording surface: concentric, monopolar or fineWire.")
  var electrode: NeedleSimulationConfiguration.Electrode = .concentric

  @Option(help: "Channels, 1 to 4.")
  var channels = 1

  @Option(name: .customLong("fs"), help: "Sampling rate in Hz.")
  var samplingRate: Double = 10_000

  @Option(help: "Duration in seconds.")
  var duration = 10.0

  @Option(help: "Active units near the needle.")
  var units = 6

  @Option(name: .customLong("background-units"), help: "Active distant units.")
  var backgroundUnits = 25

  @Option(help: "Factor on the potentials of the distant units; 2 doubles the background.")
  var background = 1.0

  @Option(help: "Probability that a discharge is the first of a doublet.")
  var doublets = 0.0

  @Option(help: "Movement of the needle over the recording in mm.")
  var movement = 0.0

  @Option(help: "Amplitude of mains hum (50 Hz and harmonics) in uV.")
  var hum = 0.0

  @Option(help: "Seed of anatomy, discharges and noise; the same seed gives the same recording.")
  var seed: UInt64 = 1

  func run() throws {
    var configuration = NeedleSimulationConfiguration(kind, unitCount: units, seed: seed)
    configuration.electrode = electrode
    configuration.channels = channels
    configuration.samplingRate = samplingRate
    configuration.duration = duration
    configuration.backgroundUnitCount = backgroundUnits
    configuration.backgroundGain = background
    configuration.doubletProbability = doublets
    configuration.movementMillimetres = movement
    configuration.lineAmplitudeMicrovolts = hum
    let place = try outputs.recording(output, of: "simulate needle")
    let truthPlace = try outputs.file(truth, of: "simulate needle")
    let distantPlace = try distantTruth.map { try outputs.file($0, of: "simulate needle") }
    try OutputPlace.requireApart([place, truthPlace] + [distantPlace].compactMap { $0 })
    let meter = ProgressMeter("simulating a needle in \(units) units")
    let simulated = try simulateNeedle(configuration, progress: meter.share)
    meter.finish()
    let origin = place.origin(seed: seed)
    let recording = Recording(
      signals: simulated.signals, samplingRate: simulated.samplingRate,
      names: (0..<simulated.signals.count).map { "EMG \($0 + 1)" })
    try place.write(origin) { try RecordingFile.write(recording, to: $0) }
    try truthPlace.write(origin, simulated.truthTable)
    try distantPlace?.write(origin, simulated.distantTruthTable)
    print(
      "\(output): \(channels) EMG channel\(channels == 1 ? "" : "s"), "
        + "\(Formatting.rate(simulated.samplingRate)) Hz, \(Formatting.duration(duration)), "
        + "\(kind.rawValue), seed \(seed)")
    print("\(truth): \(simulated.units.count) units near the needle")
    if let distantTruth {
      print("\(distantTruth): \(simulated.distantSpikeTimes.count) distant units")
    }
  }
}

extension NeedleSimulationConfiguration.Kind: ExpressibleByArgument {}
extension NeedleSimulationConfiguration.Electrode: ExpressibleByArgument {}
