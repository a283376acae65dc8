import Foundation

extension NeedleModel {
  /// Decides for each clear unit's whole train which peaks of its matched output are firings.
  ///
  /// The superposition search weighs a firing by its window alone; here, with all other units
  /// subtracted, the most probable train follows from all heights and the rhythm together (as
  /// `DischargeDecoding` does for arrays). Heights are estimated under the noise and the variability of
  /// all other potentials; their laws come from the data. Trains that this makes less regular, or that
  /// it changes much, stay as they were; so do all where much is unexplained.
  mutating func decodeTrains() {
    let limits = configuration.decoding
    let spikes = spikeEnergies(residual: residual())
    if spikes.left > limits.decidableShare * spikes.all { return }
    for _ in 0..<2 {
      var residual = residual()
      let noise = VaryingNoise(self, residual: residual)
      let energies = units.map { plainEnergy($0.template) }
      let order = units.indices.sorted { energies[$0] > energies[$1] }
      for unit in order
      where energies[unit] >= configuration.decodingEnergy
        && units[unit].firings.count >= limits.fewestFirings
      {
        superpose(units[unit], scale: 1, on: &residual)
        var decided = units[unit]
        if let train = decidedTrain(unit, noise: noise, residual: residual) {
          decided.firings = train
        }
        let before = statistics(unit)
        let after = TrainStatistics(
          decided, rate: signal.rate, energy: before.energy, limits: configuration.regularity,
          intervals: configuration.intervals)
        // Among many peaks a regular train can be found where there is none: only one that is nearly
        // known is completed.
        let growth = Double(after.count) / Double(max(1, before.count))
        if growth > limits.leastGrowth, growth < limits.greatestGrowth, after.isRegular,
          after.evidence >= before.evidence
        {
          let old = energy(of: units[unit], within: residual)
          let new = energy(of: decided, within: residual)
          // False firings explain a little, whole firings much.
          if new < old + limits.allowance * spikes.all {
            units[unit].firings = decided.firings
          }
        }
        superpose(units[unit], scale: -1, on: &residual)
      }
      updateTemplates(rounds: 1)
    }
    matched = matchedOutputs(residual())
  }

  /// The most probable train of one unit; `residual` is what all others leave.
  func decidedTrain(_ unit: Int, noise: VaryingNoise, residual: [[Float]]) -> [Int]? {
    noise.candidates(unit, residual: residual, firings: units.map(\.firings)).map {
      TrainDecoder(
        $0, rate: signal.rate, limits: configuration.decoding, intervals: configuration.intervals
      ).decoded(units[unit].firings)
    }
  }

  /// Whether so much of the spikes is explained that whole trains can be decided.
  var isDecidable: Bool {
    let spikes = spikeEnergies(residual: residual())
    return spikes.left <= configuration.decoding.decidableShare * spikes.all
  }

  /// Drops, before whole trains are decided, those that are hardly regular and would disturb the others.
  ///
  /// What is real of them is found again; parts of one train that are irregular for that alone are joined.
  mutating func dropDoubtful() {
    if !isDecidable { return }
    let least = configuration.decoding.leastRegularity
    joinFragments(below: least)
    prune { $0.regularity >= least }
  }

  /// The energy that a unit leaves of a residual in which its own firings are.
  private func energy(of unit: WorkingUnit, within residual: [[Float]]) -> Double {
    var left = residual
    superpose(unit, scale: -1, on: &left)
    return left.reduce(0) { sum, channel in
      sum + Double(dot(channel, from: 0, channel, from: 0, count: channel.count))
    }
  }
}

/// The most probable train of one unit among the peaks of its matched output.
///
/// Peaks are a renewal process of firings with normal heights among a Poisson process of other peaks
/// with exponential ones, both the wider the more varies beneath the peak; the most probable split
/// follows by dynamic programming (Viterbi 1967).
struct TrainDecoder {
  private let candidates: FiringCandidates
  private let rate: Double
  private let limits: NeedleConfiguration.Decoding
  private let intervals: NeedleConfiguration.Intervals

  private var peaks: [Int] { candidates.times }
  private var heights: [Double] { candidates.heights }
  private var deviations: [Double] { candidates.deviations }
  private var duration: Double { candidates.duration }

  /// Laws of heights.
  private struct Heights {
    var mean = 1.0
    /// The potential's own deviation.
    var deviation = 0.1
    /// Other peaks for each second, and their mean height above the least in deviations.
    var rate = 1.0
    var excess = 1.0
    /// Least height of a peak that is looked at.
    var least = 0.0

    /// Nats by which a height speaks for a firing rather than another peak.
    func evidence(_ height: Double, deviation local: Double) -> Double {
      let own = (deviation * deviation + local * local).squareRoot()
      let z = (height - mean) / own
      return -log(own * IntervalModel.root2Pi) - 0.5 * z * z - other(height, deviation: local)
    }

