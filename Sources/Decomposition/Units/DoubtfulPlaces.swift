import RealModule
import Signal

/// A place of a train where a look may change it.
public struct DoubtfulPlace: Sendable, Equatable, Codable {
  /// What is odd there.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A peak that the train lacks, where a discharge is due or as high as discharges are.
    case missed
    /// A discharge too soon after or before another.
    case doubled
    /// A discharge of a low peak.
    case low
    /// An interval far from the usual one, with no peak that would explain it.
    case interval
  }

  /// What is odd.
  public var kind: Kind
  /// Place in samples of the recording.
  public var time: Double
  /// Height of the peak there, 1 being the mean discharge; nil without a peak.
  public var height: Double?
  /// Estimated probability that the train is wrong here, 0...1.
  public var doubt: Double
  /// What accepting the proposal does: a discharge to add or to remove; nil only asks for a look.
  public var action: Action?

  /// A change of one discharge.
  public enum Action: String, Sendable, Codable {
    /// A discharge is added at the place.
    case add
    /// The discharge at the place is removed.
    case remove
  }
}

/// Finds the places of a train that most probably are errors, from the heights of the source's
/// peaks and from the rhythm of the train.
///
/// Heights of discharges and of other peaks are taken as normal and exponential, intervals as
/// lognormal about the running median; the odds of "discharge" against "none" follow from Bayes'
/// rule for each peak, given its neighbours in the train (LeFever and De Luca 1982, IEEE Trans.
/// Biomed. Eng. 29, use the same two sources of evidence).
public struct DoubtfulPlaces: Sendable, Equatable {
  /// Lowest height of a peak that is looked at, the mean discharge being 1.
  public var lowestHeight = 0.25
  /// Doubt below which a place is not listed.
  public var lowestDoubt = 0.02
  /// Doubt from which accepting a place is proposed.
  public var proposalLimit = 0.5
  /// The most places that are listed.
  public var limit = 200

  /// The usual settings.
  public init() {}

  /// The places of a train within its source, the most doubtful first.
  ///
  /// - Parameters:
  ///   - train: discharges in samples of the recording, ascending.
  ///   - source: the unit's source over the same stretch.
  public func places(in train: [Double], source: UnitSource) -> [DoubtfulPlace] {
    let samplingRate = source.rate * source.ratio
    let own = train.filter { source.range.contains($0) }
    if own.count < 8 { return [] }
    let distance = UnitSource.peakDistance * samplingRate
    let all = source.peaks(in: source.range, above: lowestHeight)
    let others = all.filter { !UnitSource.isNear($0.time, own, within: distance) }
    let heights = own.map { source.height(at: $0) ?? 0 }
    let laws = Laws(
      heights: heights, others: others.map(\.height), lowest: lowestHeight,
      seconds: Double(source.values.count) / source.rate, train: own, samplingRate: samplingRate)
    var result: [DoubtfulPlace] = []
    for peak in others {
      let next = own.firstIndex { $0 > peak.time } ?? own.count
      let before = next > 0 ? own[next - 1] : nil
      let after = next < own.count ? own[next] : nil
      let odds =
        laws.heightEvidence(peak.height)
        + laws.rhythmGain(before: before, time: peak.time, after: after, at: next)
      let doubt = 1 / (1 + Double.exp(-odds))
      if doubt >= lowestDoubt {
        result.append(
          DoubtfulPlace(
            kind: .missed, time: peak.time, height: peak.height, doubt: doubt,
            action: doubt >= proposalLimit ? .add : nil))
      }
    }
    for (index, time) in own.enumerated() {
      let before = index > 0 ? own[index - 1] : nil
      let after = index + 1 < own.count ? own[index + 1] : nil
      let odds =
        laws.heightEvidence(heights[index])
        + laws.rhythmGain(before: before, time: time, after: after, at: index)
      let doubt = 1 / (1 + Double.exp(odds))
      if doubt >= lowestDoubt {
        let shortest = min(
          before.map { time - $0 } ?? .infinity, after.map { $0 - time } ?? .infinity)
        let isShort = shortest < 0.5 * laws.usual(at: index) * samplingRate
        result.append(
          DoubtfulPlace(
            kind: isShort ? .doubled : .low, time: time, height: heights[index], doubt: doubt,
            action: doubt >= proposalLimit ? .remove : nil))
      }
    }
    result += gaps(own, laws: laws, found: result, samplingRate: samplingRate)
    result.sort { $0.doubt != $1.doubt ? $0.doubt > $1.doubt : $0.time < $1.time }
    return Array(result.prefix(limit))
  }

