import Foundation

/// Settings of the motor axons of a nerve and of the potentials of their units.
public struct NerveConfiguration: Codable, Sendable, Equatable {
  /// How unit amplitudes spread (relative to their mean).
  public enum SizeDistribution: Codable, Sendable, Equatable {
    /// Lognormal with an SD of the natural logarithm.
    case lognormal(sigma: Double)
    /// A floor (share of the mean, 0 to 1) plus an exponential.
    case exponential(floor: Double)
    /// Gamma of a shape.
    case gamma(shape: Double)
    /// Lognormal units, each multiplied by one plus a Poisson number of adoptions.
    case reinnervated(sigma: Double, meanAdoptions: Double)
    /// All alike.
    case equal
  }

  /// How the thresholds of the axons spread.
  public enum ThresholdDistribution: String, Codable, Sendable, CaseIterable {
    /// Normal.
    case normal
    /// Normal in the logarithm.
    case lognormal
    /// Two groups of axons, a lower and a higher one.
    case twoClusters
  }

  /// Seed of the nerve.
  public var seed: UInt64 = 1
  /// Motor units.
  public var unitCount = 100
  /// Mean amplitude of a unit in uV, at the peak of its own potential.
  public var meanAmplitudeMicrovolts = 80.0
  /// How amplitudes spread.
  public var sizes = SizeDistribution.lognormal(sigma: 0.6)
  /// Mean threshold in mA.
  public var thresholdMilliamperes = 8.0
  /// Coefficient of variation of the thresholds.
  public var thresholdVariation = 0.12
  /// How thresholds spread.
  public var thresholds = ThresholdDistribution.normal
  /// Regularity of the spacing of thresholds: 0 random, 1 as even as the distribution allows.
  public var thresholdRegularity = 0.0
  /// Correlation of the sizes of neighbours in threshold order, from 0 (none) to below 1.
  public var sizeAutocorrelation = 0.0
  /// Mean relative spread of the thresholds from stimulus to stimulus (SD over threshold).
  public var relativeSpread = 0.017
  /// Coefficient of variation of the relative spread between axons.
  public var relativeSpreadVariation = 0.2
  /// SD of the latency between units in ms: phases cancel more the larger it is.
  public var latencySD = 0.45
  /// Mean time from the stimulus to the peak in ms.
  public var latency = 6.5
  /// Recruitment and rates in voluntary contractions; counts and sizes are replaced.
  public var pool = MotorNeuronPoolConfiguration()

  /// Makes a nerve with 100 units of 80 uV.
  public init() {}

  func validate() throws(SimulationError) {
    try SimulationError.require("nerve.unitCount", Double(unitCount), in: 0...5000)
    try SimulationError.require(
      "nerve.meanAmplitudeMicrovolts", meanAmplitudeMicrovolts, in: 1e-3...1e6)
    try SimulationError.require(
      "nerve.thresholdMilliamperes", thresholdMilliamperes, in: 0.01...1000)
    try SimulationError.require("nerve.thresholdVariation", thresholdVariation, in: 0...0.6)
    try SimulationError.require("nerve.thresholdRegularity", thresholdRegularity, in: 0...1)
    try SimulationError.require("nerve.sizeAutocorrelation", sizeAutocorrelation, in: 0...0.999)
    try SimulationError.require("nerve.relativeSpread", relativeSpread, in: 0.0001...0.2)
    try SimulationError.require(
      "nerve.relativeSpreadVariation", relativeSpreadVariation, in: 0...1)
    try SimulationError.require("nerve.latencySD", latencySD, in: 0...5)
    try SimulationError.require("nerve.latency", latency, in: 2...20)
    try pool.validate()
  }
}
