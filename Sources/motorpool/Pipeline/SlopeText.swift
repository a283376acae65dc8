import Progression
import Reports

/// A slope or its change as outputs show it: in percent a month where the model is one of ln values.
struct SlopeText: Encodable {
  /// On the scale of the fit: ln units, or the measure's units, a month.
  let estimate: Double
  let se: Double
  let df: Double?
  let t: Double?
  let p: Double?
  let lower: Double
  let upper: Double
  /// The same in `unit`.
  let value: Double
  let valueLower: Double
  let valueUpper: Double
  let unit: String

  init(_ source: Estimate, isLogarithmic: Bool, unit: String) {
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
  func text(showsP: Bool = false, decimals: Int = 2) -> String {
    "\(Formatting.signed(value, decimals)) \(unit) (95 % interval "
      + "\(Formatting.signed(valueLower, decimals)) to \(Formatting.signed(valueUpper, decimals)))"
      + (showsP ? ", \(p.map { NumberText.pValue($0) } ?? "p not available")" : "")
  }

  /// For the figures.
  var interval: IntervalEstimate {
    IntervalEstimate(value: value, lower: valueLower, upper: valueUpper)
  }
}
