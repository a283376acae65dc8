import RealModule
import Signal

/// Decides for all peaks of a source together which are discharges, by their heights and by the
/// rhythm of the train.
///
/// Peaks are a renewal process of discharges with normal heights among a Poisson process of other
/// peaks with exponential heights; the most probable split follows by dynamic programming (Viterbi
/// 1967), and the laws are fitted to it again. A threshold on heights alone has to give up either
/// the discharges that another unit partly cancels or the peaks that others leave; the rhythm tells
/// many of them apart (LeFever and De Luca 1982, IEEE Trans. Biomed. Eng. 29).
struct DischargeDecoding {
  /// Sampling rate of the source in Hz.
  let rate: Double
  /// Shortest interval in samples.
  let refractory: Int
  let settings: ArrayConfiguration.Decoding

  private struct Laws {
    /// Heights of discharges.
    var height = (mean: 1.0, deviation: 0.2)
    /// Other peaks per second, and their mean height above the lowest.
    var others = (rate: 1.0, excess: 0.1)
    /// Deviation of the logarithms of the intervals from their usual one.
    var spread = 0.2
    /// Ends of intervals in seconds, and the usual interval there.
    var times: [Double] = []
    var usual: [Double] = []

    /// The usual interval at a time.
    func interval(at time: Double, hint: inout Int) -> Double {
      while hint + 1 < times.count && times[hint + 1] <= time { hint += 1 }
      return usual[hint]
    }
  }

  /// The discharges, ascending.
  ///
  /// - Parameters:
  ///   - discharges: whole samples of the discharges by height, ascending.
  ///   - source: the source, scaled so that the mean discharge peak is 1.
  func decoded(_ discharges: [Int], in source: Span<Float>) -> [Int] {
    if discharges.count < settings.fewestDischarges { return discharges }
    var peaks = SpikeClustering.dominantPeaks(
      source, distance: max(1, Int(settings.peakDistance * rate)))
    peaks = peaks.filter { source[$0] >= settings.lowestHeight }
    let heights = peaks.map { Double(source[$0]) }
    var chosen = Set(discharges)
    var result = discharges
    for _ in 0..<settings.passes {
      guard
        let laws = laws(peaks: peaks, heights: heights, chosen: chosen, sampleCount: source.count)
      else { break }
      result = mostProbable(laws, heights: heights, peaks: peaks).map { peaks[$0] }
      chosen = Set(result)
    }
    return result.count >= settings.fewestDischarges ? result : discharges
  }

  private func laws(
    peaks: [Int], heights: [Double], chosen: Set<Int>, sampleCount: Int
  ) -> Laws? {
    let own = peaks.indices.filter { chosen.contains(peaks[$0]) }
    if own.count < settings.fewestDischarges { return nil }
    var laws = Laws()
    let ordered = own.map { heights[$0] }.sorted()
    laws.height.mean = ordered[ordered.count / 2]
    // The lower half lacks what the threshold cut off.
    let upper = ordered[min(ordered.count - 1, Int(0.84 * Double(ordered.count)))]
    laws.height.deviation = max(settings.leastDeviation, upper - laws.height.mean)
    // Peaks that follow a discharge too soon belong to its potential.
    var excess = 0.0
    var count = 0
    var place = 0
    for index in peaks.indices where !chosen.contains(peaks[index]) {
      while place + 1 < own.count && peaks[own[place + 1]] <= peaks[index] { place += 1 }
      let isNear =
        abs(peaks[own[place]] - peaks[index]) < refractory
        || (place + 1 < own.count && peaks[own[place + 1]] - peaks[index] < refractory)
      if isNear { continue }
      excess += heights[index] - Double(settings.lowestHeight)
      count += 1
    }
    let free = max(
      0.1 * Double(sampleCount), Double(sampleCount) - 2 * Double(refractory * own.count))
    laws.others.rate = Double(count + 1) / free * rate
    laws.others.excess = max(settings.leastExcess, (excess + 0.1) / Double(count + 1))
    let intervals = zip(own.dropFirst(), own).map { Double(peaks[$0] - peaks[$1]) / rate }
    laws.times = own.dropFirst().map { Double(peaks[$0]) / rate }
    laws.usual = Self.slidingMedian(intervals, neighbours: settings.neighbours)
    let deviations = zip(intervals, laws.usual).map { abs(Double.log($0 / $1)) }.sorted()
    laws.spread = min(
      settings.greatestSpread,
      max(settings.leastSpread, 1.4826 * deviations[deviations.count / 2]))
    return laws
  }

