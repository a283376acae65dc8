import ArgumentParser
import Foundation
import Signal
import UnitNumber

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Simulates scans, trains the networks, calibrates them and writes the weights.")

  @Option(help: "Number of simulated scans.")
  var scans = 320_000
  @Option(help: "Seed of the simulation and of the training.")
  var seed: UInt64 = 20_260
  @Option(help: "Number of networks.")
  var networks = 4
  @Option(help: "Passes over the training scans.")
  var epochs = 20
  @Option(help: "Share of the scans kept for calibration.")
  var calibrationShare = 0.15
  @Option(help: "Pools scanned twice for the error between two scans of one pool.")
  var repeatPairs = 12_000
  @Option(help: "Number of threads; the result does not depend on it.")
  var threads: Int?
  @Option(help: "Takes the networks from this weights file and only calibrates them.")
  var networksFrom: String?
  @Flag(
    help: "With --networks-from: takes its calibration too and only measures the repeatability.")
  var keepCalibration = false
  @Flag(help: "Trains on exponential pools alone, for the frontier where the sizes' law is known.")
  var onlyExponential = false
  @Flag(help: "Calibrates on other scans, which leave out what real ones are not expected to hold.")
  var plausibleCalibration = false
  @Flag(help: "Adds slow fluctuations of the gain and of all thresholds to the scans.")
  var fluctuating = false
  @Flag(help: "Adds rare larger deflections to the noise of half of the scans.")
  var outliers = false
  @Option(help: "File to write.")
  var output = "Sources/UnitNumber/Resources/cmap-scan-weights.bin"
  @Option(help: "Version to write into the file.")
  var weightsVersion = "2"

  /// What the scans hold besides units, drift and noise.
  private var disturbed: TrainingPool.Mixture {
    outliers ? .outliers : fluctuating ? .fluctuating : .all
  }

  func run() throws {
    let parallelism = Parallelism(threadCount: threads)
    let began = Date()
    @Sendable func note(_ text: String) {
      let seconds = Int(Date().timeIntervalSince(began))
      FileHandle.standardError.write(Data("\(seconds) s: \(text)\n".utf8))
    }
    let made = try networksAndCalibration(parallelism: parallelism, note: note)
    var weights = ScanWeights(
      description: .init(
        version: weightsVersion,
        command:
          "train-cmap-scan train --scans \(scans) --seed \(seed) --networks \(networks) "
          + "--epochs \(epochs) --calibration-share \(calibrationShare) "
          + (onlyExponential ? "--only-exponential " : "")
          + (fluctuating ? "--fluctuating " : "")
          + (outliers ? "--outliers " : "")
          + (plausibleCalibration ? "--plausible-calibration " : "")
          + "--repeat-pairs \(repeatPairs) --weights-version \(weightsVersion)",
        scanCount: scans, seed: seed,
        trainedOn: onlyExponential
          ? "exponential pools without floor only"
          : Self.trainedOn + (fluctuating ? "; slow fluctuations of gain and thresholds" : "")),
      ensemble: made.ensemble, calibration: made.calibration,
      n50Calibration: made.n50Calibration, repeatability: .unmeasured(made.calibration))
    note("measuring the repeatability")
    // Through the file's own precision, so that a file read back gives the same table.
    let stored = try ScanWeights(data: try weights.encoded(), source: output)
    weights.repeatability = RepeatabilityTable.make(
      pairs: repeatPairs, seed: seed, mixture: disturbed,
      estimator: CMAPScanEstimator(weights: stored),
      parallelism: parallelism)
    let data = try weights.encoded()
    try data.write(to: URL(fileURLWithPath: output), options: .atomic)
    note("wrote \(data.count) bytes to \(output)")
  }

  private func networksAndCalibration(
    parallelism: Parallelism, note: @escaping @Sendable (String) -> Void
  ) throws -> (
    ensemble: ScanEnsemble, calibration: ScanCalibration, n50Calibration: ScanCalibration
  ) {
    let file = try networksFrom.map { path in
      let url = URL(fileURLWithPath: path)
      return try ScanWeights(data: Data(contentsOf: url), source: url.lastPathComponent)
    }
    if let file, keepCalibration { return (file.ensemble, file.calibration, file.n50Calibration) }
    let held = Int(Double(scans) * calibrationShare)
    // Scan k depends on the seed and on k alone: calibration needs no more than its own scans.
    let set = TrainingSet(
      seed: seed, count: file == nil ? scans : held,
      mixture: onlyExponential ? .exponential : disturbed,
      parallelism: parallelism
    ) {
      note("\($0) scans simulated")
    }
    let ensemble =
      file?.ensemble ?? train(set, rows: held..<scans, parallelism: parallelism, note: note)
    note("calibrating")
    let judged =
      plausibleCalibration
      ? TrainingSet(
        seed: seed, first: Self.plausibleFirst, count: held, mixture: .plausible,
        parallelism: parallelism
      ) { note("\($0) scans for calibration simulated") } : set
    return (
      ensemble,
      CalibrationTable.make(
        .logCount, logCounts: CalibrationTable.logCounts, ensemble: ensemble, set: judged,
        rows: 0..<held),
      CalibrationTable.make(
        .logN50, logCounts: CalibrationTable.n50LogCounts, ensemble: ensemble, set: judged,
        rows: 0..<held)
    )
  }

  /// Number of the first scan of the plausible calibration; the other scans count from 0.
  private static let plausibleFirst = 1_000_000_000

  private func train(
    _ set: TrainingSet, rows: Range<Int>, parallelism: Parallelism, note: @Sendable (String) -> Void
  ) -> ScanEnsemble {
    let standard = set.standardisation(rows)
    let ready = set.standardised(mean: standard.mean, deviation: standard.deviation)
    var training = NetworkTraining()
    training.epochs = epochs
    let (configured, first) = (training, seed)
    let trained = parallelism.map(networks) { index in
      configured.train(ready, rows: rows, seed: first &+ UInt64(index)) { epoch, loss in
        note("network \(index + 1), pass \(epoch + 1): loss \((loss * 1000).rounded() / 1000)")
      }
    }
    return ScanEnsemble(mean: standard.mean, deviation: standard.deviation, networks: trained)
  }

  static let trainedOn =
    "simulated scans only: 2 to 450 units log-uniform; sizes lognormal, floor plus exponential, "
    + "gamma, reinnervated, near-equal; threshold CV 5 to 36 %, normal, clustered or heavy-tailed; "
    + "40 % of pools with regular thresholds or sizes ordered by threshold; relative spread 0.2 to "
    + "3.3 %; waveform sums with phase cancellation (90 %); drift of gain and thresholds; additive "
    + "noise 0.8 to 200 % of the mean unit, proportional noise to 0.6 %"
}
