import Foundation

extension NeedleModel {
  /// Decides for each clear unit's whole train which peaks of its matched output are firings.
  ///
  /// The superposition search weighs a firing by its window alone; here, with all other units
  /// subtracted, the most probable train follows from all heights and the rhythm together (as
  /// `DischargeDecoding` does for arrays). Laws of heights come from the data, so that a potential's
  /// variability and what unknown units leave count as much as they are. Trains that this makes
  /// less regular, or that it changes much, stay as they were.
  mutating func decodeTrains() {
    for _ in 0..<2 {
      var residual = residual()
      let energies = units.map { plainEnergy($0.template) }
      let order = units.indices.sorted { energies[$0] > energies[$1] }
      for unit in order
      where energies[unit] >= configuration.decodingEnergy && units[unit].firings.count >= 15 {
        superpose(units[unit], scale: 1, on: &residual)
        var alone = self
        alone.units = [units[unit]]
        let overlaid = overlaid(unit, energies: energies)
        let decoder = TrainDecoder(
          output: alone.matchedOutputs(residual),
          energy: Float(energies[unit] / configuration.varianceInflation), overlaid: overlaid,
          rate: signal.rate)
        alone.units[0].firings = decoder.decoded(units[unit].firings)
        let before = statistics(unit)
        let after = alone.statistics(0)
        // Among many peaks a regular train can be found where there is none: only one that is nearly
        // known is completed.
        let growth = Double(after.count) / Double(max(1, before.count))
        if growth > 0.85, growth < 1.15, after.isRegular, after.evidence >= before.evidence {
          units[unit].firings = alone.units[0].firings
        }
        superpose(units[unit], scale: -1, on: &residual)
      }
      updateTemplates(rounds: 1)
    }
    matched = matchedOutputs(residual())
  }

  /// At which samples a larger potential fires within 2.5 ms.
  private func overlaid(_ unit: Int, energies: [Double]) -> [Bool] {
    var result = [Bool](repeating: false, count: signal.count)
    let reach = Int(0.0025 * signal.rate)
    for other in units.indices where energies[other] > energies[unit] {
      for firing in units[other].firings {
        for sample in max(0, firing - reach)...min(signal.count - 1, firing + reach) {
          result[sample] = true
        }
      }
    }
    return result
  }
}

/// The most probable train of one unit among the peaks of its matched output.
///
/// Peaks are a renewal process of firings with normal heights among a Poisson process of other peaks
/// with exponential ones, each law apart for peaks under larger potentials; the most probable split
/// follows by dynamic programming (Viterbi 1967).
struct TrainDecoder {
  /// Grid samples of the peaks, their heights relative to the template.
  private let peaks: [Int]
  private let heights: [Double]
  /// 1 for peaks under larger potentials, else 0.
  private let kinds: [Int]
  /// Seconds of signal of either kind.
  private let seconds: [Double]
  private let rate: Double

  private static let leastHeight = 0.15
  private static let leastDeviation = 0.05
  private static let peakDistance = 0.000_5
  /// How far a firing may lie from the peak that stands for it, in seconds.
  private static let tolerance = 0.000_7
  private static let refractory = 0.012

  /// Laws of heights of one kind of peaks.
  private struct Heights {
    var mean = 1.0
    var deviation = 0.2
    /// Other peaks for each second, and their mean height above the least.
    var rate = 1.0
    var excess = 0.1

    /// Nats by which a height speaks for a firing rather than another peak.
    func evidence(_ height: Double) -> Double {
      let z = (height - mean) / deviation
      return -log(deviation * IntervalModel.root2Pi) - 0.5 * z * z - log(rate / excess)
        + (height - leastHeight) / excess
    }
  }

  /// Finds the peaks of a unit's matched output, its own firings included, in nats.
  ///
  /// `overlaid` tells the samples under larger potentials.
  init(output: [Float], energy: Float, overlaid: [Bool], rate: Double) {
    precondition(output.count == overlaid.count && energy > 0, "sizes do not fit")
    let reach = Int(Self.peakDistance * rate)
    let least = Float(Self.leastHeight) * energy
    peaks = output.indices.filter { sample in
      let value = output[sample]
      guard value > least, sample > 0, sample + 1 < output.count,
        value >= output[sample - 1], value > output[sample + 1]
      else { return false }
      return output[max(0, sample - reach)...min(output.count - 1, sample + reach)]
        .allSatisfy { $0 <= value }
    }
    heights = peaks.map { Double(output[$0] / energy) }
    kinds = peaks.map { overlaid[$0] ? 1 : 0 }
    let covered = Double(overlaid.count(where: { $0 })) / rate
    seconds = [Double(overlaid.count) / rate - covered, covered]
    self.rate = rate
  }

