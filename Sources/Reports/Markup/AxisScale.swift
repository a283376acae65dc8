import Foundation

/// The map from data to drawing positions along one axis.
struct AxisScale: Sendable, Equatable {
  /// How values are spaced.
  enum Kind: Sendable { case linear, logarithmic }

  let kind: Kind
  let lower: Double
  let upper: Double
  /// Positions of `lower` and `upper` in user units.
  let start: Double
  let end: Double

  /// A scale over a domain; a domain without extent or sense is replaced by one around it.
  init(_ kind: Kind = .linear, lower: Double, upper: Double, start: Double, end: Double) {
    self.kind = kind
    (self.lower, self.upper) = Self.usable(kind, lower, upper)
    self.start = start
    self.end = end
  }

  /// The position of a value; not finite where the value has none on this axis.
  func position(_ value: Double) -> Double {
    guard value.isFinite else { return .nan }
    switch kind {
    case .linear:
      return start + (value - lower) / (upper - lower) * (end - start)
    case .logarithmic:
      guard value > 0 else { return .nan }
      return start + log(value / lower) / log(upper / lower) * (end - start)
    }
  }

  /// The position of a value moved into the axis' range.
  func clampedPosition(_ value: Double) -> Double {
    position(min(max(value, lower), upper))
  }

  /// Whether a value lies on the axis, with a hair of tolerance.
  func contains(_ value: Double) -> Bool {
    let p = position(value)
    guard p.isFinite else { return false }
    return p >= min(start, end) - 0.01 && p <= max(start, end) + 0.01
  }

  /// Ticks of this axis.
  func ticks(about count: Int) -> [AxisTick] {
    switch kind {
    case .linear: return AxisTicks.linear(lower...upper, about: count)
    case .logarithmic: return AxisTicks.logarithmic(lower...upper, about: count)
    }
  }

  /// The range of the finite values that an axis of this kind can show.
  static func range(_ values: some Sequence<Double>, kind: Kind = .linear) -> ClosedRange<Double>? {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite && (kind == .linear || value > 0) {
      low = min(low, value)
      high = max(high, value)
    }
    return low <= high ? low...high : nil
  }

  /// A range widened by a share of its extent on both sides.
  static func padded(
    _ range: ClosedRange<Double>, by share: Double, kind: Kind = .linear
  ) -> ClosedRange<Double> {
    let (low, high) = usable(kind, range.lowerBound, range.upperBound)
    switch kind {
    case .linear:
      let extra = (high - low) * share
      return (low - extra)...(high + extra)
    case .logarithmic:
      let factor = pow(high / low, share)
      return (low / factor)...(high * factor)
    }
  }

  private static func usable(_ kind: Kind, _ lower: Double, _ upper: Double) -> (Double, Double) {
    var low = lower.isFinite ? lower : 0
    var high = upper.isFinite ? upper : 1
    if low > high { swap(&low, &high) }
    switch kind {
    case .linear:
      if high - low <= abs(high) * 1e-12 {
        let extra = low == 0 ? 1 : abs(low) * 0.1
        return (low - extra, high + extra)
      }
    case .logarithmic:
      if high <= 0 { return (0.1, 10) }
      if low <= 0 { low = high / 1000 }
      if high / low < 1 + 1e-9 { return (low / 1.25, high * 1.25) }
    }
    return (low, high)
  }
}
