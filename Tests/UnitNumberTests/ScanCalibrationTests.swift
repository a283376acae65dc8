import Foundation
import Signal
import Testing

@testable import UnitNumber

struct ScanCalibrationTests {
  /// A table whose quantiles are those of a biased normal error, shifting with ln N.
  static func table() -> ScanCalibration {
    let counts = [2.0, 20, 200].map { log($0) }
    var quantiles: [Double] = []
    for count in counts {
      for _ in 0..<4 { quantiles += [-1.645, 0, 1.645].map { $0 + 0.2 * count } }
    }
    return ScanCalibration(
      logCounts: counts, logNoises: [-4, 0], logDeviations: [-3, -1], quantiles: quantiles)
  }

  @Test("inversion takes the bias out and covers each true number")
  func coverage() {
    var random = SeededGenerator(seed: 6)
    for truth in [3.0, 10, 60, 180] {
      var covered = 0
      var below = 0
      let trials = 600
      for _ in 0..<trials {
        let deviation = 0.12
        let zeta = 0.2 * log(truth) + random.normal()
        let set = Self.table().invert(
          prediction: log(truth) - deviation * zeta, deviation: deviation, noise: 1e-3, least: 1)
        if set.low <= log(truth) + 0.007 && log(truth) - 0.007 <= set.high { covered += 1 }
        if set.point < log(truth) { below += 1 }
      }
      #expect((0.87...0.945).contains(Double(covered) / Double(trials)), "\(truth)")
      #expect((0.42...0.58).contains(Double(below) / Double(trials)), "\(truth)")
    }
  }

  @Test("interpolation between nodes, held at the edges")
  func interpolation() {
    let table = Self.table()
    func median(_ count: Double) -> Double {
      table.quantiles(logCount: count, logNoise: 9, logDeviation: -2)[1]
    }
    #expect(abs(median(log(20)) - 0.2 * log(20)) < 1e-12)
    #expect(abs(median(log(40)) - 0.2 * log(40)) < 1e-12)
    #expect(abs(median(log(4000)) - 0.2 * log(200)) < 1e-12)
    #expect(abs(median(-3) - 0.2 * log(2)) < 1e-12)
  }
}
