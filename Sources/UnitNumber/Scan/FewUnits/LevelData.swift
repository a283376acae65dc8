import Foundation

/// The points of a scan as the likelihood over levels takes them: ln stimulus, response in uV.
struct LevelData: Sendable {
  /// Stimuli, mA, in order of delivery.
  let stimulus: [Double]
  /// ln of each stimulus.
  let logStimulus: [Double]
  /// Response less baseline, uV.
  let response: [Double]
  /// Place in the order of delivery, from -0.5 to 0.5.
  let progress: [Double]
  /// Noise below threshold, uV (standard deviation).
  let noise: Double
  /// Standard error of ln(noise), from the number of subthreshold points.
  let noiseLogError: Double
  /// CMAP above the baseline, uV.
  let cmap: Double
  /// Middle and half-width of the range of ln(stimulus) over which responses change.
  let range: (middle: Double, halfWidth: Double)

  /// Takes a cleaned scan; throws `UnitNumberError` where it is too short or has no CMAP.
  init(_ scan: CMAPScan) throws {
    let prepared = try PreparedScan(scan)
    let count = scan.responseMillivolts.count
    stimulus = scan.stimulusMilliamps
    logStimulus = scan.stimulusMilliamps.map { log($0) }
    response = scan.responseMillivolts.map { 1000 * ($0 - prepared.baseline) }
    progress = (0..<count).map { Double($0) / Double(max(count - 1, 1)) - 0.5 }
    noise = 1000 * prepared.noiseBottom * prepared.cmap
    // 0.7 is the standard error of ln(sd) of one value; successive differences lose a quarter.
    noiseLogError = max(0.05, 0.9 / Double(prepared.postScanCount).squareRoot())
    cmap = 1000 * prepared.cmap
    let low = max(0.03, 5 * prepared.noiseBottom)
    let changing = zip(prepared.logStimulus, prepared.response).filter { $1 > low && $1 < 0.97 }
      .map(\.0)
    let first = changing.min() ?? prepared.logStimulus[0]
    let last = changing.max() ?? prepared.logStimulus[prepared.logStimulus.count - 1]
    range = ((first + last) / 2, max(0.02, (last - first) / 2))
  }
}
