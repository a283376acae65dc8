import Decomposition

/// When and at which force a unit was recruited and derecruited.
public struct UnitRecruitment: Sendable, Equatable, Codable {
  /// Number of the unit.
  public let unit: Int
  /// Place in the order of recruitment, from 1.
  public let order: Int
  /// Time of the first discharge of the first sustained firing, in seconds.
  public let recruitmentTime: Double
  /// Time of the last discharge of the last sustained firing, in seconds.
  public let derecruitmentTime: Double
  /// Force at recruitment in the force channel's unit; nil without a force channel.
  public let recruitmentForce: Double?
  /// Force at derecruitment in the force channel's unit; nil without a force channel.
  public let derecruitmentForce: Double?
}

extension UnitRecruitment {
  /// Recruitment of every unit that fires at least three discharges in a row.
  ///
  /// Firing is sustained where two intervals in a row are shorter than `longestInterval`, so a
  /// single stray discharge does not set a threshold. `force` is sampled at `forceRate` Hz and is
  /// averaged over 50 ms around the discharge.
  public static func of(
    _ units: [MotorUnit], force: [Float]? = nil, forceRate: Double = 0,
    longestInterval: Double = 0.4
  ) -> [UnitRecruitment] {
    struct Span {
      let unit: Int
      let first: Double
      let last: Double
    }
    let spans = units.compactMap { unit -> Span? in
      let times = unit.train.seconds
      func sustained(_ ordered: [Double]) -> Double? {
        for index in 0..<max(0, ordered.count - 2)
        where abs(ordered[index + 1] - ordered[index]) < longestInterval
          && abs(ordered[index + 2] - ordered[index + 1]) < longestInterval
        {
          return ordered[index]
        }
        return nil
      }
      guard let first = sustained(times), let last = sustained(times.reversed()) else {
        return nil
      }
      return Span(unit: unit.id, first: first, last: last)
    }
    let ordered = spans.sorted { ($0.first, $0.unit) < ($1.first, $1.unit) }
    return ordered.enumerated().map { place, span in
      UnitRecruitment(
        unit: span.unit, order: place + 1, recruitmentTime: span.first,
        derecruitmentTime: span.last,
        recruitmentForce: force.flatMap { meanForce($0, rate: forceRate, at: span.first) },
        derecruitmentForce: force.flatMap { meanForce($0, rate: forceRate, at: span.last) })
    }
  }

  private static func meanForce(_ force: [Float], rate: Double, at time: Double) -> Double? {
    if rate <= 0 || force.isEmpty { return nil }
    let first = max(0, Int(((time - 0.025) * rate).rounded()))
    let last = min(force.count, Int(((time + 0.025) * rate).rounded()) + 1)
    if first >= last { return nil }
    return force[first..<last].reduce(0.0) { $0 + Double($1) } / Double(last - first)
  }
}
