import Foundation
import Signal

/// Settings of a pool of motor neurons and of the sizes of the units they drive.
///
/// Recruitment and rate coding after Fuglevand, Winter and Patla 1993 (J Neurophysiol 70:2470);
/// onion-skin peak rates after De Luca and Hostage 2010; interval variability after Moritz et al.
/// 2005. Excitation runs from 0 to 1.
public struct MotorNeuronPoolConfiguration: Codable, Sendable, Equatable {
  /// How unit sizes (muscle fibres per unit) spread over the pool.
  public enum SizeLaw: Codable, Sendable, Equatable {
    /// Sizes grow exponentially with recruitment order over a range (largest over smallest), with
    /// a lognormal scatter (SD of the natural logarithm) around it.
    case exponential(range: Double, scatter: Double)
    /// Lognormal sizes (SD of the natural logarithm) whose ranks follow the recruitment order with
    /// a correlation between 0 and 1.
    case lognormal(sigma: Double, rankCorrelation: Double)
    /// Gamma sizes whose ranks follow the recruitment order with a correlation between 0 and 1.
    case gamma(shape: Double, rankCorrelation: Double)
    /// Small and large units: a share of large ones, `ratio` times as large, both with a lognormal
    /// scatter, whose ranks follow the recruitment order with a correlation between 0 and 1.
    case twoPopulations(share: Double, ratio: Double, scatter: Double, rankCorrelation: Double)
  }

  /// The distribution of interspike intervals around their mean.
  public enum IntervalDistribution: String, Codable, Sendable, CaseIterable {
    /// Normal, cut at 0.4 times the mean.
    case gaussian
    /// Gamma of the same coefficient of variation.
    case gamma
  }

  /// Units in the pool.
  public var unitCount = 100
  /// Ratio of the largest to the smallest recruitment threshold.
  public var recruitmentRange = 30.0
  /// Excitation at which the last unit is recruited.
  public var recruitmentLimit = 0.6
  /// Mean discharge rate at recruitment in 1/s.
  public var minimumRate = 8.0
  /// Peak rate of the first recruited unit in 1/s.
  public var peakRateFirst = 35.0
  /// Peak rate of the last recruited unit in 1/s.
  public var peakRateLast = 25.0
  /// Rise of the discharge rate from recruitment to full excitation in 1/s per unit of excitation.
  public var rateGain = 30.0
  /// Coefficient of variation of rates between units.
  public var rateSpread = 0.06
  /// Smallest coefficient of variation of the intervals of a unit.
  public var intervalVariationLow = 0.10
  /// Largest coefficient of variation of the intervals of a unit.
  public var intervalVariationHigh = 0.20
  /// The distribution of the intervals.
  public var intervalDistribution = IntervalDistribution.gaussian
  /// Low-frequency fluctuation of the drive that all units share (coefficient of variation).
  public var commonDriveVariation = 0.04
  /// Corner frequency of the shared fluctuation in Hz.
  public var commonDriveCutoffHertz = 2.0
  /// A unit stops when the excitation falls below (1 - hysteresis) times its threshold.
  public var hysteresis = 0.08
  /// Probability that a discharge is followed by a second one after 4 to 12 ms (doublet).
  public var doubletProbability = 0.0
  /// Mean number of muscle fibres of a unit.
  public var meanFibresPerUnit = 200.0
  /// How unit sizes spread.
  public var sizeLaw = SizeLaw.exponential(range: 20, scatter: 0.15)

  /// Makes the default pool of 100 units.
  public init() {}

  func validate() throws(SimulationError) {
    try SimulationError.require("pool.unitCount", Double(unitCount), in: 1...2000)
    try SimulationError.require("pool.recruitmentRange", recruitmentRange, in: 1...1000)
    try SimulationError.require("pool.recruitmentLimit", recruitmentLimit, in: 0.01...1)
    try SimulationError.require("pool.minimumRate", minimumRate, in: 1...60)
    try SimulationError.require("pool.peakRateFirst", peakRateFirst, in: minimumRate...120)
    try SimulationError.require("pool.peakRateLast", peakRateLast, in: minimumRate...120)
    try SimulationError.require("pool.rateGain", rateGain, in: 0...500)
    try SimulationError.require("pool.rateSpread", rateSpread, in: 0...0.5)
    try SimulationError.require("pool.intervalVariationLow", intervalVariationLow, in: 0...0.5)
    try SimulationError.require(
      "pool.intervalVariationHigh", intervalVariationHigh, in: intervalVariationLow...0.5)
    try SimulationError.require("pool.commonDriveVariation", commonDriveVariation, in: 0...0.5)
    try SimulationError.require(
      "pool.commonDriveCutoffHertz", commonDriveCutoffHertz, in: 0.05...20)
    try SimulationError.require("pool.hysteresis", hysteresis, in: 0...0.9)
    try SimulationError.require("pool.doubletProbability", doubletProbability, in: 0...1)
    try SimulationError.require("pool.meanFibresPerUnit", meanFibresPerUnit, in: 1...5000)
  }
}

