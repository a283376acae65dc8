/// Two units that share so many discharges that they are probably one.
///
/// A unit that two electrode grids record, or that was found twice, gives two trains whose discharges differ by
/// a constant lag only. The one with the more regular intervals is kept.
public struct DuplicateUnits: Sendable, Equatable, Codable {
  /// The unit whose intervals vary less.
  public var kept: Int
  /// The other one.
  public var dropped: Int
  /// Discharges in both over those of the longer train, after the best lag, 0...1.
  public var sharedDischarges: Double
  /// The lag by which the dropped unit follows the kept one, in seconds.
  public var lagSeconds: Double

  /// Share of discharges from which two units are proposed as one.
  public static let usualShare = 0.3
  /// Largest lag looked at, in seconds: conduction along some centimetres of a muscle.
  public static let longestLag = 0.025

  /// The pairs of units that share at least `share` of the longer train, the closest first.
  ///
  /// - Parameters:
  ///   - trains: discharges of each unit in samples, ascending, with its number.
  ///   - samplingRate: in Hz.
  ///   - share: common discharges over those of the longer train, 0...1.
  public static func pairs(
    _ trains: [(unit: Int, times: [Double])], samplingRate: Double, share: Double = usualShare
  ) -> [DuplicateUnits] {
    let tolerance = TrainAgreement.usualTolerance(samplingRate: samplingRate)
    func variation(_ times: [Double]) -> Double {
      SpikeTrain(times: times, samplingRate: samplingRate).isiCoV ?? .infinity
    }
    var result: [DuplicateUnits] = []
    for (index, one) in trains.enumerated() {
      for other in trains[(index + 1)...] {
        let longer = max(one.times.count, other.times.count)
        guard longer > 0,
          Double(min(one.times.count, other.times.count)) >= share * Double(longer)
        else { continue }
        let agreement = TrainAgreement(
          one.times, other.times, tolerance: tolerance, longestLag: longestLag * samplingRate)
        let shared = Double(agreement.matched) / Double(longer)
        guard shared >= share else { continue }
        let keepsFirst = variation(one.times) <= variation(other.times)
        result.append(
          DuplicateUnits(
            kept: keepsFirst ? one.unit : other.unit, dropped: keepsFirst ? other.unit : one.unit,
            sharedDischarges: shared,
            lagSeconds: (keepsFirst ? agreement.lag : -agreement.lag) / samplingRate))
      }
    }
    return result.sorted {
      $0.sharedDischarges != $1.sharedDischarges
        ? $0.sharedDischarges > $1.sharedDischarges : ($0.kept, $0.dropped) < ($1.kept, $1.dropped)
    }
  }
}
