import RealModule

/// Weakly informative priors of the variance parameters that take their scale from the data.
///
/// A standard deviation tau whose effect the visits of one patient determine with information c
/// (1 / sampling variance) has p(tau^2) proportional to (1 + c tau^2)^-exponent. Exponent 1 is the
/// prior of Box and Tiao (1973, section 7.2), 2 the uniform prior of the shrinkage factor (Daniels
/// 1999). Both are flat where the data cannot tell tau from zero, so that a small cohort does not
/// lose a variance to the boundary, and both move with the unit of the values and of time: the same
/// data in other units give the same answer. ln of the residual SD is flat, correlation matrices are
/// uniform.
public struct VariancePrior: Codable, Sendable, Equatable {
  /// How fast the prior falls beyond the SD that one patient's visits can show; 1 by default.
  public var exponent: Double
  /// Distance of the grid's points in posterior SDs; 1.7 by default.
  public var spacing: Double
  /// Points whose log density is this far below the mode are left out; 6 by default.
  public var depth: Double

  /// Makes priors.
  public init(exponent: Double = 1, spacing: Double = 1.7, depth: Double = 6) {
    self.exponent = exponent
    self.spacing = spacing
    self.depth = depth
  }

  /// ln p(ln tau) up to a constant, at c tau^2.
  func logDensity(ratio: Double) -> Double {
    Double.log(ratio) - exponent * Double.log(onePlus: ratio)
  }
}
