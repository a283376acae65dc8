/// The discharge times of one motor unit.
///
/// Times are sub-sample positions in samples of the recording they were found in, counted from 0,
/// ascending. `samples` are the same discharges at whole samples.
public struct SpikeTrain: Sendable, Equatable, Codable {
  /// Sampling rate of the recording in Hz.
  public var samplingRate: Double
  /// Discharge positions in samples, ascending, with fractions.
  public var times: [Double]

  /// A train from positions in samples; they are sorted.
  public init(times: [Double], samplingRate: Double) {
    precondition(samplingRate > 0, "a sampling rate is positive")
    self.times = times.sorted()
    self.samplingRate = samplingRate
  }

  /// Discharges at whole samples, from 0.
  public var samples: [Int] { times.map { Int($0.rounded()) } }

  /// Discharge times in seconds from the first sample.
  public var seconds: [Double] { times.map { $0 / samplingRate } }

  /// Inter-spike intervals in seconds.
  public var intervals: [Double] {
    zip(times.dropFirst(), times).map { ($0 - $1) / samplingRate }
  }

  /// Coefficient of variation of the inter-spike intervals, as a fraction.
  ///
  /// Intervals of more than 2.5 times the median are pauses or missed discharges and are left out.
  /// Nil with fewer than three intervals.
  public var isiCoV: Double? {
    let kept = regularIntervals
    if kept.count < 3 { return nil }
    let mean = kept.reduce(0, +) / Double(kept.count)
    let variance = kept.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(kept.count)
    return mean > 0 ? variance.squareRoot() / mean : nil
  }

  /// Mean discharge rate in Hz while the unit is active.
  ///
  /// The inverse of the mean interval, pauses left out as in `isiCoV`; nil with fewer
  /// than two discharges.
  public var meanRate: Double? {
    let kept = regularIntervals
    let total = kept.reduce(0, +)
    return total > 0 ? Double(kept.count) / total : nil
  }

  private var regularIntervals: [Double] {
    let all = intervals
    if all.isEmpty { return [] }
    let median = all.sorted()[all.count / 2]
    return all.filter { $0 < 2.5 * median }
  }
}