/// One motor neuron: when it is recruited, how fast and how regularly it discharges.
public struct MotorNeuron: Codable, Sendable, Equatable {
  /// Excitation (0 to 1) at which it starts to discharge.
  public var recruitmentThreshold: Double
  /// Rate at recruitment in 1/s.
  public var minimumRate: Double
  /// Highest rate in 1/s.
  public var peakRate: Double
  /// Rise of the rate in 1/s per unit of excitation.
  public var rateGain: Double
  /// Coefficient of variation of its intervals at a constant drive.
  public var intervalVariation: Double
  /// Twitch contraction time of its muscle fibres in seconds.
  public var contractionTime: Double

  /// Mean discharge rate in 1/s at an excitation; zero below the threshold.
  public func rate(at excitation: Double) -> Double {
    guard excitation >= recruitmentThreshold else { return 0 }
    return min(peakRate, minimumRate + rateGain * (excitation - recruitmentThreshold))
  }
}

/// A pool of motor neurons in order of recruitment, with the size of each one's unit.
public struct MotorNeuronPool: Sendable, Equatable {
  /// The settings it was drawn from.
  public let configuration: MotorNeuronPoolConfiguration
  /// The neurons, the lowest threshold first.
  public let neurons: [MotorNeuron]
  /// Muscle fibres of each unit (at least 3), in the order of the neurons.
  public let fibreCounts: [Int]

  /// Draws a pool.
  ///
  /// Thresholds: `limit * exp(ln(range) * i / N) / range`, i = 1...N (Fuglevand et al. 1993, eq. 1).
  public init(_ configuration: MotorNeuronPoolConfiguration, using random: inout SeededGenerator) {
    self.configuration = configuration
    let count = configuration.unitCount
    let sizes = Self.sizes(configuration, using: &random)
    let smallest = sizes.min() ?? 1
    fibreCounts = sizes.map { max(3, Int($0.rounded())) }
    neurons = (0..<count).map { index in
      let share = Double(index + 1) / Double(count)
      let peak =
        configuration.peakRateFirst
        + (configuration.peakRateLast - configuration.peakRateFirst) * share
      let spread = max(0.6, 1 + configuration.rateSpread * random.normal())
      let range = log(configuration.recruitmentRange)
      return MotorNeuron(
        recruitmentThreshold: configuration.recruitmentLimit * exp(range * (share - 1)),
        minimumRate: configuration.minimumRate * spread,
        peakRate: max(peak, configuration.minimumRate) * spread,
        rateGain: configuration.rateGain * spread,
        intervalVariation: random.uniform(
          configuration.intervalVariationLow, configuration.intervalVariationHigh),
        // Fuglevand et al. 1993, eq. 14: T = 90 ms * (1 / P)^(1 / 4.2).
        contractionTime: max(0.03, 0.09 * pow(sizes[index] / smallest, -1 / 4.2)))
    }
  }

  private static func sizes(
    _ configuration: MotorNeuronPoolConfiguration, using random: inout SeededGenerator
  ) -> [Double] {
    let count = configuration.unitCount
    var sizes: [Double]
    switch configuration.sizeLaw {
    case .exponential(let range, let scatter):
      sizes = (0..<count).map { index in
        exp(log(max(range, 1)) * Double(index + 1) / Double(count) + scatter * random.normal())
      }
    case .lognormal(let sigma, let correlation):
      let drawn = (0..<count).map { _ in exp(sigma * random.normal()) }
      sizes = ordered(drawn, correlation: correlation, using: &random)
    case .gamma(let shape, let correlation):
      let drawn = (0..<count).map { _ in random.gamma(shape: max(shape, 0.05)) }
      sizes = ordered(drawn, correlation: correlation, using: &random)
    case .twoPopulations(let share, let ratio, let scatter, let correlation):
      let large = Int((share * Double(count)).rounded())
      let drawn = (0..<count).map { ($0 < large ? ratio : 1) * exp(scatter * random.normal()) }
      sizes = ordered(drawn, correlation: correlation, using: &random)
    }
    let mean = sizes.reduce(0, +) / Double(count)
    return sizes.map { $0 / mean * configuration.meanFibresPerUnit }
  }

  /// Puts values into an order whose ranks correlate with the positions.
  private static func ordered(
    _ values: [Double], correlation: Double, using random: inout SeededGenerator
  ) -> [Double] {
    let rho = max(0, min(1, correlation))
    let count = Double(max(values.count - 1, 1))
    let keys = values.indices.map { index in
      rho * (Double(index) / count - 0.5) * 12.0.squareRoot()
        + (1 - rho * rho).squareRoot() * random.normal()
    }
    let positions = values.indices.sorted { keys[$0] < keys[$1] }
    var result = values
    for (value, position) in zip(values.sorted(), positions) { result[position] = value }
    return result
  }
}
