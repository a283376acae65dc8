import Foundation

/// Student's t distribution on whole degrees of freedom, by its finite series.
///
/// Abramowitz and Stegun 1964, 26.7.3 and 26.7.4.
enum StudentScore {
  /// P(|t| <= `x`) for `x` of at least 0.
  static func within(_ x: Double, degreesOfFreedom: Int) -> Double {
    precondition(degreesOfFreedom >= 1, "at least one degree of freedom")
    let angle = atan(abs(x) / Double(degreesOfFreedom).squareRoot())
    let (sine, cosine) = (sin(angle), cos(angle))
    let isOdd = degreesOfFreedom % 2 == 1
    if degreesOfFreedom == 1 { return 2 * angle / Double.pi }
    var term = isOdd ? cosine : 1
    var sum = term
    var index = isOdd ? 2 : 1
    while index + 2 <= degreesOfFreedom - (isOdd ? 1 : 0) {
      term *= Double(index) / Double(index + 1) * cosine * cosine
      sum += term
      index += 2
    }
    return isOdd ? 2 / Double.pi * (angle + sine * sum) : sine * sum
  }

  /// The same between whole degrees of freedom, linear in their inverse.
  static func within(_ x: Double, degreesOfFreedom: Double) -> Double {
    let low = Int(degreesOfFreedom)
    let own = within(x, degreesOfFreedom: low)
    guard degreesOfFreedom > Double(low) else { return own }
    let share =
      (1 / Double(low) - 1 / degreesOfFreedom) / (1 / Double(low) - 1 / Double(low + 1))
    return own + share * (within(x, degreesOfFreedom: low + 1) - own)
  }

  /// The x with P(|t| <= x) = `share`, by bisection.
  static func limit(_ share: Double, degreesOfFreedom: Int) -> Double {
    limit(share, degreesOfFreedom: Double(degreesOfFreedom))
  }

  /// The x with P(|t| <= x) = `share`, by bisection.
  static func limit(_ share: Double, degreesOfFreedom: Double) -> Double {
    var (low, high) = (0.0, 1000.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if within(middle, degreesOfFreedom: degreesOfFreedom) < share {
        low = middle
      } else {
        high = middle
      }
    }
    return (low + high) / 2
  }
}