  /// Intervals of about two or three usual ones in which no peak is listed.
  private func gaps(
    _ own: [Double], laws: Laws, found: [DoubtfulPlace], samplingRate: Double
  ) -> [DoubtfulPlace] {
    let missed = found.filter { $0.kind == .missed }.map(\.time).sorted()
    return zip(own.indices.dropFirst(), zip(own, own.dropFirst())).compactMap { index, pair in
      let usual = laws.usual(at: index) * samplingRate
      let share = (pair.1 - pair.0) / usual
      guard share > 1.6, share < 3.5 else { return nil }
      let middle = (pair.0 + pair.1) / 2
      if UnitSource.isNear(middle, missed, within: (pair.1 - pair.0) / 2) { return nil }
      return DoubtfulPlace(
        kind: .interval, time: middle, height: nil, doubt: min(0.3, 0.1 * (share - 1)), action: nil)
    }
  }

  /// The laws of heights and intervals of one train.
  private struct Laws {
    let mean: Double
    let deviation: Double
    let lowest: Double
    let excess: Double
    let othersRate: Double
    let spread: Double
    let intervals: [Double]
    let samplingRate: Double

    init(
      heights: [Double], others: [Double], lowest: Double, seconds: Double, train: [Double],
      samplingRate: Double
    ) {
      let ordered = heights.sorted()
      mean = ordered[ordered.count / 2]
      // The lower half lacks what a threshold may have cut off.
      deviation = max(0.06, ordered[min(ordered.count - 1, 84 * ordered.count / 100)] - mean)
      self.lowest = lowest
      self.samplingRate = samplingRate
      // A clear minority of missed discharges must not widen the law of the others.
      let sorted = others.sorted()
      let median = sorted.isEmpty ? lowest + 0.03 : sorted[sorted.count / 2]
      excess = max(0.02, (median - lowest) / 0.693)
      othersRate = Double(others.count + 1) / max(1, seconds)
      let raw = zip(train.dropFirst(), train).map { ($0 - $1) / samplingRate }
      let usual = DischargeDecoding.slidingMedian(raw, neighbours: 7)
      intervals = usual
      let deviations = zip(raw, usual).map { abs(Double.log(max($0, 1e-4) / max($1, 1e-4))) }
        .sorted()
      spread = min(
        0.4, max(0.08, 1.4826 * (deviations.isEmpty ? 0.2 : deviations[deviations.count / 2])))
    }

    /// The usual interval near a discharge in seconds.
    func usual(at index: Int) -> Double {
      intervals.isEmpty ? 0.1 : intervals[min(intervals.count - 1, max(0, index - 1))]
    }

    /// Logarithm of the odds of a discharge by height alone, at one discharge a usual interval.
    func heightEvidence(_ height: Double) -> Double {
      let distance = (height - mean) / deviation
      let discharge = -0.5 * distance * distance - Double.log(deviation * 2.506_628)
      let other =
        -max(0, height - lowest) / excess - Double.log(excess) + Double.log(othersRate)
      return max(-30, min(30, discharge - other))
    }

    /// What the intervals say for a discharge at a time against none there.
    func rhythmGain(before: Double?, time: Double, after: Double?, at index: Int) -> Double {
      let usual = usual(at: index)
      func law(_ seconds: Double) -> Double {
        let distance = Double.log(max(seconds, 1e-4) / usual) / spread
        let regular = 0.9 * Double.exp(-0.5 * distance * distance) / (spread * 2.506_628 * seconds)
        return Double.log(regular + 0.1 * Double.exp(-max(0, seconds - 0.015)) + 1e-12)
      }
      // Nothing follows a discharge within the refractory time.
      func own(_ seconds: Double) -> Double { seconds < 0.015 ? -12 : law(seconds) }
      switch (before, after) {
      case (let before?, let after?):
        let first = (time - before) / samplingRate
        let second = (after - time) / samplingRate
        return own(first) + own(second) - law(first + second)
      case (let before?, nil): return own((time - before) / samplingRate) + Double.log(usual)
      case (nil, let after?): return own((after - time) / samplingRate) + Double.log(usual)
      case (nil, nil): return 0
      }
    }
  }
}
