/// Sweeps overlapping windows over a stretch and re-solves the firings inside each.
///
/// Keeps the matched outputs of the residual up to date as firings change. Windows that nothing
/// touched since the last sweep are skipped.
final class SuperpositionSweep {
  private let units: Int
  private let count: Int
  private let width: Int
  private let step: Int
  private let tableLength: Int
  private let priorScale: Float
  private let contraryScale: Float
  private let lookAhead: Float
  private let reach: Int
  private let lags: Int
  private let matched: UnsafeMutablePointer<Float>
  private let penalty: [Float]
  private let energies: [Float]
  private let priors: [[Float]]
  private let correlations: UnsafeMutablePointer<Float>
  private let beam: SuperpositionBeam
  /// Log-ratios of intervals for one unit and window.
  private let intervals: UnsafeMutablePointer<Float>
  private var dirty: [Int]
  /// Ascending firing samples of each unit.
  private(set) var firings: [[Int]]

  private static let cell = 64

  /// `energies` are template energies plus twice the cost of a firing, `priors` log-densities of
  /// intervals by grid samples; those that speak against a firing are weighed by `contraryScale`,
  /// those for it by `priorScale`.
  init(
    matched: [Float], penalty: [Float], correlations: TemplateCorrelations, energies: [Float],
    priors: [[Float]], priorScale: Float, contraryScale: Float? = nil, firings: [[Int]],
    width: Int, step: Int, configuration: NeedleConfiguration
  ) {
    units = firings.count
    count = penalty.count
    precondition(matched.count == units * count && energies.count == units, "sizes do not fit")
    self.width = width
    self.step = step
    self.penalty = penalty
    self.energies = energies
    self.priors = priors
    self.priorScale = priorScale
    self.contraryScale = contraryScale ?? priorScale
    self.firings = firings
    lookAhead = Float(configuration.lookAhead)
    tableLength = priors.first?.count ?? 0
    reach = correlations.reach
    lags = correlations.lags
    self.matched = .allocate(capacity: max(1, matched.count))
    self.matched.initialize(from: matched, count: matched.count)
    intervals = .allocate(capacity: max(1, width))
    intervals.initialize(repeating: 0, count: max(1, width))
    self.correlations = .allocate(capacity: max(1, correlations.values.count))
    self.correlations.initialize(from: correlations.values, count: correlations.values.count)
    beam = SuperpositionBeam(
      units: units, width: width, energies: energies, configuration: configuration,
      correlations: self.correlations, lags: lags)
    dirty = Array(repeating: 0, count: count / Self.cell + 2)
  }

  deinit {
    matched.deallocate()
    intervals.deallocate()
    correlations.deallocate()
  }

  /// The matched outputs of the present residual, units x samples.
  func outputs() -> [Float] {
    Array(UnsafeBufferPointer(start: matched, count: units * count))
  }

  /// One sweep from `offset`; returns the number of windows whose firings changed.
  ///
  /// Unless `thorough`, windows are left as they are where no single firing could be added, moved
  /// or removed with a gain.
  func sweep(generation: Int, offset: Int, thorough: Bool = true) -> Int {
    var changed = 0
    var start = min(offset, max(0, count - width))
    while start + width <= count {
      if isDirty(start, generation: generation), solve(start, thorough: thorough) {
        changed += 1
        let low = max(0, start - width) / Self.cell
        let high = min(dirty.count - 1, (start + 2 * width) / Self.cell)
        for cell in low...high { dirty[cell] = generation + 1 }
      }
      start += step
    }
    return changed
  }

  private func isDirty(_ start: Int, generation: Int) -> Bool {
    let high = min(dirty.count - 1, (start + width) / Self.cell)
    for cell in start / Self.cell...high where dirty[cell] >= generation { return true }
    return false
  }