    /// Log-density of a height of another peak.
    func other(_ height: Double, deviation local: Double) -> Double {
      let scale = excess * local
      return log(rate / scale) - max(0, height - least) / scale
    }

    /// Nats by which it is likelier that a peak is lower by what a firing beside it shows there.
    func explained(_ height: Double, by part: Double, deviation local: Double) -> Double {
      let scale = excess * local
      return (max(0, height - least) - max(0, abs(height - part) - least)) / scale
    }
  }

  /// Decides among candidates on a grid of `rate` samples for each second.
  init(
    _ candidates: FiringCandidates, rate: Double, limits: NeedleConfiguration.Decoding,
    intervals: NeedleConfiguration.Intervals = NeedleConfiguration.Intervals()
  ) {
    self.intervals = intervals
    self.candidates = candidates
    self.rate = rate
    self.limits = limits
  }

  /// The most probable train, the laws fitted to `firings` first and to the outcome again.
  func decoded(_ firings: [Int]) -> [Int] {
    var chosen = firings
    for _ in 0..<2 {
      guard let laws = laws(chosen) else { break }
      chosen = mostProbable(
        laws,
        rhythm: FiringRhythm(
          firings: chosen, rate: rate, limits: limits, intervals: intervals))
    }
    return chosen
  }

  private func laws(_ firings: [Int]) -> Heights? {
    var isOwn = [Bool](repeating: false, count: peaks.count)
    let tolerance = Int(limits.tolerance * rate)
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
    let own = peaks.indices.filter { isOwn[$0] }
    if own.count < limits.fewestHeights { return nil }
    // The half of the firings that is best seen tells the potential's own deviation; below the middle
    // those are missing that were given up.
    let clear = own.sorted { deviations[$0] < deviations[$1] }.prefix(
      max(limits.fewestHeights, own.count / 2))
    let heights = clear.map { self.heights[$0] }.sorted()
    let middle = quantile(sorted: heights, 0.5)
    let spread = quantile(sorted: heights, 0.84) - middle
    let noise = clear.reduce(0) { $0 + deviations[$1] * deviations[$1] } / Double(clear.count)
    var sum = 0.0
    var count = 0.0
    let refractory = Int(limits.refractoryTime * rate)
    for index in peaks.indices where !isOwn[index] {
      let next = lowerBound(firings, peaks[index] - refractory)
      if next < firings.count && firings[next] <= peaks[index] + refractory { continue }
      sum += (self.heights[index] - limits.leastHeight) / deviations[index]
      count += 1
    }
    let taken = 2 * limits.refractoryTime * Double(firings.count)
    let free = max(0.1, 1 - taken / max(1e-9, duration))
    return Heights(
      mean: middle,
      deviation: max(limits.leastDeviation, (max(0, spread * spread - noise)).squareRoot()),
      rate: (count + 1) / max(0.1, duration * free),
      excess: max(limits.leastExcess, (sum + 1) / (count + 1)), least: limits.leastHeight)
  }

  /// Nats by which candidates near one are likelier if it is a firing: its own height, and those that
  /// its potential shows in.
  private func evidence(_ index: Int, _ laws: Heights) -> Double {
    var sum = laws.evidence(heights[index], deviation: deviations[index])
    for shadow in candidates.shadows[index] {
      sum += laws.explained(
        heights[shadow.other], by: shadow.share * heights[index],
        deviation: deviations[shadow.other])
    }
    return sum
  }

  private func mostProbable(_ laws: Heights, rhythm: FiringRhythm) -> [Int] {
    let worth = peaks.indices.map { evidence($0, laws) }
    var best = [Double](repeating: 0, count: peaks.count)
    var previous = [Int](repeating: -1, count: peaks.count)
    var low = 0
    // Beyond a few intervals a train starts anew, at a cost.
    var earlier = -1
    var hint = 0
    for index in peaks.indices {
      let usual = rhythm.interval(at: Double(peaks[index]) / rate, hint: &hint)
      let longest = Int(min(intervals.longest, limits.longestGap * usual) * rate)
      while low < index && peaks[index] - peaks[low] > longest {
        if earlier < 0 || best[low] > best[earlier] { earlier = low }
        low += 1
      }
      var value = limits.beginningCost
      var from = -1
      if earlier >= 0 && best[earlier] + limits.restartCost > value {
        (value, from) = (best[earlier] + limits.restartCost, earlier)
      }
      for before in low..<index {
        let interval = Double(peaks[index] - peaks[before]) / rate
        let sum = best[before] + rhythm.logDensity(interval, usual: usual)
        if sum > value { (value, from) = (sum, before) }
      }
      best[index] = value + worth[index]
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
