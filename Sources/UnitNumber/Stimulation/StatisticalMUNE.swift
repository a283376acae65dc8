import Foundation

/// Statistical estimation (Daube 1995): unit size from the variance of responses to equal stimuli.
///
/// In a run of equal submaximal stimuli the number of alternating units is taken as Poisson, so that
/// unit size = variance / (mean - lowest response). The lowest level is found by iteration: the mean
/// of the responses within half a unit of the lowest. Biased where unit sizes differ.
public struct StatisticalMUNE: Sendable, Equatable, Codable {
  /// Standard deviation of the recording noise, uV; its variance is subtracted.
  public var noiseMicrovolts: Double = 5
  /// Fewest responses in a run.
  public var minimumResponses: Int = 20
  /// Largest number of iterations of the lowest level.
  public var iterations: Int = 20
  /// The error of the CMAP and the bootstrap.
  public var errors = UnitNumberErrorModel()

  /// The default settings.
  public init() {}

  /// Estimates from runs of responses (mV), each at one stimulus, and the CMAP (mV).
  ///
  /// The mean unit is the mean over the runs.
  ///
  /// `progress` is told the share of the bootstrap done, 0 to 1; what it throws ends it.
  ///
  /// - Throws: `UnitNumberError` where no run can be used.
  public func estimate(
    runsMillivolts: [[Double]], cmapMillivolts: Double,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> UnitNumberEstimate {
    let method = "statistical"
    let cmap = try errors.checkedCMAP(cmapMillivolts, method: method)
    var runs: [[Double]] = []
    var sizes: [Double] = []
    var rejected: [Rejection] = []
    for (index, run) in runsMillivolts.enumerated() {
      let values = run.map { 1000 * $0 }
      if values.count < minimumResponses || !values.allSatisfy(\.isFinite) {
        rejected.append(
          Rejection(
            index: index,
            reason: "\(values.count) finite responses, \(minimumResponses) needed"))
      } else if let size = unitSize(values) {
        runs.append(values)
        sizes.append(size)
      } else {
        rejected.append(
          Rejection(index: index, reason: "the responses vary no more than the noise"))
      }
    }
    guard !runs.isEmpty else {
      throw UnitNumberError(
        .tooLittleData, source: method, found: "no usable run of \(runsMillivolts.count)",
        expected: "runs of \(minimumResponses) or more responses that vary by whole units",
        remedy: "record runs of 30 stimuli at several intensities")
    }
    let mean = sizes.reduce(0, +) / Double(sizes.count)
    let result = try errors.sample(cmap: cmap).result(
      count: cmap / mean, meanSize: mean,
      corrected: { errors.bias.statistical(errors.bias.cancelling($0, &$1), &$1) },
      progress: progress
    ) { random in
      var sum = 0.0
      var number = 0.0
      for _ in runs.indices {
        let run = runs[random.index(below: runs.count)]
        let sample = run.indices.map { _ in run[random.index(below: run.count)] }
        if let size = unitSize(sample) {
          sum += size
          number += 1
        }
      }
      return number > 0 ? sum / number : -1
    }
    var flags = [
      "assumes rare, equal units: unequal sizes make the number too low, units that answer often "
        + "too high"
    ]
    if runs.count < 4 { flags.append("\(runs.count) runs, 4 or more are recommended") }
    return UnitNumberEstimate(
      method: method, unitCount: result.count, interval90: result.interval,
      logStandardError: result.logStandardError, cmapMillivolts: cmapMillivolts,
      meanUnitMicrovolts: mean, unitsUsed: runs.count, rejected: rejected, flags: flags)
  }

  /// Unit size of one run in its own unit; nil where the variance does not exceed the noise.
  func unitSize(_ values: [Double]) -> Double? {
    let number = Double(values.count)
    let mean = values.reduce(0, +) / number
    let variance =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (number - 1)
      - noiseMicrovolts * noiseMicrovolts
    guard variance > 0, let lowest = values.min() else { return nil }
    var level = lowest
    var size = variance / max(mean - level, 1e-9)
    for _ in 0..<iterations {
      let near = values.filter { $0 <= lowest + size / 2 }
      let next = near.reduce(0, +) / Double(near.count)
      guard mean - next > 1e-9 else { return nil }
      if abs(next - level) < 1e-9 { break }
      level = next
      size = variance / (mean - level)
    }
    return size
  }
}
