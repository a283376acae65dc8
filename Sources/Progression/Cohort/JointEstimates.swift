/// What the models of visits and deaths share in reading their optimum.
enum JointEstimates {
  /// A fixed effect on its own scale with its error.
  ///
  /// - Parameters:
  ///   - index: the effect's place among those of the fit.
  ///   - parameters: the optimum; coefficients in the orthonormal basis come first.
  ///   - covariance: of all parameters, row-major.
  static func effect(
    _ index: Int, of fit: MixedModelFit, _ parameters: [Double], covariance: [Double]
  ) -> Estimate {
    let p = fit.coefficients.count
    let row = Array(
      MixedModelFit.inverseTriangle(fit.design)[index * p..<(index + 1) * p])
    var variance = 0.0
    var shift = 0.0
    for i in 0..<p {
      shift += row[i] * parameters[i]
      for j in 0..<p { variance += row[i] * row[j] * covariance[i * parameters.count + j] }
    }
    return Estimate(
      value: fit.design.olsCoefficients[index] + shift, standardError: variance.squareRoot(),
      degreesOfFreedom: .infinity)
  }
}
