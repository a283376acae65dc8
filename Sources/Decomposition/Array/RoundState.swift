import Signal

/// The rounds of one decomposition: what has been found so far and what is left.
struct RoundState {
  /// A unit between rounds.
  struct Unit: Sendable {
    var times: [Double]
    var template: [Float]
    var silhouette: Double
    var pulseToNoise: Double
    var variation: Double
    var filter: [Float]
    var round: Int
    /// Correlation of the train with the signal, kept while the train stays as it is.
    var correlation: [Float] = []
    /// The unit known beforehand that this one continues; nil for a new one.
    var link: Int?
    /// Agreement with what the filters of the train's halves find; nil for a train of ample
    /// discharges, which needs no such proof.
    var crossFit: Double?
    /// The same after a joint decision, of trains of any length; nil without one.
    var jointCrossFit: Double?
  }

  let configuration: ArrayConfiguration
  let conditioned: ConditionedArray
  let templateLength: Int
  let parallelism: Parallelism
  var units: [Unit] = []
  var round = 0
  var residual: TimeMajorSignal
  /// Of the residual; nil from its change until they are needed.
  private var currentSpectra: OverlapSaveSpectra?
  private(set) var covariance: ExtendedCovariance
  /// Whether the residual has changed since its covariance was taken.
  private var covarianceIsOld = false
  var generator: SeededGenerator
  private var emptyRounds = 0
  private let signalPower: Double
  private(set) var taps: Int

  init(
    configuration: ArrayConfiguration, conditioned: ConditionedArray, templateLength: Int,
    parallelism: Parallelism
  ) {
    self.configuration = configuration
    self.conditioned = conditioned
    self.templateLength = templateLength
    self.parallelism = parallelism
    residual = conditioned.signal
    signalPower = conditioned.signal.meanSquare
    taps = configuration.tapCount(
      channelCount: conditioned.channels.count, rate: conditioned.rate,
      sampleCount: conditioned.signal.sampleCount)
    generator = SeededGenerator(seed: configuration.seed)
    let spectra = OverlapSaveSpectra(
      conditioned.signal, filterLength: taps, parallelism: parallelism)
    currentSpectra = spectra
    covariance = Self.covariance(
      of: spectra, ridgeFactor: configuration.ridgeFactor, parallelism: parallelism)
  }

  var spectra: OverlapSaveSpectra {
    guard let currentSpectra else { preconditionFailure("the residual was not prepared") }
    return currentSpectra
  }

  var unitCount: Int { units.count }
  var residualPowerShare: Double { signalPower > 0 ? residual.meanSquare / signalPower : 0 }
  var wantsAnother: Bool {
    round < configuration.searchRoundLimit && emptyRounds < configuration.search.emptyRounds
  }

  /// Gives the search its full patience after rounds over units known beforehand.
  mutating func beginSearch() { emptyRounds = 0 }

  /// Makes what a search reads of the residual, unless it is there.
  mutating func prepare(clock: inout StageClock) {
    prepareSpectra(clock: &clock)
    if !covarianceIsOld { return }
    clock.measure(.covariance) {
      covariance = Self.covariance(
        of: spectra, ridge: covariance.ridge, parallelism: parallelism)
    }
    covarianceIsOld = false
  }

  private mutating func prepareSpectra(clock: inout StageClock) {
    if currentSpectra != nil { return }
    clock.measure(.spectra) {
      currentSpectra = OverlapSaveSpectra(
        residual, filterLength: taps, parallelism: parallelism)
    }
  }

  /// One round: search, joint fit, re-estimation, acceptance, subtraction.
  mutating func run(clock: inout StageClock) {
    prepare(clock: &clock)
    let search = SourceSearch(
      configuration: configuration, signal: residual, spectra: spectra, covariance: covariance,
      rate: conditioned.rate, parallelism: parallelism,
      contrastLimit: conditioned.artefacts.contains { $0.kind != .movement }
        ? configuration.contrastLimitWithArtefacts : configuration.contrastLimit,
      known: units.map(\.times))
    let candidates = clock.measure(.search) { search.candidates(generator: &generator) }
    absorb(candidates, clock: &clock)
  }

