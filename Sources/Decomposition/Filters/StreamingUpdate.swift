import Signal

/// Lets potentials, covariances and filters follow a changing signal.
///
/// Each discharge moves its unit's potential towards what was recorded (least mean squares; Widrow
/// and Stearns 1985), the lagged correlations of the signal and of the remainder forget
/// exponentially, and at intervals the filters are solved anew from both.
struct StreamingUpdate: Sendable {
  private let configuration: StreamingDecomposer.Configuration
  private let channelCount: Int
  private let taps: Int
  private let length: Int
  private let rate: Double
  private let ridges: [Float]
  private var templates: [[Float]]
  /// Lagged correlations `[lag][c][d]` of the signal and of the remainder, with their weights.
  private var lags: [[Float]]
  private var weights: [Double]
  private var pending: [(unit: Int, time: Double)] = []
  private var subtracted: [[Double]]
  private var nextRefresh: Int
  private var lastDischarge = -Double.infinity

  init(
    bank: StreamingBank, rate: Double, ridges: [Float], correlations: [[Float]],
    configuration: StreamingDecomposer.Configuration
  ) {
    self.configuration = configuration
    self.rate = rate
    self.ridges = ridges
    channelCount = bank.channelCount
    taps = bank.taps
    length = bank.length
    templates = bank.units.map(\.template)
    // The model's own covariances count as much as one time constant of the new signal.
    let weight = configuration.covarianceTime * rate
    weights = [weight, weight]
    lags = correlations.map { $0.map { $0 * Float(weight) } }
    subtracted = bank.units.map { _ in [] }
    nextRefresh = Int(configuration.updateInterval * rate)
  }

  /// Adds new samples of the signal or of the remainder to its covariance.
  ///
  /// Rest is left out: it would make filters forget the other units.
  mutating func correlate(_ signal: SlidingSignal, _ places: Range<Int>, remainder: Bool) {
    if Double(places.upperBound) - lastDischarge > configuration.restAfter * rate { return }
    let index = remainder ? 1 : 0
    let keep = max(0, 1 - Double(places.count) / (configuration.covarianceTime * rate))
    weights[index] = weights[index] * keep + Double(places.count)
    signal.correlate(places, taps: taps, keep: Float(keep), into: &lags[index])
  }

  /// Remembers a discharge whose potential was subtracted from the remainder.
  mutating func add(subtracted time: Double, unit: Int) { subtracted[unit].append(time) }

  /// Remembers a discharge that was reported.
  mutating func add(discharge time: Double, unit: Int) {
    pending.append((unit, time))
    lastDischarge = max(lastDischarge, time)
  }

  /// Moves potentials once the remainder is final up to (not including) `end`.
  mutating func observe(_ remainder: SlidingSignal, to end: Int) {
    var later: [(unit: Int, time: Double)] = []
    for discharge in pending {
      let place = Int(discharge.time.rounded()) - length / 2
      if place + length > end {
        later.append(discharge)
        continue
      }
      let unit = discharge.unit
      let isSubtracted = subtracted[unit].contains { abs($0 - discharge.time) <= 2 }
      let step =
        Float(configuration.templateRate)
        * Float(isSubtracted ? 1 : configuration.unsubtractedWeight)
      if !isSubtracted {
        for index in templates[unit].indices { templates[unit][index] *= 1 - step }
      }
      remainder.add(from: place, length: length, scale: step, into: &templates[unit])
    }
    pending = later
    let oldest = Double(end) - 4 * Double(length)
    for unit in subtracted.indices { subtracted[unit].removeAll { $0 < oldest } }
  }

  /// Whether the filters are due to be solved anew.
  func isDue(at place: Int) -> Bool {
    place >= nextRefresh
  }

  /// Solves the filters for the potentials and covariances as they are now.
  mutating func refresh(_ bank: inout StreamingBank) {
    nextRefresh += Int(configuration.updateInterval * rate)
    var units = zip(bank.units, templates).map { unit, template in
      var unit = unit
      unit.template = template
      return unit
    }
    let observations = units.map { $0.observation(channels: channelCount, taps: taps) }
    let first = filters(observations, covariance: 0)
    let second = filters(observations, covariance: 1)
    units = zip(units, zip(first, second)).map { unit, filters in
      var unit = unit
      (unit.firstFilter, unit.secondFilter) = filters
      return unit
    }
    bank.units = units
    bank.refresh()
  }

  private func filters(_ observations: [[Float]], covariance index: Int) -> [[Float]] {
    let order = taps * channelCount
    let plain = matrix(lags[index], scale: Float(1 / weights[index]))
    var ridge = ridges.indices.contains(index) ? ridges[index] : 1e-3
    var factor = plain
    for place in 0..<order { factor[place * order + place] += ridge }
    while !DenseMatrix.choleskyFactor(&factor, order: order) {
      ridge = max(10 * ridge, 1e-6)
      factor = plain
      for place in 0..<order { factor[place * order + place] += ridge }
    }
    let count = observations.count
    var columns = transposed(observations.flatMap { $0 }, rows: count, columns: order)
    for isBack in [false, true] {
      DenseMatrix.solveTriangular(
        factor, order: order, transposed: isBack, &columns, columns: count)
    }
    return StreamingUnit.normalized(
      transposed(columns, rows: order, columns: count), observations: observations)
  }

  /// The lower block Toeplitz matrix of the extended covariance.
  private func matrix(_ lags: [Float], scale: Float) -> [Float] {
    let m = channelCount
    let order = taps * m
    var matrix = [Float](repeating: 0, count: order * order)
    let source = lags.span
    var target = matrix.mutableSpan
    for r in 0..<taps {
      for s in 0...r {
        let lag = (r - s) * m * m
        for c in 0..<m {
          let row = (r * m + c) * order + s * m
          for d in 0..<m { target[row + d] = source[lag + c * m + d] * scale }
        }
      }
    }
    return matrix
  }
}
