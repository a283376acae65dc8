import Foundation

/// A second reading of scans with a few steps far larger than the others.
///
/// A step of a third of the CMAP may be one reinnervated unit beside many small ones, or the scan may
/// hold few units in all: one channel does not tell which. The networks, trained on sizes that vary
/// less, read the latter. For the other reading the steps are taken for one unit each and closed up
/// to the size of the others, which leaves the number of units as it is.
enum EnlargedUnits {
  /// The scan with its large steps closed, and their sizes as fractions of the CMAP, the largest
  /// first; nil where there are none.
  static func closed(
    _ scan: CMAPScan, settings: ScanConfiguration.Enlarged = ScanConfiguration.Enlarged()
  ) throws -> (scan: CMAPScan, sizes: [Double])? {
    let prepared = try PreparedScan(scan)
    let sorted = prepared.response.sorted()
    let gain = max(
      prepared.noiseTop * prepared.noiseTop - prepared.noiseBottom * prepared.noiseBottom, 0)
    func noise(_ level: Double) -> Double {
      let share = min(max(level, 0), 1)
      return (prepared.noiseBottom * prepared.noiseBottom + gain * share * share).squareRoot()
    }
    let gaps = zip(sorted, sorted.dropFirst()).map { (low: $0, size: $1 - $0) }
    let large = gaps.filter {
      $0.size > max(settings.leastShare, settings.largeDeviations * noise($0.low + $0.size))
    }
    guard !large.isEmpty else { return nil }
    let rest = 1 - large.reduce(0) { $0 + $1.size }
    guard rest > settings.leastRest else { return nil }
    let small = gaps.filter {
      $0.size <= settings.leastShare
        && $0.size > settings.smallDeviations * noise($0.low + $0.size)
    }
    let typical =
      small.count >= 3
      ? OrderStatistics.median(small.map(\.size)) : settings.smallDeviations * prepared.noiseBottom
    let closedTo = min(typical, settings.leastShare)
    var result = scan
    result.responseMillivolts = scan.responseMillivolts.map { value in
      let level = (value - prepared.baseline) / prepared.cmap
      let taken = large.reduce(0.0) { sum, gap in
        level > gap.low + gap.size / 2 ? sum + gap.size - closedTo : sum
      }
      return value - taken * prepared.cmap
    }
    result.preScanCount = prepared.preScanCount
    result.postScanCount = prepared.postScanCount
    return (result, large.map(\.size).sorted(by: >))
  }
}
