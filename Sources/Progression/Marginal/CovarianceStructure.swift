/// How the rows of one patient vary together, as a function of parameters.
///
/// Patients whose rows have the same covariance share a pattern, so that it is worked out once for all.
protocol CovarianceStructure: Sendable {
  /// Covariance components: the parameters that V is differentiated by.
  var count: Int { get }
  /// Names of the components.
  var names: [String] { get }

  /// The covariance of a pattern's rows and its derivatives; nil where the components are impossible.
  func matrices(pattern: Int, _ components: [Double], order: Int) -> CovarianceMatrices?
  /// The components of a vector of optimisation parameters, by default the same.
  func components(_ parameters: [Double]) -> [Double]
  /// Takes derivatives by component to derivatives by parameter, by default the same.
  func chain(
    _ parameters: [Double], _ derivatives: SafeguardedNewton.Derivatives
  ) -> SafeguardedNewton.Derivatives
}

extension CovarianceStructure {
  func components(_ parameters: [Double]) -> [Double] { parameters }

  func chain(
    _ parameters: [Double], _ derivatives: SafeguardedNewton.Derivatives
  ) -> SafeguardedNewton.Derivatives { derivatives }
}

/// V of one pattern with its derivatives, each row-major.
struct CovarianceMatrices {
  var v: [Double]
  /// dV by component; empty where only V was asked for.
  var first: [[Double]] = []
  /// d2V by pairs r * count + s with r >= s; pairs that are zero are missing.
  var second: [Int: [Double]] = [:]
}
