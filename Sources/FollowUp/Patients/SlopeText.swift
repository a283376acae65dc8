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
  package func text(showsP: Bool = false, decimals: Int = 2) -> String {
    "\(Formatting.signed(value, decimals)) \(unit) (95 % interval "
      + "\(Formatting.signed(valueLower, decimals)) to \(Formatting.signed(valueUpper, decimals)))"
      + (showsP ? ", \(p.map { NumberText.pValue($0) } ?? "p not available")" : "")
  }

  /// Decimals that show two digits of the error, two at least.
  package var decimals: Int {
    let width = abs(valueUpper - valueLower) / 4
    guard width > 0, width.isFinite else { return 2 }
    return min(8, max(2, 1 - Int(log10(width).rounded(.down))))
  }

  /// For the figures.
  package var interval: IntervalEstimate {
    IntervalEstimate(value: value, lower: valueLower, upper: valueUpper)
  }
}
