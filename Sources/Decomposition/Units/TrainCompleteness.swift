/// How much of a unit's activity a train is likely to hold.
///
/// A unit that fires at some strength of a contraction fires whenever the contraction is as strong
/// (Henneman 1957): silence while the EMG is as strong as in the stretches where the unit fires
/// means that it was missed there, as happens where its potential moves away. With A seconds of
/// activity and S silent seconds whose power is above the median power of the active ones, 2 S
/// seconds are taken as missed, and the share held is A / (A + 2 S).
struct TrainCompleteness {
  /// Median-relative power and place of each window.
  private let powers: [Double]
  private let windowDuration: Double
  private let missedWeight: Double

  /// Completeness by the power of the signal over time.
  init(power: PowerTrace, settings: ArrayConfiguration.Completeness) {
    let bins = max(1, Int((settings.window / power.binDuration).rounded()))
    missedWeight = settings.missedWeight
    windowDuration = Double(bins) * power.binDuration
    powers = stride(from: 0, to: power.signal.count - bins + 1, by: bins).map {
      power.signal[$0..<($0 + bins)].reduce(0, +)
    }
  }

  /// The share of the unit's activity that the train holds, 0...1.
  func share(of train: SpikeTrain) -> Double {
    var isActive = [Bool](repeating: false, count: powers.count)
    for second in train.seconds {
      let window = Int(second / windowDuration)
      if isActive.indices.contains(window) { isActive[window] = true }
    }
    let active = powers.indices.filter { isActive[$0] }.map { powers[$0] }.sorted()
    if active.isEmpty { return 1 }
    let median = active[active.count / 2]
    let missed = powers.indices.count { !isActive[$0] && powers[$0] > median }
    return Double(active.count) / (Double(active.count) + missedWeight * Double(missed))
  }
}

extension ArrayDecomposition {
  /// The decomposition with predicted agreements that account for what trains are likely to lack.
  ///
  /// - Parameter potentialsStay: whether potentials are known not to move. A unit that is silent at
  ///   a strength at which it fired before is then one of short recruitment, and stays with its low
  ///   prediction; where potentials move it is most often a piece of a unit that was lost on the
  ///   way, and is left out where it falls below the lowest accepted prediction.
  func withCompleteness(potentialsStay: Bool = false) -> ArrayDecomposition {
    let completeness = TrainCompleteness(power: power, settings: configuration.completeness)
    let judged = units.compactMap { unit -> MotorUnit? in
      guard let predicted = unit.quality.predictedAgreement else { return unit }
      var unit = unit
      let agreement = predicted * completeness.share(of: unit.train)
      unit.quality.predictedAgreement = agreement
      return potentialsStay || agreement >= configuration.agreementLimit ? unit : nil
    }
    return with(
      units: judged.enumerated().map { index, unit in
        var unit = unit
        unit.id = index
        return unit
      })
  }
}