  /// The median of each value and `neighbours` values on either side, fewer at the ends.
  static func slidingMedian(_ values: [Double], neighbours: Int) -> [Double] {
    var window: [Double] = []
    func place(_ value: Double) -> Int {
      var low = 0
      var high = window.count
      while low < high {
        let middle = (low + high) / 2
        if window[middle] < value { low = middle + 1 } else { high = middle }
      }
      return low
    }
    for value in values.prefix(neighbours) { window.insert(value, at: place(value)) }
    return values.indices.map { index in
      if index + neighbours < values.count {
        let value = values[index + neighbours]
        window.insert(value, at: place(value))
      }
      if index > neighbours { window.remove(at: place(values[index - neighbours - 1])) }
      return window[(window.count - 1) / 2]
    }
  }

  private func mostProbable(_ laws: Laws, heights: [Double], peaks: [Int]) -> [Int] {
    let count = heights.count
    let normal = 1 / (2 * laws.height.deviation * laws.height.deviation)
    let constant =
      -Double.log(laws.height.deviation * 2.506_628)
      - Double.log(laws.others.rate / laws.others.excess)
    let evidence = heights.map { height in
      let distance = height - laws.height.mean
      let excess = (height - Double(settings.lowestHeight)) / laws.others.excess
      return constant - normal * distance * distance + excess
    }
    let regular = Double.log((1 - settings.irregularShare) / (laws.spread * 2.506_628))
    let irregular = Double.log(settings.irregularShare)
    let narrow = 1 / (2 * laws.spread * laws.spread)
    let longestUsual = laws.usual.max() ?? 1
    // Of each interval in samples: its length in seconds and the logarithm of that.
    let reach = Int((settings.longestInterval * longestUsual * rate).rounded(.up)) + 2
    let logarithms = (0..<reach).map { Double.log(Double(max(1, $0)) / rate) }
    var best = [Double](repeating: 0, count: count)
    var previous = [Int](repeating: -1, count: count)
    // Beyond the longest interval with a rhythm only the one without is left, whose law is
    // exponential: the best of all earlier peaks follows from one running maximum.
    var earlier = -Double.infinity
    var earlierPeak = -1
    var low = 0
    var hint = 0
    for index in 0..<count {
      let time = Double(peaks[index]) / rate
      let usual = laws.interval(at: time, hint: &hint)
      let center = Double.log(usual)
      let longest = Int(settings.longestInterval * usual * rate)
      while low < index && peaks[index] - peaks[low] > longest {
        let sum = best[low] + Double(peaks[low]) / rate
        if sum > earlier { (earlier, earlierPeak) = (sum, low) }
        low += 1
      }
      var value = irregular
      var from = -1
      if earlierPeak >= 0 && earlier - time + irregular > value {
        (value, from) = (earlier - time + irregular, earlierPeak)
      }
      for before in low..<index {
        let interval = peaks[index] - peaks[before]
        if interval < refractory { break }
        // Which of the two laws an interval follows is part of what is most probable.
        let ratio = logarithms[interval] - center
        let density = max(
          regular - logarithms[interval] - narrow * ratio * ratio,
          irregular - Double(interval) / rate)
        if best[before] + density > value { (value, from) = (best[before] + density, before) }
      }
      best[index] = value + evidence[index]
      previous[index] = from
    }
    guard var place = best.indices.max(by: { best[$0] < best[$1] }) else { return [] }
    var result: [Int] = []
    while place >= 0 {
      result.append(place)
      place = previous[place]
    }
    return result.reversed()
  }
}
