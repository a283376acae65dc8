/// What averaging over discharges left of everything else in a unit's averaged potential.
///
/// Remains of other units differ from discharge to discharge but are long and slow: a quiet end of the average
/// does not show them, the scatter of the single potentials does.
public struct AveragingError: Codable, Sendable, Equatable {
  /// Standard error of the average in microvolts.
  public let deflectionMicrovolts: Double
  /// Standard error of its slope over 1 ms, in microvolts for each millisecond.
  public let slopeMicrovoltsPerMillisecond: Double

  /// Estimates both from single potentials in microvolts, rows of equal length; nil with fewer than 10.
  ///
  /// The scatter at a sample is 1.4826 times the median absolute deviation, the error that over the root
  /// of the number of rows, and the result the median over all samples: the few in which the potential
  /// itself changes do not count.
  public init?(potentials: [[Float]], samplingRate: Double) {
    precondition(samplingRate > 0, "a sampling rate is positive")
    let length = potentials.first?.count ?? 0
    precondition(potentials.allSatisfy { $0.count == length }, "potentials differ in length")
    let reach = max(1, Int(0.000_5 * samplingRate))
    if potentials.count < 10 || length <= 2 * reach { return nil }
    let root = Double(potentials.count).squareRoot()
    func error(_ value: ([Float], Int) -> Float) -> Double {
      let errors = (reach..<length - reach).map { sample -> Double in
        let values = potentials.map { value($0, sample) }
        let centre = Self.median(values)
        return 1.482_6 * Double(Self.median(values.map { abs($0 - centre) })) / root
      }
      return Self.median(errors)
    }
    deflectionMicrovolts = error { $0[$1] }
    slopeMicrovoltsPerMillisecond =
      error { $0[$1 + reach] - $0[$1 - reach] } / (2_000 * Double(reach) / samplingRate)
  }

  private static func median<Value: Comparable>(_ values: [Value]) -> Value {
    values.sorted()[values.count / 2]
  }
}
