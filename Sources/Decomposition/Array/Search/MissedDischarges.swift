import Signal

/// Recovers discharges that fell below the threshold of the two classes.
///
/// Where an interval is about a whole multiple of the usual one, the highest peak of the source near
/// each expected time is taken if it stands clearly above the noise: a discharge that is partly
/// cancelled by another unit has a low peak, but falls where the train's rhythm expects it
/// (firing-pattern consistency; LeFever and De Luca 1982, IEEE Trans. Biomed. Eng. 29).
enum MissedDischarges {
  /// The discharges with the recovered ones, ascending.
  ///
  /// - Parameters:
  ///   - discharges: whole samples, ascending.
  ///   - source: the source, scaled so that the mean discharge peak is 1.
  ///   - refractory: shortest distance of two discharges in samples.
  static func recovered(
    _ discharges: [Int], in source: Span<Float>, refractory: Int,
    settings: ArrayConfiguration.Missed
  ) -> [Int] {
    if discharges.count < settings.fewestDischarges { return discharges }
    let intervals = zip(discharges.dropFirst(), discharges).map { $0 - $1 }
    let usual = Double(intervals.sorted()[intervals.count / 2])
    let limit = max(
      settings.lowestHeight,
      settings.lowestNoiseRatio * noise(source, discharges: discharges))
    var result: [Int] = []
    for (first, second) in zip(discharges, discharges.dropFirst()) {
      result.append(first)
      let missing = Int((Double(second - first) / usual).rounded()) - 1
      // A longer silence is a pause, and its rhythm says nothing.
      if missing < 1 || missing > settings.mostMissing { continue }
      let step = Double(second - first) / Double(missing + 1)
      for place in 1...missing {
        let expected = Double(first) + Double(place) * step
        let low = max(first + refractory, Int(expected - settings.searchShare * step))
        let high = min(second - refractory, Int(expected + settings.searchShare * step))
        guard low <= high, let peak = highestPeak(source, from: low, to: high) else { continue }
        let isFree = (result.last ?? first) + refractory <= peak
        if source[peak] >= limit && isFree { result.append(peak) }
      }
    }
    if let last = discharges.last { result.append(last) }
    return result
  }

  /// Root mean square of the source away from the discharges.
  private static func noise(_ source: Span<Float>, discharges: [Int]) -> Float {
    let total = VectorKernel.dot(source, source)
    var pulses: Float = 0
    var samples = 0
    for discharge in discharges {
      for sample in max(0, discharge - 2)...min(source.count - 1, discharge + 2) {
        pulses += source[sample] * source[sample]
        samples += 1
      }
    }
    return (max(0, total - pulses) / Float(max(1, source.count - samples))).squareRoot()
  }

  private static func highestPeak(_ source: Span<Float>, from low: Int, to high: Int) -> Int? {
    var best: Int?
    for sample in max(1, low)...max(1, min(high, source.count - 2)) {
      let isPeak = source[sample] > source[sample - 1] && source[sample] >= source[sample + 1]
      if isPeak && source[sample] > best.map({ source[$0] }) ?? 0 { best = sample }
    }
    return best
  }
}
