import Analyses
import ArgumentParser
import Recordings
import Reports
import Simulation
import Terminal

/// `motorpool simulate scan`: a CMAP scan with its true number of units.
struct SimulateScan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Simulate a CMAP scan of a nerve.",
    discussion: """
      Axons with a threshold and a relative spread each answer stimuli from supramaximal to \
      subthreshold; the response is the peak of the summed potentials of their units. The CSV file \
      has the columns stimulus_mA,cmap_mV.

      Examples:
        motorpool simulate scan -o scan.csv --truth scan-truth.json --units 40 \\
          --seed 3
        motorpool simulate scan -o scan.csv --truth scan-truth.json --units 12 \\
          --mean-uv 300 --noise-uv 10 --drift 0.05
      """)

  @Option(name: .shortAndLong, help: "CSV file to write.")
  var output: String

  @Option(help: "JSON file for the truth: unit count, N50, A50, CMAP, unit sizes and thresholds.")
  var truth: String

  @OptionGroup var outputs: OutputArguments

  @Option(help: "Motor units.")
  var units = 100

  @Option(name: .customLong("mean-uv"), help: "Mean amplitude of a unit in microvolts.")
  var meanMicrovolts = 80.0

  @Option(name: .customLong("size-sigma"), help: "Spread of the sizes: SD of their logarithm.")
  var sizeSigma = 0.6

  @Option(help: "Mean relative spread of the thresholds from stimulus to stimulus in percent.")
  var spread = 1.7

  @Option(help: "Stimuli between the supramaximal and the subthreshold part.")
  var stimuli = 500

  @Option(name: .customLong("noise-uv"), help: "RMS of the additive noise in microvolts.")
  var noiseMicrovolts = 5.0

  @Option(help: "Change of all responses from the first to the last stimulus (0.05 is 5 %).")
  var drift = 0.0

  @Option(help: "Seed of the session; the same seed gives the same scan.")
  var seed: UInt64 = 1

  @Option(name: .customLong("nerve-seed"), help: "Seed of the nerve; default: that of the session.")
  var nerveSeed: UInt64?

  func run() throws {
    var nerve = NerveConfiguration()
    nerve.seed = nerveSeed ?? seed
    nerve.unitCount = units
    nerve.meanAmplitudeMicrovolts = meanMicrovolts
    nerve.sizes = .lognormal(sigma: sizeSigma)
    nerve.relativeSpread = spread / 100
    var session = CMAPScanConfiguration()
    session.seed = seed
    session.stimulusCount = stimuli
    session.noiseMicrovolts = noiseMicrovolts
    session.gainDrift = drift
    guard units >= 1 else { throw ValidationError("--units \(units): at least 1") }
    guard (0...3).contains(sizeSigma) else {
      throw ValidationError("--size-sigma \(sizeSigma): expected 0 to 3")
    }
    let place = try outputs.file(output, of: "simulate scan")
    let truthPlace = try outputs.file(truth, of: "simulate scan")
    try OutputPlace.requireApart([place, truthPlace])
    let simulatedNerve = try SimulatedNerve(nerve)
    let scan = try simulateCMAPScan(of: simulatedNerve, session)
    let truthText = try JSONText.of(
      SimulatedScanTruth(scan, of: simulatedNerve, nerve: nerve, session: session))
    let origin = place.origin(seed: seed)
    try place.write(origin, scan.table)
    try truthPlace.write(origin, truthText)
    print("\(output): \(scan.stimuliMilliamperes.count) stimuli, seed \(seed)")
    print(
      "\(truth): \(scan.unitCount) units, CMAP \(Formatting.fixed(scan.maximumMillivolts, 2)) mV")
  }
}
