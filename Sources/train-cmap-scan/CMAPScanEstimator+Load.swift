import Foundation
import UnitNumber

extension CMAPScanEstimator {
  /// The estimator with the weights of a file, or with the built-in weights where none is named.
  ///
  /// It reads no levels of few units: the figures are those of the networks.
  static func load(_ path: String?) throws -> CMAPScanEstimator {
    guard let path else { return try CMAPScanEstimator(fewUnits: nil) }
    let url = URL(fileURLWithPath: path)
    return CMAPScanEstimator(
      weights: try ScanWeights(data: Data(contentsOf: url), source: url.lastPathComponent))
  }
}
