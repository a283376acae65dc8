import Foundation
import Signal

/// Turns a sample of unit sizes and a CMAP into a number of units with an interval.
struct UnitSizeSample {
  /// CMAP, in the unit of the sizes.
  var cmap: Double
  /// Relative standard error of the CMAP.
  var cmapRelativeError: Double
  var bootstrapSamples: Int
  var seed: UInt64

  struct Result {
    var count: Double
    var meanSize: Double
    var interval: [Double]
    var logStandardError: Double
  }

  /// CMAP over the mean size; the interval by bootstrap over the sizes with the CMAP's error added.
  ///
  /// Each bootstrap sample draws one size fewer than there are, which makes the variance of its mean
  /// unbiased (Rao and Wu 1988); `sizes` holds at least two.
  ///
  /// `corrected` draws ln(number) from ln(CMAP / mean) where what the sample stands for is itself
  /// uncertain: it widens and moves the interval, not the number or its standard error. `raised`
  /// does the same for the upper end alone, where a bias may be there or not.
  func count(
    sizes: [Double], corrected: ((Double, inout SeededGenerator) -> Double)? = nil,
    raised: ((Double, inout SeededGenerator) -> Double)? = nil,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> Result {
    let mean = sizes.reduce(0, +) / Double(sizes.count)
    guard mean > 0 else {
      throw UnitNumberError(
        .tooLittleData, source: "unit sizes", found: "a mean unit of \(mean) uV",
        expected: "units above 0 uV", remedy: "use units with clear potentials")
    }
    return try result(
      count: cmap / mean, meanSize: mean, tail: Self.tail(freedom: sizes.count - 1),
      corrected: corrected, raised: raised, progress: progress
    ) { random in
      var sum = 0.0
      for _ in 1..<sizes.count { sum += sizes[random.index(below: sizes.count)] }
      return sum / Double(sizes.count - 1)
    }
  }

  /// The share left out at either end so that few sizes give an interval as wide as Student's t.
  ///
  /// The expanded percentile interval of Hesterberg 2015, The American Statistician 69:371.
  static func tail(freedom: Int) -> Double {
    let v = Double(max(freedom, 1))
    let z = 1.644_853_627
    // Student's t quantile by Cornish and Fisher; at least three degrees of freedom are exact to 2 %.
    let t =
      z + (pow(z, 3) + z) / (4 * v) + (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * v * v)
      + (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / (384 * v * v * v)
    return 0.5 * erfc(t / 2.0.squareRoot())
  }

  /// The same for any resampled mean size; samples that are not above 0 are drawn again.
  ///
  /// `tail` is the share of the resampled values beyond either end of the interval.
  func result(
    count: Double, meanSize: Double, tail: Double = 0.05,
    corrected: ((Double, inout SeededGenerator) -> Double)? = nil,
    raised: ((Double, inout SeededGenerator) -> Double)? = nil,
    progress: (Double) throws -> Void = { _ in },
    resampledMean: (inout SeededGenerator) -> Double
  ) throws -> Result {
    var random = SeededGenerator(seed: seed)
    var logs: [Double] = []
    let wanted = max(bootstrapSamples, 100)
    for draw in 0..<10 * wanted where logs.count < wanted {
      if draw % 200 == 0 { try progress(Double(logs.count) / Double(wanted)) }
      let mean = resampledMean(&random)
      let error = cmapRelativeError * random.normal()
      if mean > 0, mean.isFinite { logs.append(log(cmap / mean) + error) }
    }
    guard logs.count >= 100 else {
      throw UnitNumberError(
        .tooLittleData, source: "unit sizes",
        found: "resampled responses that mostly give no unit size",
        expected: "responses that vary by whole units", remedy: "record more responses")
    }
    let average = logs.reduce(0, +) / Double(logs.count)
    let variance =
      logs.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(logs.count - 1)
    var own = SeededGenerator(seed: seed, stream: 1)
    if let corrected {
      for index in logs.indices { logs[index] = corrected(logs[index], &own) }
    }
    let upper = (raised.map { raise in logs.map { raise($0, &own) } } ?? logs).sorted()
    logs.sort()
    let low = exp(OrderStatistics.quantile(sorted: logs, tail))
    let high = exp(OrderStatistics.quantile(sorted: upper, 1 - tail))
    return Result(
      count: count, meanSize: meanSize,
      // What moves the interval never moves it past the number itself.
      interval: corrected == nil && raised == nil
        ? [low, high] : [min(low, count), max(high, count)],
      logStandardError: variance.squareRoot())
  }
}

/// A number of motor units from a mean unit size.
public struct UnitNumberEstimate: Sendable, Equatable, Codable {
  /// The method.
  public var method: String
  /// CMAP over the mean unit size.
  public var unitCount: Double
  /// 90 % interval of the number.
  public var interval90: [Double]
  /// Standard error of ln(number).
  public var logStandardError: Double
  /// CMAP amplitude, baseline to negative peak, mV.
  public var cmapMillivolts: Double
  /// Mean unit amplitude, uV.
  public var meanUnitMicrovolts: Double
  /// Number of unit sizes behind the mean.
  public var unitsUsed: Int
  /// Steps, responses or sites that were not used, with reasons.
  public var rejected: [Rejection]
  /// Warnings.
  public var flags: [String]
}

/// The error and bootstrap settings that all stimulation methods share.
public struct UnitNumberErrorModel: Sendable, Equatable, Codable {
  /// Relative standard error of the CMAP.
  public var cmapRelativeError: Double = 0.03
  /// Bootstrap samples of the interval.
  public var bootstrapSamples: Int = 2000
  /// Seed of the bootstrap.
  public var seed: UInt64 = 1
  /// What the assumptions of the stimulation methods may do to a number.
  public var bias = StimulationBias()

  /// The default settings.
  public init() {}

  func sample(cmap: Double) -> UnitSizeSample {
    UnitSizeSample(
      cmap: cmap, cmapRelativeError: cmapRelativeError, bootstrapSamples: bootstrapSamples,
      seed: seed)
  }

  /// Checks the CMAP (mV) and returns it in uV.
  func checkedCMAP(_ cmapMillivolts: Double, method: String) throws -> Double {
    guard cmapMillivolts.isFinite, cmapMillivolts > 0 else {
      throw UnitNumberError(
        .unusableData, source: method, found: "a CMAP of \(cmapMillivolts) mV",
        expected: "a CMAP above 0 mV")
    }
    return 1000 * cmapMillivolts
  }
}
