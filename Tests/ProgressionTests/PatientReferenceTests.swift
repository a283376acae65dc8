import Testing

@testable import Progression

/// Reference results of single patients: rank methods and robust standard errors.
@Suite struct PatientReferenceTests {
  static let patients = ["P00001", "P00007", "P00023"]

  struct Visits {
    let times: [Double]
    let values: [Double]
    let therapy: Double
    let reference: [String: Any]
  }

  static func visits(_ patient: String) throws -> Visits {
    let file = try ReferenceData.json("per_patient.json")
    let reference = ReferenceData.object(file[patient])
    let rows = (reference["data"] as? [[String: Any]]) ?? []
    #expect(rows.count == 8)
    return Visits(
      times: rows.map { ReferenceData.number($0["month"]) },
      values: rows.map { ReferenceData.number($0["log_mune"]) },
      therapy: ReferenceData.number(rows.first?["therapy_month"]), reference: reference)
  }

  @Test(arguments: patients) func theilSenAndMannKendall(_ patient: String) throws {
    let visits = try Self.visits(patient)
    let expected = ReferenceData.object(visits.reference["theil_sen"])
    func value(_ key: String) -> Double { ReferenceData.number(expected[key]) }
    let result = try TheilSen(times: visits.times, values: visits.values)
    #expect(agree(result.slope, value("slope"), relative: 1e-10))
    #expect(agree(result.intercept, value("intercept"), relative: 1e-10))
    #expect(agree(try #require(result.lower), value("lo"), relative: 1e-10))
    #expect(agree(try #require(result.upper), value("hi"), relative: 1e-10))
    #expect(result.pairs == Int(value("N")))
    #expect(result.trend.s == value("S"))
    #expect(agree(result.trend.variance, value("var"), relative: 1e-12))
    #expect(agree(result.trend.z, value("z"), relative: 1e-12))
    #expect(agree(result.trend.p, value("p"), relative: 1e-12))
  }

  @Test(arguments: patients) func tauU(_ patient: String) throws {
    let visits = try Self.visits(patient)
    let expected = ReferenceData.object(visits.reference["tau"])
    let result = try TauU(
      times: visits.times, values: visits.values, therapyTime: visits.therapy)
    #expect(Double(result.visitsBefore) == ReferenceData.number(expected["n_pre"]))
    #expect(Double(result.visitsAfter) == ReferenceData.number(expected["n_post"]))
    #expect(result.between == ReferenceData.number(expected["S_AB"]))
    #expect(result.trendBefore == ReferenceData.number(expected["S_A"]))
    #expect(agree(result.tau, ReferenceData.number(expected["tauAB"]), relative: 1e-12))
    #expect(
      agree(
        result.tauU, ReferenceData.number(expected["tauU_AvsB_minus_trendA"]), relative: 1e-12))
  }

  @Test(arguments: patients) func robustStandardErrors(_ patient: String) throws {
    let visits = try Self.visits(patient)
    let newey = try Autocorrelation.neweyWestUnchecked(
      times: visits.times, logValues: visits.values, therapyTime: visits.therapy, lag: 1)
    let hc3 = try Autocorrelation.hc3Unchecked(
      times: visits.times, logValues: visits.values, therapyTime: visits.therapy)
    let expectedNewey = ReferenceData.numbers(visits.reference["newey_west_lag1_adj"])
    let expectedHC3 = ReferenceData.numbers(visits.reference["hc3"])
    for k in 0..<3 {
      #expect(agree(newey[k], expectedNewey[k], relative: 1e-9))
      #expect(agree(hc3[k], expectedHC3[k], relative: 1e-8))
    }
    // Eight visits are too few for these methods to be offered.
    #expect(throws: ProgressionError.self) {
      try Autocorrelation.neweyWest(
        times: visits.times, logValues: visits.values, therapyTime: visits.therapy)
    }
  }

  @Test(arguments: ["P00001", "P00007"]) func continuousAutoregression(_ patient: String) throws {
    let visits = try Self.visits(patient)
    let expected = ReferenceData.object(visits.reference["gls_car1"])
    let phi = ReferenceData.number(expected["phi"])
    let fixed = try ContinuousAutoregression(
      unchecked: visits.times, visits.values, therapyTime: visits.therapy, phi: phi)
    let estimates = ReferenceData.object(expected["est"])
    let errors = ReferenceData.numbers(expected["se"])
    #expect(agree(fixed.criterion, ReferenceData.number(expected["m2ll"]), relative: 1e-9))
    for (k, (name, estimate)) in [
      ("(Intercept)", fixed.intercept), ("month", fixed.before), ("post", fixed.difference),
    ].enumerated() {
      #expect(agree(estimate.value, ReferenceData.number(estimates[name]), relative: 1e-8))
      #expect(agree(estimate.standardError, errors[k], relative: 1e-8))
    }
    let free = try ContinuousAutoregression(
      unchecked: visits.times, visits.values, therapyTime: visits.therapy, phi: nil)
    #expect(free.criterion <= fixed.criterion + 1e-10)
    #expect(agree(free.difference.value, fixed.difference.value, relative: 1e-3))
  }

  @Test func autoregressionAtItsBoundaryIsTheRandomWalk() throws {
    // This patient's restricted likelihood grows up to phi = 1. The limit is regression on the
    // increments with variance proportional to the gap, which the values near 1 approach.
    let visits = try Self.visits("P00023")
    func fit(_ phi: Double?) throws -> ContinuousAutoregression {
      try ContinuousAutoregression(
        unchecked: visits.times, visits.values, therapyTime: visits.therapy, phi: phi)
    }
    let limit = try fit(1)
    let near = try fit(1 - 1e-7)
    #expect(agree(near.difference.value, limit.difference.value, relative: 1e-5))
    #expect(agree(near.difference.standardError, limit.difference.standardError, relative: 1e-5))
    #expect(agree(limit.criterion, near.criterion, relative: 1e-4))
    let free = try fit(nil)
    #expect(free.phi > 0.999 && free.criterion <= near.criterion + 1e-9)
  }
}
