import Signal

/// What a kept model finds in another recording of the same electrodes.
public struct ModelApplication: Sendable {
  /// The units that were found again, with the numbers they have in the model.
  public let decomposition: ArrayDecomposition
  /// Numbers of the model's units that were not found.
  public let missing: [Int]

  /// Applies a model to channels x samples in microvolts.
  ///
  /// Filters are made from the model's potentials and the covariance of this recording, so they
  /// adapt to its noise and to the units active in it; the trains are then re-estimated as in a
  /// decomposition. Units outside the model are not searched.
  ///
  /// - `setUp`: electrodes of this recording.
  /// - `progress`: called with the share of the work that is done, 0...1; what it throws ends the work.
  /// - Throws: `DecompositionError`, `.model` where the electrodes are others.
  public init(
    _ model: SeparationModel, to channels: [[Float]], setUp: ChannelSetUp,
    parallelism: Parallelism = Parallelism(), progress: (Double) throws -> Void = { _ in }
  ) throws {
    try model.setUp.require(setUp)
    try ArrayDecomposer(configuration: model.configuration)
      .check(channels, samplingRate: setUp.samplingRate)
    var clock = StageClock()
    let continued = ContinuedDecomposition(
      configuration: model.configuration, screening: model.configuration.screening,
      parallelism: parallelism,
      known: model.units.map { KnownUnit(id: $0.id, template: $0.template) },
      searchesRemainder: false)
    let rounds = try continued.run(
      channels, samplingRate: setUp.samplingRate, clock: &clock,
      checkpoint: { try progress($0) })
    let result = rounds.result(
      samplingRate: setUp.samplingRate, sampleCount: channels[0].count,
      allChannels: channels.count, timings: clock.timings)
    let links = continued.links(of: result, in: rounds)
    // What ended as something else is not one of the model's units, and none were searched for.
    let units = zip(result.units, links).compactMap { unit, link -> MotorUnit? in
      guard let link else { return nil }
      var unit = unit
      unit.id = link
      return unit
    }
    decomposition = result.with(units: units.sorted { $0.id < $1.id })
    let found = Set(units.map(\.id))
    missing = model.units.map(\.id).filter { !found.contains($0) }
  }
}

extension ArrayDecomposition {
  /// The same with other units.
  func with(units: [MotorUnit]) -> ArrayDecomposition {
    var result = self
    result.units = units
    return result
  }
}
