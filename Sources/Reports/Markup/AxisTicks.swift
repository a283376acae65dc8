import Foundation

/// One tick of an axis.
struct AxisTick: Sendable, Equatable {
  var value: Double
  var label: String
}

/// Round tick values for linear, logarithmic and month axes.
enum AxisTicks {
  /// Ticks at multiples of 1, 2 or 5 times a power of ten.
  static func linear(_ range: ClosedRange<Double>, about count: Int) -> [AxisTick] {
    let step = niceStep((range.upperBound - range.lowerBound) / Double(max(1, count)))
    return multiples(of: step, in: range)
  }

  /// Ticks at whole months that divide a year, or at whole years on long axes.
  static func months(_ range: ClosedRange<Double>, about count: Int) -> [AxisTick] {
    let rough = (range.upperBound - range.lowerBound) / Double(max(1, count))
    let steps: [Double] = [1, 2, 3, 6, 12, 24, 60, 120]
    return multiples(of: steps.first { $0 >= rough * 0.85 } ?? niceStep(rough), in: range)
  }

  /// Ticks of a logarithmic axis: decades, their 1-2-5 parts, or round linear steps in a narrow one.
  static func logarithmic(_ range: ClosedRange<Double>, about count: Int) -> [AxisTick] {
    precondition(range.lowerBound > 0, "a logarithmic axis needs positive values")
    let decades = log10(range.upperBound / range.lowerBound)
    if decades < 0.5 { return linear(range, about: count) }
    let families: [[Double]] = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 5, 7]]
    let wanted = max(3, min(count, 5))
    var chosen: [Double] = []
    for family in families {
      chosen = values(of: family, in: range)
      if chosen.count >= wanted { break }
    }
    let stride = max(1, Int((Double(chosen.count) / Double(max(3, count * 2))).rounded(.up)))
    // Powers all along the axis read better than a change of notation half-way.
    let isWide = decades > 6 || range.upperBound >= 1e7 || range.lowerBound < 1e-4
    return chosen.enumerated().compactMap { index, value in
      guard index % stride == 0 else { return nil }
      let label = isWide ? NumberText.power(value) : NumberText.significant(value, 3)
      return AxisTick(value: value, label: label)
    }
  }

  /// The smallest of 1, 2, 5 times a power of ten that is not below a rough step.
  static func niceStep(_ rough: Double) -> Double {
    guard rough.isFinite, rough > 0 else { return 1 }
    let base = pow(10, log10(rough).rounded(.down))
    let factor = rough / base
    if factor <= 1.0001 { return base }
    if factor <= 2.0001 { return 2 * base }
    if factor <= 5.0001 { return 5 * base }
    return 10 * base
  }

  /// The largest of 1, 2, 5 times a power of ten that does not exceed a value, for scale bars.
  static func floorStep(_ largest: Double) -> Double {
    guard largest.isFinite, largest > 0 else { return 1 }
    let base = pow(10, log10(largest).rounded(.down))
    let factor = largest / base
    return factor >= 5 ? 5 * base : (factor >= 2 ? 2 * base : base)
  }

  private static func multiples(of step: Double, in range: ClosedRange<Double>) -> [AxisTick] {
    let tolerance = step * 1e-6
    let first = ((range.lowerBound - tolerance) / step).rounded(.up)
    let last = ((range.upperBound + tolerance) / step).rounded(.down)
    guard first <= last, last - first < 1000 else { return [] }
    let decimals = max(0, Int(-log10(step * 1.0001).rounded(.down)))
    let largest = max(abs(range.lowerBound), abs(range.upperBound))
    let isPlain = step >= 1e-5 && largest < 1e6
    return stride(from: first, through: last, by: 1).map { multiple in
      let value = multiple * step
      let label =
        isPlain ? NumberText.fixed(value, decimals) : NumberText.significant(value, 3)
      return AxisTick(value: value, label: label)
    }
  }

  private static func values(of family: [Double], in range: ClosedRange<Double>) -> [Double] {
    let first = Int(log10(range.lowerBound).rounded(.down))
    let last = Int(log10(range.upperBound).rounded(.up))
    var result: [Double] = []
    for exponent in first...last {
      for factor in family {
        let value = factor * pow(10, Double(exponent))
        if value >= range.lowerBound * 0.9999 && value <= range.upperBound * 1.0001 {
          result.append(value)
        }
      }
    }
    return result
  }
}
