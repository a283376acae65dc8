import Signal

/// The filters of all units side by side, with what is subtracted for each discharge.
struct StreamingBank: Sendable {
  var units: [StreamingUnit]
  let channelCount: Int
  let taps: Int
  let length: Int
  /// Filters of all units, `[unit][tap][channel]`.
  private(set) var firstFilters: [Float] = []
  private(set) var secondFilters: [Float] = []
  /// Each unit's potential at every sub-sample phase, `[phase][sample][channel]`.
  private(set) var rendered: [[Float]] = []
  /// The second filter's output for the unit's own potential, `[phase][sample]`.
  private(set) var responses: [[Float]] = []
  /// Samples after the discharge at which each filter's output for the unit's own potential peaks,
  /// with fractions: times that ignored them would let updated potentials wander.
  private(set) var firstDelays: [Double] = []
  private(set) var secondDelays: [Double] = []
  /// Peaks seen so far where they are wanted, `[pass][unit]`.
  var recorded: [[[PeakFollower.Peak]]]?

  var reachBefore: Int { length / 2 + ImpulseKernel.centre }
  var renderedLength: Int { length + ImpulseKernel.tapCount - 1 }
  var responseLength: Int { renderedLength + taps - 1 }

  init(units: [StreamingUnit], channelCount: Int) {
    self.units = units
    self.channelCount = channelCount
    taps = max(1, (units.first?.firstFilter.count ?? 0) / max(1, channelCount))
    length = max(1, (units.first?.template.count ?? 0) / max(1, channelCount))
    refresh()
  }

  /// Brings everything in line with the units' filters and potentials.
  mutating func refresh() {
    firstFilters = units.flatMap(\.firstFilter)
    secondFilters = units.flatMap(\.secondFilter)
    firstDelays = units.map { peakDelay(of: $0, filter: $0.firstFilter) }
    secondDelays = units.map { peakDelay(of: $0, filter: $0.secondFilter) }
    let model = ConvolutiveModel(
      length: length, channelCount: channelCount, trains: units.map { _ in PhasedTrain([]) },
      templates: units.map(\.template))
    rendered = units.indices.map { units[$0].isSubtracted ? model.renderedPhases(of: $0) : [] }
    responses = units.indices.map { response(of: $0) }
  }

  private func peakDelay(of unit: StreamingUnit, filter: [Float]) -> Double {
    let m = channelCount
    func output(_ delay: Int) -> Double {
      var sum: Float = 0
      for tap in 0..<taps {
        let sample = length / 2 + delay - tap
        if sample < 0 || sample >= length { continue }
        sum += VectorKernel.dot(
          filter.span.extracting((tap * m)..<((tap + 1) * m)),
          unit.template.span.extracting((sample * m)..<((sample + 1) * m)))
      }
      return Double(sum)
    }
    let near = (-StreamingUnit.longestPeakShift...StreamingUnit.longestPeakShift).map {
      unit.delay + $0
    }
    guard let top = near.max(by: { output($0) < output($1) }), output(top) > 0 else {
      return Double(unit.delay)
    }
    let (before, peak, after) = (output(top - 1), output(top), output(top + 1))
    let curvature = before - 2 * peak + after
    if curvature >= 0 { return Double(top) }
    return Double(top) + min(0.5, max(-0.5, 0.5 * (before - after) / curvature))
  }

  private func response(of unit: Int) -> [Float] {
    if !units[unit].isSubtracted { return [] }
    let rows = ImpulseKernel.phaseCount * renderedLength
    var products = [Float](repeating: 0, count: rows * taps)
    DenseMatrix.multiply(
      rendered[unit], units[unit].secondFilter, transposeB: true, into: &products, rows: rows,
      columns: taps, inner: channelCount)
    var response = [Float](repeating: 0, count: ImpulseKernel.phaseCount * responseLength)
    for phase in 0..<ImpulseKernel.phaseCount {
      for sample in 0..<renderedLength {
        for tap in 0..<taps {
          response[phase * responseLength + sample + tap] +=
            products[(phase * renderedLength + sample) * taps + tap]
        }
      }
    }
    return response
  }

  /// Whether a peak is a discharge; the class it falls into follows it.
  mutating func classify(
    _ peak: PeakFollower.Peak, unit: Int, isFirst: Bool, rate: Float
  ) -> Bool {
    recorded?[isFirst ? 0 : 1][unit].append(peak)
    var heights = isFirst ? units[unit].firstHeights : units[unit].secondHeights
    let isDischarge = peak.height >= heights.threshold
    if rate > 0 {
      // One artefact must not lift the threshold; other peaks are many and each tells less.
      let height = min(peak.height, 4 * heights.discharges)
      if isDischarge {
        heights.discharges += rate * (height - heights.discharges)
      } else {
        heights.others += 0.2 * rate * (height - heights.others)
      }
      if isFirst { units[unit].firstHeights = heights } else { units[unit].secondHeights = heights }
    }
    return isDischarge
  }
}
