/// The points of a scan during cleaning, in order of delivery, with their numbers in the file.
struct ScanPoints {
  /// Index of each point in the scan as it was read.
  var indices: [Int]
  /// mA.
  var stimulus: [Double]
  /// mV.
  var response: [Double]
  /// Leading supramaximal points.
  var preCount: Int
  /// Trailing subthreshold points.
  var postCount: Int
  /// Whether the recording itself states the leading supramaximal points.
  let preIsStated: Bool

  /// Number of points.
  var count: Int { stimulus.count }

  /// The points between pre-scan and post-scan.
  var middle: Range<Int> { preCount..<max(preCount, count - postCount) }

  init(_ scan: CMAPScan) {
    indices = Array(scan.stimulusMilliamps.indices)
    stimulus = scan.stimulusMilliamps
    response = scan.responseMillivolts
    preIsStated = scan.preScanCount != nil
    preCount = min(
      max(
        scan.preScanCount
          ?? PreparedScan.detectPreScan(stimulus: stimulus, response: response), 6),
      stimulus.count)
    postCount = min(
      max(scan.postScanCount ?? PreparedScan.detectPostScan(response: response), 6),
      stimulus.count)
  }

  /// Median of the post-scan, mV.
  var baseline: Double { OrderStatistics.median(response.suffix(postCount)) }

  /// Median of the last 20 points of the pre-scan above the baseline, mV.
  var cmap: Double {
    OrderStatistics.median(response[max(0, preCount - 20)..<preCount]) - baseline
  }

  /// Noise of the post-scan, mV.
  var bottomNoise: Double { PreparedScan.differenceNoise(response.suffix(postCount)) }

  /// Noise of the pre-scan, mV.
  var topNoise: Double { PreparedScan.differenceNoise(response[..<preCount]) }

  /// The smallest difference between two different responses, mV: the resolution of the file.
  var quantum: Double {
    let sorted = response.sorted()
    // Differences of the last binary digits are none.
    let least = 1e-9 * max(abs(sorted.first ?? 0), abs(sorted.last ?? 0))
    return zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > least }.min() ?? 0
  }

  /// Leaves points out; the counts of pre- and post-scan follow.
  mutating func remove(_ places: Set<Int>) {
    guard !places.isEmpty else { return }
    let post = count - postCount
    let (before, after) = (places.count { $0 < preCount }, places.count { $0 >= post })
    let kept = stimulus.indices.filter { !places.contains($0) }
    indices = kept.map { indices[$0] }
    stimulus = kept.map { stimulus[$0] }
    response = kept.map { response[$0] }
    preCount -= before
    postCount -= after
  }
}
