import Progression
import Testing

@Suite struct SegmentedRegressionTests {
  @Test(arguments: ["P00001", "P00007", "P00023"])
  func reproducesReferencePatients(_ patient: String) throws {
    let file = try ReferenceData.json("per_patient.json")
    let reference = ReferenceData.object(file[patient])
    let rows = (reference["data"] as? [[String: Any]]) ?? []
    #expect(rows.count == 8)
    let fit = try SegmentedRegression().fit(
      times: rows.map { ReferenceData.number($0["month"]) },
      logValues: rows.map { ReferenceData.number($0["log_mune"]) },
      therapyTime: ReferenceData.number(rows[0]["therapy_month"]))
    let ols = ReferenceData.object(reference["ols"])
    let estimates = ReferenceData.object(ols["est"])
    let errors = ReferenceData.object(ols["se"])
    let ps = ReferenceData.object(ols["p"])
    let intervals = (ols["ci"] as? [[Any]])?.map { ReferenceData.numbers($0) } ?? []
    let terms = [
      ("(Intercept)", fit.intercepts[0]), ("month", fit.before), ("post", fit.difference),
    ]
    for (index, (name, estimate)) in terms.enumerated() {
      #expect(agree(estimate.value, ReferenceData.number(estimates[name]), relative: 1e-9))
      #expect(agree(estimate.standardError, ReferenceData.number(errors[name]), relative: 1e-9))
      #expect(agree(estimate.p, ReferenceData.number(ps[name]), relative: 1e-9))
      #expect(agree(estimate.lower, intervals[index][0], relative: 1e-9))
      #expect(agree(estimate.upper, intervals[index][1], relative: 1e-9))
    }
    #expect(agree(fit.residualSD, ReferenceData.number(ols["sigma"]), relative: 1e-9))
    #expect(fit.difference.degreesOfFreedom == ReferenceData.number(ols["df"]))
    #expect(
      agree(try #require(fit.durbinWatson), ReferenceData.number(reference["dw"]), relative: 1e-9))
  }

  @Test func slopeAfterIsTheSumAndItsErrorComesFromTheCovariance() throws {
    // The same line refitted with (t - T) and post gives the slope after therapy directly when the
    // columns are (t - T)- and (t - T)+.
    let times: [Double] = [-3, -2, -1, 0, 1, 2, 3, 4, 5]
    let values = [0.30, 0.21, 0.13, 0.02, -0.01, 0.01, -0.06, -0.05, -0.11]
    let fit = try SegmentedRegression().fit(times: times, logValues: values, therapyTime: 0)
    let reversed = try SegmentedRegression().fit(
      times: times.map { -$0 }, logValues: values, therapyTime: 0)
    #expect(agree(fit.after.value, -reversed.before.value, relative: 1e-10))
    #expect(agree(fit.after.standardError, reversed.before.standardError, relative: 1e-10))
    #expect(fit.visitsBefore == 4 && fit.visitsAfter == 5)
    #expect(agree(fit.after.value, fit.before.value + fit.difference.value, relative: 1e-12))
  }

  @Test func pooledMusclesShareSlopesAndKeepTheirIntercepts() throws {
    let months: [Double] = [-3, -2, -1, 0, 1, 2, 3]
    var times: [Double] = []
    var values: [Double] = []
    var muscles: [String] = []
    for (muscle, intercept) in [("ADM", 4.0), ("APB", 3.0)] {
      for month in months {
        times.append(month)
        muscles.append(muscle)
        values.append(intercept - 0.05 * month + 0.03 * max(0, month))
      }
    }
    let fit = try SegmentedRegression().fit(
      times: times, logValues: values, therapyTime: 0, muscles: muscles)
    #expect(fit.muscles == ["ADM", "APB"])
    #expect(agree(fit.intercepts[0].value, 4, relative: 1e-12))
    #expect(agree(fit.intercepts[1].value, 3, relative: 1e-12))
    #expect(agree(fit.before.value, -0.05, relative: 1e-10))
    #expect(agree(fit.difference.value, 0.03, relative: 1e-10))
    #expect(agree(fit.fitted(at: 2, muscle: 1).value, 2.96, relative: 1e-12))
    #expect(agree(fit.extrapolated(at: 2, muscle: 1).value, 2.9, relative: 1e-12))
  }

  @Test func knownErrorsGiveTheWeightedTest() throws {
    let times: [Double] = [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6]
    let values = times.map { 0.01 * $0 * $0 - 0.04 * $0 }
    let fit = try SegmentedRegression().fit(
      times: times, logValues: values, therapyTime: 0,
      standardErrors: [Double](repeating: 0.12, count: 10))
    let known = try #require(fit.knownError)
    #expect(agree(known.value, fit.difference.value, relative: 1e-9))
    // Monthly visits -3..+6 at an SD of .12: standard error .0600911.
    #expect(agree(known.standardError, 0.06009111622561295, relative: 1e-9))
    #expect(known.degreesOfFreedom.isInfinite)
  }

  @Test func fewVisitsWarnAndTooFewThrow() throws {
    let fit = try SegmentedRegression().fit(
      times: [0, 1, 3, 4], logValues: [1, 0.9, 0.8, 0.75], therapyTime: 2)
    #expect(fit.warnings.count >= 3)
    #expect(fit.warnings.contains { $0.hasPrefix("2 visits up to the start of therapy") })
    #expect(throws: ProgressionError.self) {
      try SegmentedRegression().fit(times: [0, 1, 3], logValues: [1, 1, 1], therapyTime: 2)
    }
    #expect(throws: ProgressionError.self) {
      try SegmentedRegression().fit(
        times: [0, 1, 2, 3, 4], logValues: [1, 1, 1, 1, 1], therapyTime: 5)
    }
    #expect(throws: ProgressionError.self) {
      try SegmentedRegression().fit(
        times: [0, 0, 3, 3, 3], logValues: [1, 1.1, 1, 1.1, 1.2], therapyTime: 2)
    }
  }

  @Test func onsetLagMovesTheKnot() throws {
    let times: [Double] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
    let values = times.map { -0.05 * $0 + 0.04 * max(0, $0 - 4) }
    let fit = try SegmentedRegression(onsetLag: 1).fit(
      times: times, logValues: values, therapyTime: 3)
    #expect(fit.knot == 4)
    #expect(agree(fit.difference.value, 0.04, relative: 1e-10))
  }
}