  /// The most probable train, the laws fitted to `firings` first and to the outcome again.
  func decoded(_ firings: [Int]) -> [Int] {
    var chosen = firings
    for _ in 0..<2 {
      guard let laws = laws(chosen) else { break }
      chosen = mostProbable(laws, rhythm: FiringRhythm(firings: chosen, rate: rate))
    }
    return chosen
  }

  private func laws(_ firings: [Int]) -> [Heights]? {
    var isOwn = [Bool](repeating: false, count: peaks.count)
    let tolerance = Int(Self.tolerance * rate)
    for firing in firings {
      var nearest: Int?
      var index = lowerBound(peaks, firing - tolerance)
      while index < peaks.count && peaks[index] <= firing + tolerance {
        if nearest.map({ abs(peaks[index] - firing) < abs(peaks[$0] - firing) }) ?? true {
          nearest = index
        }
        index += 1
      }
      if let nearest { isOwn[nearest] = true }
    }
    func own(_ kind: Int?) -> [Double] {
      peaks.indices.filter { isOwn[$0] && (kind == nil || kinds[$0] == kind) }
        .map { heights[$0] }.sorted()
    }
    let all = own(nil)
    if all.count < 12 { return nil }
    // The lower half lacks what was given up.
    func deviation(_ heights: [Double]) -> Double? {
      if heights.count < 12 { return nil }
      return max(
        Self.leastDeviation, quantile(sorted: heights, 0.84) - quantile(sorted: heights, 0.5))
    }
    let clear = deviation(own(0)) ?? deviation(all) ?? 0.2
    let deviations = [clear, max(clear, deviation(own(1)) ?? 1.5 * clear)]
    var sum = [0.0, 0.0]
    var count = [0.0, 0.0]
    let refractory = Int(Self.refractory * rate)
    for index in peaks.indices where !isOwn[index] {
      let next = lowerBound(firings, peaks[index] - refractory)
      if next < firings.count && firings[next] <= peaks[index] + refractory { continue }
      sum[kinds[index]] += heights[index] - Self.leastHeight
      count[kinds[index]] += 1
    }
    let taken = 2 * Self.refractory * Double(firings.count)
    let free = max(0.1, 1 - taken / max(1e-9, seconds[0] + seconds[1]))
    return (0...1).map { kind in
      Heights(
        mean: quantile(sorted: all, 0.5), deviation: deviations[kind],
        rate: (count[kind] + 1) / max(0.1, seconds[kind] * free),
        excess: max(0.02, (sum[kind] + 0.1) / (count[kind] + 1)))
    }
  }

  private func mostProbable(_ laws: [Heights], rhythm: FiringRhythm) -> [Int] {
    var best = [Double](repeating: 0, count: peaks.count)
    var previous = [Int](repeating: -1, count: peaks.count)
    var low = 0
    // Beyond a few intervals a train starts anew, at a cost.
    let restart = -8.0
    var earlier = -1
    var hint = 0
    for index in peaks.indices {
      let usual = rhythm.interval(at: Double(peaks[index]) / rate, hint: &hint)
      let longest = Int(min(1.2, 6.5 * usual) * rate)
      while low < index && peaks[index] - peaks[low] > longest {
        if earlier < 0 || best[low] > best[earlier] { earlier = low }
        low += 1
      }
      var value = -3.0
      var from = -1
      if earlier >= 0 && best[earlier] + restart > value {
        (value, from) = (best[earlier] + restart, earlier)
      }
      for before in low..<index {
        let interval = Double(peaks[index] - peaks[before]) / rate
        let sum = best[before] + rhythm.logDensity(interval, usual: usual)
        if sum > value { (value, from) = (sum, before) }
      }
      best[index] = value + laws[kinds[index]].evidence(heights[index])
      previous[index] = from
    }
    guard var place = best.indices.max(by: { best[$0] < best[$1] }) else { return [] }
    var train: [Int] = []
    while place >= 0 {
      train.append(peaks[place])
      place = previous[place]
    }
    return train.reversed()
  }
}
