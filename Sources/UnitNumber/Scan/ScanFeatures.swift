import Foundation

/// The numbers that describe a CMAP scan to the trained networks.
///
/// Everything is a local difference over at most 8 % of stimulus, so that drift enters only as a
/// slope, and a fraction of the CMAP, so that a gain error cannot enter. The offsets inside the
/// logarithms are part of the trained interface.
package struct ScanFeatures {
  /// How many numbers `values` holds.
  package static let count = 274

  /// Half-widths of the local fits in ln stimulus; 0 stands for the direct neighbours.
  static let scales = [0, 0.005, 0.01, 0.02, 0.04, 0.08]

  /// The features in their fixed order.
  package private(set) var values: [Double] = []

  let x: [Double]
  let z: [Double]
  let noiseBottom: Double
  let noiseTop: Double
  /// Square of the noise proportional to the response.
  let gainVariance: Double
  let fits: [LocalLinearFit]
  /// The points between the plateaus, two more on either side.
  let rising: Range<Int>
  /// Responses between the plateaus by level, in order of stimulus, and their noise.
  var activeResponses: [Double] = []
  var activeNoise: [Double] = []

  /// Computes all features of a prepared scan.
  package init(_ scan: PreparedScan) {
    z = scan.response
    let count = z.count
    // Equal stimuli are told apart by their order.
    x = scan.logStimulus.indices.map { scan.logStimulus[$0] + Double($0) * 1e-9 }
    noiseBottom = max(scan.noiseBottom, 1e-5)
    noiseTop = scan.noiseTop
    gainVariance = max(noiseTop * noiseTop - noiseBottom * noiseBottom, 0)
    let (axis, response) = (x, z)
    fits = Self.scales.map { LocalLinearFit(x: axis, y: response, halfWidth: $0) }
    let (bottom, top) = (4 * noiseBottom, 1 - 4 * noiseTop)
    let first = response.firstIndex { $0 > bottom && $0 < top } ?? 0
    let last = response.lastIndex { $0 > bottom && $0 < top } ?? count - 1
    rising = max(first - 2, 0)..<min(last + 3, count)
    values.reserveCapacity(Self.count)
    appendCurve()
    appendDifferences()
    appendPairDifferences(scan.logStimulus)
    appendLevelModes()
    appendZones()
    precondition(values.count == Self.count, "the number of features is fixed")
  }

  /// Adds features; what is not a number or infinite becomes a bounded number.
  mutating func append(_ new: Double) {
    if new.isNaN {
      values.append(0)
    } else {
      values.append(new == .infinity ? 20 : new == -.infinity ? -20 : new)
    }
  }

  mutating func append(_ new: [Double]) {
    for value in new { append(value) }
  }

  /// How many of the largest values (`descending`) it takes to reach a share of the CMAP.
  static func countReaching(_ share: Double, descending: [Double]) -> Int {
    var sum = 0.0
    var count = 0
    for value in descending {
      sum += value
      if sum >= share { return count }
      count += 1
    }
    return count
  }
}
