import Analyses
import ArgumentParser
import Recordings
import Reports
import Simulation
import Terminal

/// `motorpool simulate array`: an electrode-array recording with its true spike trains.
struct SimulateArray: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "array",
    abstract: "Simulate a recording with an electrode array.",
    discussion: """
      A pool of motor neurons with recruitment by size and rate coding drives a muscle whose fibres \
      propagate potentials under the electrodes. The last channel is the force in % MVC. The format \
      follows from the file's extension: .wav, .edf, .bdf, .csv or .mat.

      Examples:
        motorpool simulate array -o grid.wav --truth truth.csv
        motorpool simulate array -o grid.bdf --truth truth.csv --rows 13 \\
          --columns 5 --snr 15
        motorpool simulate array -o wires.edf --truth truth.csv \\
          --electrodes intramuscular --channels 32
      """)

  @Option(name: .shortAndLong, help: "File to write: .wav, .edf, .bdf, .csv or .mat.")
  var output: String

  @Option(help: "CSV file for the truth: unit,sample,time_s.")
  var truth: String

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var settings: ArraySimulationArguments

  func run() throws {
    let configuration = try settings.configuration()
    let places = [
      try outputs.recording(output, of: "simulate array"),
      try outputs.file(truth, of: "simulate array"),
    ]
    try OutputPlace.requireApart(places)
    let meter = ProgressMeter("simulating \(configuration.electrodes.channelCount) channels")
    let simulated = try simulateArray(configuration, progress: meter.share)
    meter.finish()
    let origin = places[0].origin(seed: configuration.seed)
    try places[0].write(origin) { try RecordingFile.write(simulated.recording, to: $0) }
    try places[1].write(origin, simulated.truthTable)
    print(
      "\(output): \(simulated.signals.count) EMG channels and the force, "
        + "\(Formatting.rate(simulated.samplingRate)) Hz, "
        + "\(Formatting.duration(configuration.duration)), seed \(configuration.seed)")
    print("\(truth): \(simulated.activeUnits.count) active units of \(simulated.units.count)")
  }
}
