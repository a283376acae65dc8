import Foundation

/// How far two scans of one pool differ: standard errors of ln N and ln N50 for comparisons.
///
/// What a scan cannot tell about a pool (its spread of sizes) errs alike in a second scan, so that
/// the error against the truth is too large for a comparison of two visits. The table holds the
/// 95 % quantile of |difference| / sqrt(2) over 1.96 on simulated pairs of scans, so that pairs of a
/// stable pool differ by more than 1.96 errors in 5 %. Electrodes placed anew come on top of it.
package struct ScanRepeatability: Sendable, Equatable {
  /// Nodes in ln of the estimate, ascending.
  package var logCounts: [Double]
  /// Nodes in ln(noise below threshold as a fraction of the CMAP, times the estimated number).
  package var logNoises: [Double]
  /// Nodes in ln of the ensemble's standard deviation.
  package var logDeviations: [Double]
  /// ln of the standard error of ln N: [N][noise][deviation], flattened.
  package var logCountErrors: [Double]
  /// ln of the standard error of ln N50, by the same nodes.
  package var logN50Errors: [Double]

  package init(
    logCounts: [Double], logNoises: [Double], logDeviations: [Double], logCountErrors: [Double],
    logN50Errors: [Double]
  ) {
    let size = logCounts.count * logNoises.count * logDeviations.count
    precondition(
      logCountErrors.count == size && logN50Errors.count == size, "repeatability table size")
    self.logCounts = logCounts
    self.logNoises = logNoises
    self.logDeviations = logDeviations
    self.logCountErrors = logCountErrors
    self.logN50Errors = logN50Errors
  }

  /// The table before anything is measured: 10 % everywhere, on the nodes of a calibration.
  package static func unmeasured(_ calibration: ScanCalibration) -> ScanRepeatability {
    let size = calibration.logNoises.count * calibration.logDeviations.count
    let errors = [Double](repeating: log(0.1), count: size)
    return ScanRepeatability(
      logCounts: [0], logNoises: calibration.logNoises, logDeviations: calibration.logDeviations,
      logCountErrors: errors, logN50Errors: errors)
  }

  /// Standard errors of ln N and ln N50, linear between nodes, clamped at the edges.
  ///
  /// `noise` is the noise below threshold as a fraction of the CMAP.
  package func errors(
    logCount: Double, noise: Double, deviation: Double
  ) -> (count: Double, n50: Double) {
    let (n0, nf) = ScanCalibration.place(logCount, in: logCounts)
    let (v0, vf) = ScanCalibration.place(log(noise) + logCount, in: logNoises)
    let (d0, df) = ScanCalibration.place(log(deviation), in: logDeviations)
    var (count, n50) = (0.0, 0.0)
    for corner in 0..<8 {
      let (a, b, c) = (corner & 1, (corner >> 1) & 1, corner >> 2)
      let weight =
        (a == 0 ? 1 - nf : nf) * (b == 0 ? 1 - vf : vf) * (c == 0 ? 1 - df : df)
      if weight == 0 { continue }
      let node = ((n0 + a) * logNoises.count + v0 + b) * logDeviations.count + d0 + c
      count += weight * logCountErrors[node]
      n50 += weight * logN50Errors[node]
    }
    return (exp(count), exp(n50))
  }
}
