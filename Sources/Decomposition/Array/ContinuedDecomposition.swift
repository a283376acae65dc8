import Signal

/// The decomposition of a signal in which some units may be known beforehand.
struct ContinuedDecomposition: Sendable {
  let configuration: ArrayConfiguration
  let screening: ChannelScreening
  let parallelism: Parallelism
  /// Units found before, with electrodes numbered as in the signal.
  let known: [KnownUnit]
  /// Trains to start from, with the known units that they belong to.
  var started: [(id: Int, train: SourceSearch.Candidate)] = []
  /// Whether units that are not known are searched in what is left.
  let searchesRemainder: Bool

  /// Decomposes channels x samples in microvolts.
  ///
  /// `progress` is called after each round of the search, `checkpoint` with a rough share of the work of
  /// all stages; what either throws ends the run.
  func run(
    _ channels: [[Float]], samplingRate: Double, clock: inout StageClock,
    progress: (ArrayDecomposer.Progress) throws -> Void = { _ in },
    checkpoint: (Double) throws -> Void = { _ in }
  ) throws -> RoundState {
    var configuration = configuration
    let rate = configuration.rateConversion(samplingRate: samplingRate).rate(from: samplingRate)
    let length = configuration.templateLength(rate: rate)
    let longest = max(
      configuration.filterDuration, configuration.longFilterDuration,
      configuration.polishingFilterDuration)
    let padding = length + 64 + Int(longest * rate)
    let conditioned = try clock.measure(.conditioning) {
      try SignalConditioning(
        configuration: configuration, screening: screening, parallelism: parallelism
      ).condition(channels, samplingRate: samplingRate, padding: padding)
    }
    try checkpoint(0.2)
    let search = KnownUnitSearch(
      configuration: configuration, known: known, parallelism: parallelism)
    // Rounds over known units do not use up the rounds of the search.
    if !known.isEmpty { configuration.roundLimit += search.roundLimit }
    var rounds = RoundState(
      configuration: configuration, conditioned: conditioned, templateLength: length,
      parallelism: parallelism)
    if !started.isEmpty {
      rounds.absorb(started.map(\.train), links: started.map(\.id), clock: &clock)
    }
    if !known.isEmpty {
      try search.recover(in: &rounds, clock: &clock) {
        try checkpoint(0.2 + 0.6 * Double($0) / Double(max(1, search.roundLimit)))
      }
    }
    rounds.beginSearch()
    while searchesRemainder && rounds.wantsAnother {
      rounds.run(clock: &clock)
      try progress(
        ArrayDecomposer.Progress(
          round: rounds.round, unitCount: rounds.unitCount,
          residualPowerShare: rounds.residualPowerShare,
          fraction: Double(rounds.round) / Double(configuration.searchRoundLimit)))
    }
    try checkpoint(0.8)
    rounds.polish(passes: configuration.polishingPasses, clock: &clock)
    if searchesRemainder && configuration.effort == .thorough { rounds.unmask(clock: &clock) }
    return rounds
  }

  /// Which known unit each found unit is, nil for none, in the order of `decomposition.units`.
  ///
  /// A unit that started as a known one and ended with another potential is not that unit.
  func links(of decomposition: ArrayDecomposition, in rounds: RoundState) -> [Int?] {
    let factor = rounds.conditioned.conversion.ratio
    return decomposition.units.map { unit in
      let state = rounds.units.first { state in
        state.times.count == unit.train.times.count
          && zip(state.times, unit.train.times).allSatisfy { $0 * factor == $1 }
      }
      guard let link = state?.link, let before = known.first(where: { $0.id == link }) else {
        return nil
      }
      let similarity = TemplateSimilarity(before.template, unit.template)
      return similarity.cosine >= configuration.known.lowestSimilarity ? link : nil
    }
  }
}
