import RealModule

/// Weakly informative priors of the variance parameters, on the scale of ln(value) and months.
///
/// A Gamma(2) prior on a standard deviation is zero at zero and nearly flat elsewhere, so that a
/// small cohort does not lose a variance to the boundary (Chung et al. 2013, Psychometrika 78).
public struct VariancePrior: Codable, Sendable, Equatable {
  /// Prior mean of the SD of intercepts; 0.5 by default.
  public var interceptSD: Double
  /// Prior mean of the SD of slopes, ln units a month; 0.03 by default.
  public var slopeSD: Double
  /// Prior mean of the SD of the change of slope; 0.02 by default.
  public var changeSD: Double
  /// Prior median of the residual SD; 0.12 by default, or the site's own test-retest SD.
  public var residualSD: Double
  /// SD of ln(residual SD); 0.25 by default.
  public var residualLogSD: Double
  /// Distance of the grid's points in posterior SDs; 1.25 by default.
  public var spacing: Double
  /// Points whose log density is this far below the mode are left out; 6 by default.
  public var depth: Double

  /// Makes priors.
  public init(
    interceptSD: Double = 0.5, slopeSD: Double = 0.03, changeSD: Double = 0.02,
    residualSD: Double = 0.12, residualLogSD: Double = 0.25, spacing: Double = 1.25,
    depth: Double = 6
  ) {
    self.interceptSD = interceptSD
    self.slopeSD = slopeSD
    self.changeSD = changeSD
    self.residualSD = residualSD
    self.residualLogSD = residualLogSD
    self.spacing = spacing
    self.depth = depth
  }

  /// ln of the Gamma(2) density of a standard deviation with a mean, up to a constant.
  static func logGamma2(_ sd: Double, mean: Double) -> Double {
    Double.log(sd) - 2 * sd / mean - 2 * Double.log(mean)
  }
}
