/// What the sample-by-sample decomposition needs of one unit, after causal conditioning.
///
/// Signals are scaled as the model says; filters are `[tap][channel]`, scaled so that the mean
/// discharge peak of their output is 1.
public struct StreamingUnit: Sendable, Equatable {
  /// Samples by which the peak of a filter's output may stand off `delay`.
  static let longestPeakShift = 2

  /// Potential, `[sample][channel]`, with the discharge in the middle sample.
  public var template: [Float]
  /// Samples by which a filter's output peaks after the discharge.
  public var delay: Int
  /// Filter on the signal as it comes, all other units in it.
  public var firstFilter: [Float]
  /// Heights of that filter's output.
  public var firstHeights: SeparationModel.PeakHeights
  /// Whether the first filter's discharges are good enough to be subtracted from the signal.
  public var isSubtracted: Bool
  /// Filter on what is left after subtraction.
  public var secondFilter: [Float]
  /// Heights of that filter's output.
  public var secondHeights: SeparationModel.PeakHeights
  /// Agreement with the unit's train in the stretch that the filters were made from, 0...1.
  public var trainingAgreement: Double
}
