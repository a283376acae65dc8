/// Peaks of a unit's matched output, its own firings included: where it may have fired.
struct FiringCandidates: Sendable {
  /// What a firing at one candidate shows at another near it.
  struct Shadow: Sendable {
    /// The other candidate.
    let other: Int
    /// How much of a firing's height shows in the other's.
    let share: Double
  }

  /// Grid samples, ascending.
  private(set) var times: [Int] = []
  /// Heights relative to the template, the best estimate of its amplitude there.
  private(set) var heights: [Double] = []
  /// Deviation of each height for the noise and all that varies beneath it.
  private(set) var deviations: [Double] = []
  /// The shadows of each candidate on others.
  private(set) var shadows: [[Shadow]] = []
  /// Seconds of signal in which these are all.
  let duration: Double

  /// Heights scatter by so much however little noise there is, and shadows fainter than that count not.
  private let limits: NeedleConfiguration.Decoding

  /// No candidates yet in a duration in seconds.
  init(duration: Double, limits: NeedleConfiguration.Decoding = NeedleConfiguration.Decoding()) {
    self.duration = duration
    self.limits = limits
  }

  /// Adds a candidate later than all before.
  mutating func append(time: Int, height: Double, deviation: Double) {
    times.append(time)
    heights.append(height)
    deviations.append(max(limits.leastDeviation, deviation))
    shadows.append([])
  }

  /// Notes what a firing at each candidate shows at others within `reach` grid samples;
  /// `product` gives the inner product of the unit's potentials at two candidates.
  mutating func link(reach: Int, product: (Int, Int) -> Double) {
    let energies = times.indices.map { max(1e-9, product($0, $0)) }
    for first in times.indices {
      var second = first + 1
      while second < times.count && times[second] - times[first] <= reach {
        let value = product(first, second)
        note(first, on: second, share: value / energies[second])
        note(second, on: first, share: value / energies[first])
        second += 1
      }
    }
  }

  private mutating func note(_ candidate: Int, on other: Int, share: Double) {
    if abs(share) > limits.leastShadow {
      shadows[candidate].append(Shadow(other: other, share: share))
    }
  }

  /// Local maxima that are positive and the largest within ±`reach` samples.
  static func peaks(_ output: [Float], reach: Int) -> [Int] {
    output.indices.dropFirst().dropLast().filter { sample in
      let value = output[sample]
      guard value > 0, value >= output[sample - 1], value > output[sample + 1] else { return false }
      for other in max(0, sample - reach)...min(output.count - 1, sample + reach)
      where output[other] > value { return false }
      return true
    }
  }
}