  /// The rest of a round once its candidates are there, wherever they come from.
  ///
  /// `links` names for each candidate the unit known beforehand that it continues.
  mutating func absorb(
    _ candidates: [SourceSearch.Candidate], links: [Int?] = [], clock: inout StageClock
  ) {
    round += 1
    let before = units.count
    clock.measure(.duplicates) { units += newUnits(from: candidates, links: links) }
    let added = units.count > before
    if added {
      clock.measure(.jointFit) { subtractNew(from: before) }
      prepareSpectra(clock: &clock)
      clock.measure(.reestimation) { reestimate(settled: before) }
      clock.measure(.jointFit) { fitAndSubtract() }
    }
    emptyRounds = units.contains { $0.round == round } ? 0 : emptyRounds + 1
  }

  /// Re-estimates all units against the final residual, now that every other unit is known.
  mutating func polish(passes: Int, clock: inout StageClock) {
    let longer = configuration.polishingTapCount(
      channelCount: conditioned.channels.count, rate: conditioned.rate)
    if passes > 0 && longer > taps && !units.isEmpty {
      taps = longer
      forgetSpectra()
    }
    for _ in 0..<passes where !units.isEmpty {
      prepare(clock: &clock)
      clock.measure(.reestimation) { reestimate(settled: 0, isFinal: true) }
      clock.measure(.jointFit) { fitAndSubtract() }
    }
    // Without a last re-estimation what the search let pass is still there, and subtracted.
    let accepted = units.filter { predictedAgreement(of: $0) >= configuration.agreementLimit }
    if accepted.count < units.count {
      units = accepted
      clock.measure(.jointFit) { fitAndSubtract() }
    }
  }

  mutating func fitAndSubtract(rank: Int? = nil) {
    var model = self.model
    var correlations = units.map(\.correlation)
    TemplateLeastSquares().fit(
      &model, to: conditioned.signal, correlations: &correlations, parallelism: parallelism)
    if let rank { limitRank(of: &model, to: rank) }
    for index in units.indices {
      units[index].template = model.templates[index]
      units[index].correlation = correlations[index]
    }
    forgetSpectra()
    // The old one goes before the new one is made: two at a time would be the peak of memory.
    residual = TimeMajorSignal(channels: [[0]], padding: 0)
    residual = model.residual(of: conditioned.signal, parallelism: parallelism)
  }

  /// Takes new units alone out of the residual, with potentials fitted to it: enough for their
  /// first re-estimation, which the joint fit of all units follows.
  mutating func subtractNew(from first: Int, rank: Int? = nil) {
    var model = ConvolutiveModel(
      length: templateLength, channelCount: conditioned.channels.count,
      trains: units[first...].map { PhasedTrain($0.times) },
      templates: units[first...].map(\.template))
    TemplateLeastSquares().fit(&model, to: residual, parallelism: parallelism)
    if let rank { limitRank(of: &model, to: rank) }
    for (place, template) in model.templates.enumerated() {
      units[first + place].template = template
    }
    forgetSpectra()
    model.subtract(from: &residual, parallelism: parallelism)
  }

  private func limitRank(of model: inout ConvolutiveModel, to rank: Int) {
    let templates = model.templates
    let channels = model.channelCount
    model.templates = parallelism.map(templates.count) {
      TemplateRank.limited(templates[$0], channelCount: channels, rank: rank)
    }
  }

  var model: ConvolutiveModel {
    ConvolutiveModel(
      length: templateLength, channelCount: conditioned.channels.count,
      trains: units.map { PhasedTrain($0.times) }, templates: units.map(\.template))
  }

