/// Conditional means and prediction errors of one patient's random effects.
///
/// In units of the optimiser's scaled columns and of the residual variance factor: mode = M Z'R^-1 e,
/// conditional covariance M, and with N = M Z'R^-1X the joint uncertainty of the fixed effects enters
/// as (l - N'k)' Phi (l - N'k). It is Henderson's solution written so that it exists on the boundary.
struct SubjectEffects {
  /// Modes, q for each patient.
  let modes: [Double]
  /// M, q x q for each patient.
  let conditional: [Double]
  /// N, q x p for each patient.
  let projection: [Double]
}

extension BlockStatistics {
  /// The effects of every patient at a relative factor Lambda.
  func subjectEffects(
    lambda: [Double], evaluation: BlockEvaluation, subjects: Int, kernel: BlockKernel
  ) -> SubjectEffects {
    precondition(subjects <= groups * Lanes.scalarCount, "one lane for each patient")
    let p = width - 1
    var modes = [Double](repeating: 0, count: subjects * q)
    var conditional = [Double](repeating: 0, count: subjects * q * q)
    var projection = [Double](repeating: 0, count: subjects * q * p)
    values.withUnsafeBufferPointer { values in
      lambda.withUnsafeBufferPointer { lambda in
        guard var block = values.baseAddress, let factor = lambda.baseAddress else { return }
        for group in 0..<groups {
          kernel.prepare(block, lambda: factor, full: false)
          let first = group * Lanes.scalarCount
          for lane in 0..<min(Lanes.scalarCount, subjects - first) {
            let subject = first + lane
            for i in 0..<q {
              var mode = kernel.n[i * width + p][lane]
              for k in 0..<p {
                let value = kernel.n[i * width + k][lane]
                mode -= value * evaluation.beta[k]
                projection[(subject * q + i) * p + k] = value
              }
              modes[subject * q + i] = mode
              for j in 0..<q {
                conditional[(subject * q + i) * q + j] = kernel.m[i * q + j][lane]
              }
            }
          }
          block += stride
        }
      }
    }
    return SubjectEffects(modes: modes, conditional: conditional, projection: projection)
  }
}
