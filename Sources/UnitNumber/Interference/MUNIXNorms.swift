/// Published MUNIX values of healthy muscles: for MUNIX only, never for another method.
///
/// Cao et al. 2020, 150 healthy subjects: mean and standard deviation. The means fall with age, which
/// this table does not resolve; a z-score from it is coarse.
public enum MUNIXNorms {
  /// Mean and standard deviation of one muscle.
  public struct Norm: Sendable, Equatable {
    /// Mean MUNIX.
    public var mean: Double
    /// Standard deviation between healthy subjects.
    public var standardDeviation: Double
  }

  /// Where the values come from.
  public static let source = "Cao et al. 2020, n = 150 healthy subjects"

  /// The muscles with published values, by abbreviation.
  public static let muscles: [String: Norm] = [
    "APB": Norm(mean: 191, standardDeviation: 44), "ADM": Norm(mean: 179, standardDeviation: 39),
    "BB": Norm(mean: 180, standardDeviation: 36), "TA": Norm(mean: 152, standardDeviation: 39),
    "TRAP": Norm(mean: 166, standardDeviation: 41),
  ]

  /// Standard deviations from the healthy mean; nil where no norm of the muscle is known.
  public static func zScore(munix: Double, muscle: String) -> Double? {
    muscles[muscle.uppercased()].map { (munix - $0.mean) / $0.standardDeviation }
  }
}

/// The sum of MUNIX over a fixed set of muscles.
public enum MUNIXMegascore {
  /// The sum and its standard error, errors taken as independent.
  ///
  /// `values` holds MUNIX and its standard error of the natural logarithm for each muscle. Throws
  /// `UnitNumberError` where a muscle of the set is missing: sums over different sets cannot be
  /// compared.
  public static func sum(
    _ values: [String: (munix: Double, logStandardError: Double)], muscles: [String]
  ) throws -> (score: Double, standardError: Double) {
    var (score, variance) = (0.0, 0.0)
    for muscle in muscles {
      guard let value = values[muscle], value.munix.isFinite, value.munix > 0 else {
        throw UnitNumberError(
          .tooLittleData, source: "MUNIX megascore", found: "no value of \(muscle)",
          expected: "MUNIX of \(muscles.joined(separator: ", "))",
          remedy: "measure the muscle or choose a set that every visit holds")
      }
      score += value.munix
      let error = value.munix * value.logStandardError
      variance += error * error
    }
    return (score, variance.squareRoot())
  }

  /// M50: months from onset until the score has fallen to half of the control value.
  ///
  /// A straight line from the control value at onset through the score at `months`; nil where the
  /// score has not fallen (Ebersbach et al. 2023).
  public static func monthsToHalf(score: Double, control: Double, months: Double) -> Double? {
    guard score < control, score >= 0, months > 0 else { return nil }
    return months * 0.5 * control / (control - score)
  }
}