  /// What was made of the residual holds no longer.
  mutating func forgetSpectra() {
    currentSpectra = nil
    covarianceIsOld = true
  }

  private static func covariance(
    of spectra: OverlapSaveSpectra, ridgeFactor: Float = 1, ridge: Float? = nil,
    parallelism: Parallelism
  ) -> ExtendedCovariance {
    ExtendedCovariance(
      laggedCorrelations: spectra.laggedCorrelations(parallelism: parallelism),
      channelCount: spectra.channelCount, tapCount: spectra.layout.filterLength,
      sampleCount: spectra.layout.sampleCount, ridgeFactor: ridgeFactor, ridge: ridge)
  }

  /// Replaces every unit by its re-estimate; drops those below acceptance and merges duplicates.
  ///
  /// The first `settled` units went through it before and get one pass every other round, the
  /// others several.
  private mutating func reestimate(settled: Int, isFinal: Bool = false) {
    let passesOfSettled = round.isMultiple(of: 2) ? 1 : 0
    // At the end a joint fit follows every pass, which does more than a pass against the same rest.
    let passesOfNew = isFinal ? 1 : configuration.search.passes
    let reestimation = UnitReestimation(
      configuration: configuration, residual: residual, spectra: spectra, covariance: covariance,
      rate: conditioned.rate, parallelism: parallelism)
    let model = self.model
    let estimates = reestimation.estimates(
      for: model, passes: units.indices.map { $0 < settled ? passesOfSettled : passesOfNew })
    let short = units.indices.filter {
      guard units[$0].link == nil, let estimate = estimates[$0] else { return false }
      return !isAmple(estimate.times.count)
    }
    let crossFits = Dictionary(
      uniqueKeysWithValues: zip(
        short,
        reestimation.crossFitted(
          short.map { estimates[$0]?.samples ?? [] }, units: short.map { $0 }, model: model)))
    var updated: [Unit] = []
    for (index, (unit, estimate)) in zip(units, estimates).enumerated() {
      if index < settled && passesOfSettled == 0 {
        updated.append(unit)
        continue
      }
      guard let estimate else { continue }
      if !isPlausible(
        silhouette: estimate.silhouette, variation: estimate.variation, times: estimate.times,
        isFinal: isFinal) || crossFits[index] ?? 1 < configuration.crossFitLimit
      {
        continue
      }
      var next = unit
      next.crossFit = crossFits[index]
      next.times = estimate.times
      next.correlation = []
      next.silhouette = estimate.silhouette
      next.pulseToNoise = estimate.pulseToNoise
      next.variation = estimate.variation
      next.filter = estimate.filter
      updated.append(next)
    }
    let order = updated.indices.sorted {
      updated[$0].silhouette != updated[$1].silhouette
        ? updated[$0].silhouette > updated[$1].silhouette : $0 < $1
    }
    var kept: [Unit] = []
    for index in order where !kept.contains(where: { isDuplicate($0.times, updated[index].times) })
    {
      kept.append(updated[index])
    }
    units = kept.filter { unit in !kept.contains { isPart(unit.times, of: $0.times) } }
    joinPieces()
  }

  /// Joins units that are pieces of one; the fit that follows gives them one potential.
  mutating func joinPieces() {
    let joining = PieceJoining(
      tolerance: tolerance, longestLag: longestLag,
      refractory: (configuration.refractoryTime * conditioned.rate).rounded(.down),
      channelCount: conditioned.channels.count, settings: configuration.pieces)
    let joins = joining.joins(units.map { .init(times: $0.times, template: $0.template) })
    for join in joins {
      units[join.first].times = joining.union(
        units[join.first].times, units[join.second].times, lag: join.lag)
      units[join.first].correlation = []
      units[join.first].link = units[join.first].link ?? units[join.second].link
    }
    let gone = Set(joins.map(\.second))
    units = units.indices.filter { !gone.contains($0) }.map { units[$0] }
  }
}
