import ArgumentParser
import Foundation
import Signal
import UnitNumber

struct TimeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "time",
    abstract: "Measures the processor time of one scan: point, interval and quality together.")

  @Option(help: "Weights file; the built-in weights by default.")
  var weights: String?
  @Option(help: "Seed of the simulation.")
  var seed: UInt64 = 77
  @Option(help: "Scans for each number of units.")
  var scans = 50

  func validate() throws {
    guard (1...100_000).contains(scans) else { throw ValidationError("--scans: 1 to 100000") }
  }

  func run() throws {
    let estimator = try CMAPScanEstimator.load(weights)
    print("| units | scans | mean ms | slowest ms |\n|---|---|---|---|")
    for count in [10, 40, 160] {
      var random = SeededGenerator(seed: seed, stream: UInt64(count))
      let drawn = (0..<scans).map { _ in
        EvaluationPool.scan(
          EvaluationPool.draw(count: count, family: .exponential, &random), noiseMicrovolts: 5,
          drift: true, &random)
      }
      var times: [Double] = []
      for scan in drawn {
        let start = clock()
        _ = try estimator.estimate(scan)
        times.append(1000 * Double(clock() - start) / Double(CLOCKS_PER_SEC))
      }
      let mean = times.reduce(0, +) / Double(times.count)
      let slowest = times.max() ?? 0
      print(
        "| \(count) | \(scans) | \(String(format: "%.2f", mean)) | "
          + "\(String(format: "%.2f", slowest)) |")
    }
  }
}
