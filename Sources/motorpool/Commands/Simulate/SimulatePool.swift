import Analyses
import ArgumentParser
import Recordings
import Reports
import Simulation
import Terminal

/// `motorpool simulate pool`: one pool of motor units, recorded by every method.
struct SimulatePool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pool",
    abstract: "Simulate one pool of motor units for every method, healthy or after a loss.",
    discussion: """
      One pool of units (sizes, thresholds, relative spread, potentials, recruitment by size) gives \
      a CMAP scan, CMAPs, interference patterns, responses for the stimulation methods, and a grid \
      and a needle recording of one contraction on the same clock. --living lets units die; near \
      survivors adopt a share of their fibres. truth.json holds the pool.

      Examples:
        motorpool simulate pool -o pool --units 120 --seed 4
        motorpool simulate pool -o late --units 120 --living 30 --seed 4
        motorpool munix pool/sip.edf --cmap pool/cmap.edf
        motorpool mune incremental pool/levels.csv --cmap-mv 7.1
      """)

  @Option(name: .shortAndLong, help: "Folder to write into; it is made if it is not there.")
  var output: String

  @OptionGroup var outputs: OverwriteArguments

  @Option(help: "Motor units of the healthy muscle.")
  var units = 160

  @Option(help: "Motor units that are alive; default: all.")
  var living: Int?

  @Option(name: .customLong("adopted"), help: "Share of dead units' fibres that survivors adopt.")
  var adopted = 0.5

  @Option(name: .customLong("mean-uv"), help: "Mean amplitude of a healthy unit in microvolts.")
  var meanMicrovolts = 60.0

  @Option(help: "Mean relative spread of the thresholds from stimulus to stimulus in percent.")
  var spread = 1.7

  @Option(name: .customLong("noise-uv"), help: "RMS of the noise of one response in microvolts.")
  var noiseMicrovolts = 5.0

  @Option(help: "Force of the contraction of grid and needle, percent of maximum.")
  var force = 25.0

  @Option(help: "Duration of the contraction of grid and needle in seconds.")
  var duration = 20.0

  @Option(help: "Seed of the pool; the same seed gives the same pool and order of deaths.")
  var seed: UInt64 = 1

  @Option(help: "Number of the session: another one gives other noise and discharges.")
  var session = 1

  func validate() throws {
    guard session >= 1 else { throw ValidationError("--session \(session): at least 1") }
    guard force > 0, force <= 100 else {
      throw ValidationError("--force \(force): expected percent, above 0 to 100")
    }
    guard duration >= 5, duration <= 600 else {
      throw ValidationError("--duration \(duration): expected 5 to 600 seconds")
    }
  }

  func run() throws {
    var settings = SharedPoolConfiguration()
    settings.seed = seed
    settings.pool.unitCount = units
    settings.livingUnits = living
    settings.loss.adoptedShare = adopted
    settings.nerve.meanAmplitudeMicrovolts = meanMicrovolts
    settings.nerve.relativeSpread = spread / 100
    let pool = try SharedPool(settings)
    let place = try outputs.folder(output, of: "simulate pool")
    let meter = ProgressMeter("simulating \(pool.unitCount) units")
    let files = try SimulatedPoolFiles(
      SharedPoolSession(
        pool: pool, seed: seed &* 1_000 &+ UInt64(session), noiseMicrovolts: noiseMicrovolts,
        effortPercent: force, contractionSeconds: duration),
      settings: settings, progress: meter.show)
    meter.finish()
    let kept = try place.writeFolder(place.origin(seed: seed)) { try files.write(to: $0) }
    OutputPlace.tell(kept: kept)
    print(
      "\(output): \(pool.unitCount) living units of \(units), CMAP "
        + "\(Formatting.fixed(files.scan.maximumMillivolts, 2)) mV, seed \(seed), session \(session)"
    )
    print(
      "scan.csv, cmap.edf, sip.edf, levels.csv, sites.csv, units.csv, runs.csv, grid.edf, "
        + "grid-cmap.edf, needle.edf; truth.json, grid-truth.csv, needle-truth.csv")
  }
}
