import Foundation
import Simulation

/// Small recordings that the tests share: quick to make even without optimisation.
enum ArrayExamples {
  /// 4 x 3 electrodes, 12 units, 4 s at a constant level.
  static func small(seed: UInt64 = 3) -> ArraySimulationConfiguration {
    var configuration = ArraySimulationConfiguration()
    configuration.seed = seed
    configuration.samplingRate = 1000
    configuration.duration = 4
    configuration.electrodes = .grid(rows: 4, columns: 3, spacing: 8)
    configuration.pool.unitCount = 12
    configuration.muscle.bundlesPerUnit = 6
    configuration.drive = DriveProfile(.constant, levelPercentMVC: 30)
    configuration.drive.restSeconds = 1
    return configuration
  }

  /// Mean square of a stretch of a signal.
  static func power(_ signal: [Float], _ range: Range<Int>) -> Double {
    range.reduce(0) { $0 + Double(signal[$1]) * Double(signal[$1]) } / Double(range.count)
  }

  /// Mean and coefficient of variation of the intervals of ascending times.
  static func intervals(_ times: [Double]) -> (mean: Double, variation: Double) {
    let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    return (mean, variance.squareRoot() / mean)
  }
}
