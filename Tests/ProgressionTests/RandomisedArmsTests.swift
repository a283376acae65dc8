import Testing

@testable import Progression

/// Randomised arms against nlme's gls (Scripts/references/trial.R).
@Suite struct RandomisedArmsTests {
  private func differences(_ result: RandomisedArms.Result) -> [Double] {
    result.visits.map { $0.differences[0].value }
  }

  @Test func repeatedMeasuresAsInNLME() throws {
    let table = try ReferenceTrial.arms()
    let cases: [(VisitCovariance, Double, [Double])] = [
      (
        .unstructured, 513.8071441459,
        [0.6209854803414, 0.4275708698451, 0.9359417142195, 2.0356014872356]
      ),
      (
        .compoundSymmetry, 536.8131703344,
        [0.6209854803414, 0.4297308108914, 1.0139441719614, 1.9537249501809]
      ),
      (
        .autoregressive, 523.3217340621,
        [0.6209854803414, 0.4168340644856, 0.9557354089123, 1.9893027704341]
      ),
    ]
    for (covariance, criterion, expected) in cases {
      let result = try RandomisedArms(.mmrm, covariance: covariance).fit(table)
      #expect(result.visits.map(\.time) == [1, 2, 3, 4] && result.arms == ["0", "1"])
      for (own, reference) in zip(differences(result), expected) {
        #expect(agree(own, reference, relative: 2e-5), "\(covariance) \(own) \(reference)")
      }
      // Orthonormal baseline columns: the criterion of the same columns not centred.
      #expect(agree(try #require(result.criterion), criterion, relative: 1e-7), "\(covariance)")
    }
    // Kenward-Roger of compound symmetry: pbkrtest 0.5.2 on the mixed model with a random intercept.
    let equal = try RandomisedArms(.mmrm, covariance: .compoundSymmetry).fit(table).visits
    for (visit, error, df) in [
      (0, 0.496398968121, 118.795143641), (3, 0.533204466056, 124.298226093),
    ] {
      #expect(agree(equal[visit].differences[0].standardError, error, relative: 1e-5))
      #expect(agree(equal[visit].differences[0].degreesOfFreedom, df, relative: 1e-4))
    }
    // Kenward-Roger errors exceed the plain ones.
    let last = try RandomisedArms(.mmrm).fit(table).visits[3].differences[0]
    #expect(last.standardError > 0.5856676 && last.standardError < 0.63)
    #expect(last.degreesOfFreedom > 25 && last.degreesOfFreedom < 37)
  }

  @Test func constrainedModelAsInNLME() throws {
    let result = try RandomisedArms(.clda).fit(ReferenceTrial.arms())
    #expect(agree(try #require(result.criterion), 725.811569164, relative: 1e-7))
    #expect(agree(result.visits[3].differences[0].value, 2.035993263842, relative: 2e-5))
    #expect(result.visits[3].differences[0].standardError > 0.5728)
    #expect(result.visits[3].means[0].value < result.visits[0].means[0].value)
  }

  @Test func covarianceAnalysisAsInR() throws {
    let result = try RandomisedArms(.ancova).fit(ReferenceTrial.arms())
    let last = result.visits[3].differences[0]
    #expect(agree(last.value, 1.9212482673177, relative: 1e-10))
    #expect(agree(last.standardError, 0.5878488784065, relative: 1e-10))
    #expect(last.degreesOfFreedom == 31 && result.visits[3].patients.reduce(0, +) == 34)
  }

  /// Toeplitz lies between AR(1) and unstructured in its likelihood.
  @Test func structuresAreNested() throws {
    let table = try ReferenceTrial.arms()
    let values = try [VisitCovariance.unstructured, .toeplitz, .autoregressive].map {
      try #require(try RandomisedArms(.mmrm, covariance: $0).fit(table).criterion)
    }
    #expect(values[0] < values[1] && values[1] < values[2])
  }

  @Test func wrongTablesAreRefused() throws {
    let table = try ReferenceTrial.arms()
    let one = try #require(table.filter { $0.arm == "1" })
    #expect(throws: ProgressionError.self) { try RandomisedArms().fit(one) }
    let baseline = try #require(table.filter { $0.time == 0 })
    #expect(throws: ProgressionError.self) { try RandomisedArms().fit(baseline) }
    #expect(throws: ProgressionError.self) {
      try RandomisedArms(covariates: ["age"]).fit(table)
    }
    #expect(throws: ProgressionError.self) { try RandomisedArms(controlArm: "x").fit(table) }
  }
}
