import Foundation
import Progression
import Reports

/// A slope or its change as outputs show it: in percent a month where the model is one of ln values.
package struct SlopeText: Encodable {
  /// On the scale of the fit: ln units, or the measure's units, a month.
  package let estimate: Double
  package let se: Double
  package let df: Double?
  package let t: Double?
  package let p: Double?
  package let lower: Double
  package let upper: Double
  /// The same in `unit`.
  package let value: Double
  package let valueLower: Double
  package let valueUpper: Double
  package let unit: String

  package init(_ source: Estimate, isLogarithmic: Bool, unit: String) {
    func shown(_ number: Double) -> Double {
      isLogarithmic ? Estimate.percent(number) : number
    }
    estimate = source.value
    se = source.standardError
    df = source.degreesOfFreedom.isFinite ? source.degreesOfFreedom : nil
    t = source.t.isFinite ? source.t : nil
    p = source.p.isFinite ? source.p : nil
    lower = source.lower
    upper = source.upper
    value = shown(source.value)
    valueLower = shown(source.lower)
    valueUpper = shown(source.upper)
    self.unit = unit
  }

  /// Value with interval, and p where asked for.
  ///
  /// - Parameter decimals: by default those that the error needs.
  package func text(showsP: Bool = false, decimals: Int? = nil) -> String {
    let decimals = decimals ?? self.decimals
    return "\(Formatting.signed(value, decimals)) \(unit) (95 % interval "
      + "\(Formatting.signed(valueLower, decimals)) to \(Formatting.signed(valueUpper, decimals)))"
      + (showsP ? ", \(p.map { NumberText.pValue($0) } ?? "p not available")" : "")
  }

  /// Decimals that show two digits of the error, two at least.
  package var decimals: Int {
    let width = abs(valueUpper - valueLower) / 4
    guard width > 0, width.isFinite else { return 2 }
    return min(8, max(2, 1 - Int(log10(width).rounded(.down))))
  }

  /// Decimals that serve a column of slopes: the median of what their errors need.
  package static func decimals(_ slopes: [SlopeText?]) -> Int {
    let needed = slopes.compactMap { $0?.decimals }.sorted()
    return needed.isEmpty ? 2 : needed[needed.count / 2]
  }

  /// For the figures.
  package var interval: IntervalEstimate {
    IntervalEstimate(value: value, lower: valueLower, upper: valueUpper)
  }
}
