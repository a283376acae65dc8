import Signal

/// Whether a train's discharges are found again by filters that have not seen them.
///
/// A filter that is the mean over a few discharges stands out at just those, whatever they are: in
/// D dimensions n arbitrary instants reach a height of sqrt(D / n) standard deviations. So each half
/// of the discharges, every other one, is looked for by the filter of the other half; arbitrary
/// instants do not come back, those of a unit do (cross-validation; Stone 1974, J. R. Stat. Soc. B
/// 36).
extension UnitReestimation {
  /// The agreement of each train with what the filters of its halves find, 0...1.
  ///
  /// - Parameters:
  ///   - discharges: whole samples of each train, ascending.
  ///   - units: the unit of the model whose potentials are in no longer in the residual and belong
  ///     to the train; nil where the train is still in the residual.
  ///   - byRank: whether as many of the highest peaks count as the other half has discharges, and
  ///     not the upper class of heights: what others leave in a source then shifts no threshold.
  func crossFitted(
    _ discharges: [[Int]], units: [Int?], byRank: Bool = false, model: ConvolutiveModel
  ) -> [Double] {
    let count = discharges.count
    if count == 0 { return [] }
    let order = covariance.order
    let rendered = parallelism.map(count) { place in
      units[place].map { model.renderedPhases(of: $0) } ?? []
    }
    let halves = discharges.map { train -> [[Int]] in
      let inside = train.filter { $0 >= 0 && $0 < residual.sampleCount }
      return (0..<2).map { half in
        inside.enumerated().filter { $0.offset % 2 == half }.map(\.element)
      }
    }
    let means = parallelism.map(2 * count) { place in
      let instants = halves[place / 2][place % 2]
      var mean = residual.meanOfPast(at: instants, length: covariance.tapCount)
      if let unit = units[place / 2] {
        addOwnMean(
          to: &mean, at: instants, train: model.trains[unit], model: model,
          rendered: rendered[place / 2])
      }
      return mean
    }
    let bank = covariance.filters(for: means)
    let outputs = spectra.filter(bank: bank, filterCount: 2 * count, parallelism: parallelism)
    let samples = residual.sampleCount
    let rates = parallelism.map(2 * count) { place -> Double in
      var source = Array(outputs[(place * samples)..<((place + 1) * samples)])
      if let unit = units[place / 2] {
        Self.addOwnSource(
          to: &source, filter: Array(bank[(place * order)..<((place + 1) * order)]),
          taps: covariance.tapCount, train: model.trains[unit], model: model,
          rendered: rendered[place / 2])
      }
      return Self.agreement(
        of: halves[place / 2][1 - place % 2], in: source.span,
        without: halves[place / 2][place % 2], byRank: byRank,
        refractory: max(1, Int((configuration.refractoryTime * rate).rounded(.down))),
        tolerance: configuration.search.crossFitTolerance)
    }
    return (0..<count).map { place -> Double in
      let sum = rates[2 * place] + rates[2 * place + 1]
      return sum / 2
    }
  }

  /// Agreement of a half's discharges with the upper class of a source's peaks, those of the
  /// other half left out.
  private static func agreement(
    of discharges: [Int], in source: Span<Float>, without others: [Int], byRank: Bool,
    refractory: Int, tolerance: Double
  ) -> Double {
    var place = 0
    let peaks = SpikeClustering.dominantPeaks(source, distance: refractory).filter { peak in
      while place < others.count && others[place] <= peak - refractory { place += 1 }
      return place == others.count || others[place] >= peak + refractory
    }
    let heights = peaks.map { source[$0] * source[$0] }
    let ordered = SpikeClustering.ascending(heights)
    let ranked = discharges.isEmpty ? nil : ordered.suffix(discharges.count).first
    guard let threshold = byRank ? ranked : SpikeClustering.twoMeansThreshold(ordered) else {
      return 0
    }
    let found = peaks.indices.filter { heights[$0] >= threshold }.map { Double(peaks[$0]) }
    let matched = TrainAgreement.matches(
      discharges.map(Double.init), found, lag: 0, tolerance: tolerance)
    let union = discharges.count + found.count - matched
    return union > 0 ? Double(matched) / Double(union) : 0
  }
}