  private func solve(_ start: Int, thorough: Bool) -> Bool {
    var inside: [(unit: Int, time: Int)] = []
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(units)
    var repeated = false
    for unit in 0..<units {
      let low = lowerBound(firings[unit], start)
      var high = low
      while high < firings[unit].count && firings[unit][high] < start + width {
        inside.append((unit, firings[unit][high]))
        high += 1
      }
      if high - low > 1 { repeated = true }
      ranges.append(low..<high)
    }
    if inside.isEmpty || !(thorough || repeated) {
      let least = inside.isEmpty ? -0.5 * lookAhead : 0
      if !couldGain(ranges, start: start, least: least)
        && inside.allSatisfy({ isBest($0, start: start) })
      {
        return false
      }
    }
    for unit in 0..<units { _ = fillGains(unit, start: start, inside: ranges[unit]) }
    for entry in inside { shiftGains(entry.unit, time: entry.time - start, sign: 1) }
    var oldScore: Float = 0
    for entry in inside {
      oldScore += beam.start[entry.unit * beam.stride + entry.time - start]
      shiftGains(entry.unit, time: entry.time - start, sign: -1)
    }
    for entry in inside { shiftGains(entry.unit, time: entry.time - start, sign: 1) }
    beam.search()
    if !(beam.bestScore > oldScore + 1e-3 || repeated) { return false }
    for entry in inside { shiftOutputs(entry.unit, time: entry.time, sign: 1) }
    var placed = [Int?](repeating: nil, count: units)
    for index in 0..<beam.bestCount {
      let time = start + beam.bestTimes[index]
      placed[beam.bestUnits[index]] = time
      shiftOutputs(beam.bestUnits[index], time: time, sign: -1)
    }
    for unit in 0..<units where !ranges[unit].isEmpty || placed[unit] != nil {
      if let time = placed[unit] {
        firings[unit].replaceSubrange(ranges[unit], with: CollectionOfOne(time))
      } else {
        firings[unit].removeSubrange(ranges[unit])
      }
    }
    return true
  }

  /// Whether a further firing of a unit that does not fire in the window could gain `least`.
  ///
  /// Also writes the gains of the units that fire.
  private func couldGain(_ ranges: [Range<Int>], start: Int, least: Float) -> Bool {
    for unit in 0..<units {
      if ranges[unit].isEmpty {
        let peak = maximum(matched + unit * count + start, count: width)
        // Intervals of the likeliest length add a few nats.
        if peak - 0.5 * energies[unit] < least - 12 { continue }
        if fillGains(unit, start: start, inside: ranges[unit]) > least { return true }
      } else {
        _ = fillGains(unit, start: start, inside: ranges[unit])
      }
    }
    return false
  }

  /// Whether a firing in the window pays, and nowhere more than where it is.
  private func isBest(_ entry: (unit: Int, time: Int), start: Int) -> Bool {
    let (value, time) = beam.bestTime(of: entry.unit, movedFrom: entry.time - start)
    return value > 0 && time == entry.time - start
  }

  /// Writes gains of a unit for the window and returns the largest.
  private func fillGains(_ unit: Int, start: Int, inside: Range<Int>) -> Float {
    let train = firings[unit]
    let before = inside.lowerBound > 0 ? train[inside.lowerBound - 1] : nil
    let after = inside.upperBound < train.count ? train[inside.upperBound] : nil
    let row = beam.start + unit * beam.stride
    let output = matched + unit * count + start
    let half = 0.5 * energies[unit]
    let last = tableLength - 1
    penalty.withUnsafeBufferPointer { penalty in
      for index in 0..<width { row[index] = output[index] - half - penalty[start + index] }
    }
    let scale = priorScale
    let contrary = contraryScale
    let known = intervals
    priors[unit].withUnsafeBufferPointer { prior in
      let joint: Float
      if let before, let after {
        joint = prior[min(last, after - before)]
      } else {
        joint = before == nil && after == nil ? 6 : 0
      }
      for index in 0..<width { known[index] = -joint }
      if let before {
        let near = max(0, min(width, last - (start - before)))
        for index in 0..<near { known[index] += prior[start - before + index] }
        for index in near..<width { known[index] += prior[last] }
      }
      if let after {
        let far = max(0, min(width, after - start - last))
        for index in 0..<far { known[index] += prior[last] }
        for index in far..<width { known[index] += prior[after - start - index] }
      }
    }
    for index in 0..<width {
      row[index] += known[index] * (known[index] < 0 ? contrary : scale)
    }
    return largest(row, count: beam.stride).value
  }

  private func shiftGains(_ unit: Int, time: Int, sign: Float) {
    for other in 0..<units {
      let row = correlations + (unit * units + other) * lags + reach - time
      let target = beam.start + other * beam.stride
      for index in 0..<width { target[index] += sign * row[index] }
    }
  }

  private func shiftOutputs(_ unit: Int, time: Int, sign: Float) {
    let low = max(0, time - reach)
    let high = min(count, time + reach + 1)
    for other in 0..<units {
      let row = correlations + (unit * units + other) * lags + reach - time
      let target = matched + other * count
      for index in low..<high { target[index] += sign * row[index] }
    }
  }
}
