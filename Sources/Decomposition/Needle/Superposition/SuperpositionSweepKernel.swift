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
  /// For each unit the log-density of intervals by samples, and the same from the longest to zero.
  private let priors: UnsafeMutablePointer<Float>
  private let correlations: UnsafeMutablePointer<Float>
  private let beam: SuperpositionBeam
  /// Log-densities of intervals beyond the table's end, for one unit and window.
  private let clamped: UnsafeMutablePointer<Float>
  /// Those of an interval that is not known: zero.
  private let none: UnsafeMutablePointer<Float>
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
    self.priorScale = priorScale
    self.contraryScale = contraryScale ?? priorScale
    self.firings = firings
    lookAhead = Float(configuration.lookAhead)
    tableLength = priors.first?.count ?? 0
    reach = correlations.reach
    lags = correlations.lags
    self.matched = .allocate(capacity: max(1, matched.count))
    self.matched.initialize(from: matched, count: matched.count)
    self.priors = .allocate(capacity: max(1, 2 * units * tableLength))
    for (unit, prior) in priors.enumerated() {
      precondition(prior.count == tableLength, "sizes do not fit")
      let table = self.priors + 2 * unit * tableLength
      table.initialize(from: prior, count: tableLength)
      (table + tableLength).initialize(from: prior.reversed(), count: tableLength)
    }
    clamped = .allocate(capacity: max(1, 2 * width))
    clamped.initialize(repeating: 0, count: max(1, 2 * width))
    none = .allocate(capacity: max(1, width))
    none.initialize(repeating: 0, count: max(1, width))
    self.correlations = .allocate(capacity: max(1, correlations.values.count))
    self.correlations.initialize(from: correlations.values, count: correlations.values.count)
    beam = SuperpositionBeam(
      units: units, width: width, energies: energies, configuration: configuration,
      correlations: self.correlations, lags: lags)
    dirty = Array(repeating: 0, count: count / Self.cell + 2)
  }

  deinit {
    matched.deallocate()
    priors.deallocate()
    clamped.deallocate()
    none.deallocate()
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
    let last = tableLength - 1
    let prior = priors + 2 * unit * tableLength
    let joint: Float
    if let before, let after {
      joint = prior[min(last, after - before)]
    } else {
      joint = before == nil && after == nil ? 6 : 0
    }
    // The log-density of the interval before each sample of the window, and of the one behind it.
    var elapsed = UnsafePointer(none)
    if let before {
      elapsed = UnsafePointer(prior + (start - before))
      if start - before + width > tableLength {
        for index in 0..<width { clamped[index] = prior[min(last, start - before + index)] }
        elapsed = UnsafePointer(clamped)
      }
    }
    var remaining = UnsafePointer(none)
    if let after {
      remaining = UnsafePointer(prior + tableLength + (last - (after - start)))
      if after - start > last {
        let row = clamped + width
        for index in 0..<width { row[index] = prior[min(last, after - start - index)] }
        remaining = UnsafePointer(row)
      }
    }
    return penalty.withUnsafeBufferPointer { penalty in
      guard let penalty = penalty.baseAddress else { return 0 }
      return writeGains(
        outputs: matched + unit * count + start, penalties: penalty + start, elapsed: elapsed,
        remaining: remaining, joint: joint, half: 0.5 * energies[unit],
        to: beam.start + unit * beam.stride)
    }
  }

  /// Writes output - half energy - penalty + weighed log-ratio of intervals; returns the largest.
  private func writeGains(
    outputs: UnsafePointer<Float>, penalties: UnsafePointer<Float>,
    elapsed: UnsafePointer<Float>, remaining: UnsafePointer<Float>, joint: Float, half: Float,
    to row: UnsafeMutablePointer<Float>
  ) -> Float {
    var best = SIMD16<Float>(repeating: -.infinity)
    let supporting = SIMD16<Float>(repeating: priorScale)
    let opposing = SIMD16<Float>(repeating: contraryScale)
    var index = 0
    func lanes(_ values: UnsafePointer<Float>) -> SIMD16<Float> {
      UnsafeRawPointer(values + index).loadUnaligned(as: SIMD16<Float>.self)
    }
    while index + 16 <= width {
      let known = lanes(elapsed) - joint + lanes(remaining)
      let scale = supporting.replacing(with: opposing, where: known .< 0)
      let gain = (lanes(outputs) - half - lanes(penalties)) + known * scale
      UnsafeMutableRawPointer(row + index).storeBytes(of: gain, as: SIMD16<Float>.self)
      best.replace(with: gain, where: gain .> best)
      index += 16
    }
    var largest = -Float.infinity
    for lane in 0..<16 where best[lane] > largest { largest = best[lane] }
    while index < width {
      let known = elapsed[index] - joint + remaining[index]
      row[index] =
        (outputs[index] - half - penalties[index])
        + known * (known < 0 ? contraryScale : priorScale)
      largest = max(largest, row[index])
      index += 1
    }
    return largest
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
