import Foundation

/// An index of the number of steps in a CMAP scan from an exponential law of the ranked steps.
///
/// The idea of STEPIX (Nandedkar, Barkhaus and Stålberg 2022): responses are sorted by size, their
/// differences are the steps, and the steps in falling order follow A exp(-rank / T). The index is
/// CMAP / A, the number of steps of the largest fitted size. Re-created from the idea; an index and
/// not a number of units, limited by the number of stimuli.
public struct RankedStepIndex: Sendable, Equatable {
  /// CMAP over the fitted largest step.
  public let index: Double
  /// The fitted largest step, uV.
  public let stepMicrovolts: Double

  /// Computes the index; throws `UnitNumberError` where the scan is too short, has no CMAP or has
  /// fewer than three steps above its noise.
  public init(_ scan: CMAPScan) throws {
    let prepared = try PreparedScan(scan)
    let sorted = prepared.response.sorted()
    let steps = zip(sorted.dropFirst(), sorted).map { $0 - $1 }.sorted(by: >)
    // Steps below the noise are spacing of the noise itself.
    let limit = max(3 * prepared.noiseBottom, 1e-6)
    let points = steps.prefix { $0 > limit }.enumerated().map {
      (rank: Double($0.offset), log: log($0.element))
    }
    guard points.count >= 3 else {
      throw UnitNumberError(
        .unusableData, source: scan.name, found: "\(points.count) steps above the noise",
        expected: "at least 3")
    }
    let number = Double(points.count)
    let meanX = points.reduce(0) { $0 + $1.rank } / number
    let meanY = points.reduce(0) { $0 + $1.log } / number
    let xx = points.reduce(0) { $0 + ($1.rank - meanX) * ($1.rank - meanX) }
    let xy = points.reduce(0) { $0 + ($1.rank - meanX) * ($1.log - meanY) }
    let largest = exp(meanY - xy / xx * meanX)
    index = 1 / largest
    stepMicrovolts = 1000 * largest * prepared.cmap
  }
}
