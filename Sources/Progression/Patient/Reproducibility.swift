import RealModule

/// How well a measurement repeats itself, from replicates of the same subject, muscle and visit.
public struct Reproducibility: Sendable, Codable, Equatable {
  /// SD of one measurement about its own mean, pooled over the groups.
  public let standardDeviation: Double
  /// Its degrees of freedom.
  public let degreesOfFreedom: Int
  /// Interval of the SD from the chi-squared distribution.
  public let lower: Double
  /// Upper end of that interval.
  public let upper: Double

  /// Pools groups of replicates; groups of one carry no information and are left out.
  ///
  /// - Throws: `ProgressionError.invalidTable` without a group of two or more.
  public init(replicates: [[Double]], confidenceLevel: Double = 0.95) throws {
    var squares = 0.0
    var df = 0
    for group in replicates where group.count > 1 {
      let mean = group.reduce(0, +) / Double(group.count)
      squares += group.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      df += group.count - 1
    }
    guard df > 0 else {
      throw ProgressionError.invalidTable(
        found: "no repeated measurement", expected: "at least one visit measured twice")
    }
    let n = Double(df)
    standardDeviation = (squares / n).squareRoot()
    degreesOfFreedom = df
    let tail = (1 - confidenceLevel) / 2
    lower = (squares / ChiSquared.quantile(1 - tail, degreesOfFreedom: n)).squareRoot()
    upper = (squares / ChiSquared.quantile(tail, degreesOfFreedom: n)).squareRoot()
  }

  /// The minimal detectable change, t sqrt(2) s, between two single measurements.
  public var minimalDetectableChange: Double {
    Reproducibility.minimalDetectableChange(
      standardDeviation: standardDeviation, degreesOfFreedom: Double(degreesOfFreedom))
  }

  /// t sqrt(2) s on the scale of s; 1.96 sqrt(2) s where s counts as known.
  ///
  /// - `degreesOfFreedom`: those of s; an s from few repetitions needs a larger change.
  public static func minimalDetectableChange(
    standardDeviation s: Double, degreesOfFreedom: Double = .infinity
  ) -> Double {
    StudentT.quantile(0.975, degreesOfFreedom: degreesOfFreedom) * 2.0.squareRoot() * s
  }

  /// The fall in percent that a change of ln(value) means, 100 (1 - e^-change).
  public static func percentFall(_ change: Double) -> Double { -100 * Double.expMinusOne(-change) }

  /// The SD of ln(value) that belongs to a coefficient of variation, sqrt(ln(1 + c^2)).
  public static func logSD(coefficientOfVariation c: Double) -> Double {
    Double.log(onePlus: c * c).squareRoot()
  }

  /// The reliable change index of two measurements, (second - first) / (sqrt(2) s).
  ///
  /// Beyond 1.96 in size the change exceeds what the measurement error makes (Jacobson and Truax 1991).
  public func reliableChangeIndex(from first: Double, to second: Double) -> Double {
    (second - first) / (2.0.squareRoot() * standardDeviation)
  }
}

/// Intraclass correlations of a complete subjects x sessions table.
public struct IntraclassCorrelation: Sendable, Codable, Equatable {
  /// ICC(1,1): sessions are interchangeable.
  public let oneWay: Double
  /// ICC(2,1): absolute agreement, with a difference between sessions counted as error.
  public let agreement: Double
  /// ICC(3,1): consistency, with a difference between sessions ignored.
  public let consistency: Double
  /// Interval of ICC(1,1).
  public let oneWayLower: Double
  /// Upper end of that interval.
  public let oneWayUpper: Double

  /// Mean squares as in Shrout and Fleiss 1979.
  ///
  /// - Throws: `ProgressionError.invalidTable` unless there are two subjects and two sessions and
  ///   every subject has the same number.
  public init(_ table: [[Double]], confidenceLevel: Double = 0.95) throws {
    let n = table.count
    let k = table.first?.count ?? 0
    guard n > 1, k > 1, table.allSatisfy({ $0.count == k }) else {
      throw ProgressionError.invalidTable(
        found: "\(n) subjects with \(Set(table.map(\.count)).sorted()) sessions",
        expected: "at least 2 subjects with the same number (2 or more) of sessions each")
    }
    let (subjects, sessions) = (Double(n), Double(k))
    let rowMeans = table.map { $0.reduce(0, +) / sessions }
    let columnMeans = (0..<k).map { c in table.reduce(0) { $0 + $1[c] } / subjects }
    let mean = rowMeans.reduce(0, +) / subjects
    let between = sessions * rowMeans.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let session = subjects * columnMeans.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    var within = 0.0
    for (row, rowMean) in zip(table, rowMeans) {
      for value in row { within += (value - rowMean) * (value - rowMean) }
    }
    let bms = between / (subjects - 1)
    let wms = within / (subjects * (sessions - 1))
    let jms = session / (sessions - 1)
    let ems = (within - session) / ((subjects - 1) * (sessions - 1))
    oneWay = (bms - wms) / (bms + (sessions - 1) * wms)
    agreement = (bms - ems) / (bms + (sessions - 1) * ems + sessions * (jms - ems) / subjects)
    consistency = (bms - ems) / (bms + (sessions - 1) * ems)
    let f = bms / wms
    let tail = (1 - confidenceLevel) / 2
    let (a, b) = (subjects - 1, subjects * (sessions - 1))
    let low = f / FDistribution.quantile(1 - tail, numerator: a, denominator: b)
    let high = f * FDistribution.quantile(1 - tail, numerator: b, denominator: a)
    oneWayLower = (low - 1) / (low + sessions - 1)
    oneWayUpper = (high - 1) / (high + sessions - 1)
  }
}
