import Foundation
import TestSupport
import Testing

@testable import Progression

@Suite struct SharedParameterModelTests {
  @Test func gaussHermiteMoments() {
    let nodes = GaussHermite.nodes(15)
    func expectation(_ f: (Double) -> Double) -> Double {
      nodes.reduce(0) { $0 + $1.weight * f($1.x) }
    }
    #expect(agree(expectation { _ in 1 }, 1, relative: 1e-12))
    #expect(agree(expectation { $0 * $0 }, 1, relative: 1e-12))
    #expect(agree(expectation { $0 * $0 * $0 * $0 }, 3, relative: 1e-11))
  }

  @Test(.enabled(if: TestTier.isLong)) func deathsOfFastProgressors() throws {
    let table = try ReferenceData.cohort("als40_dropout.csv")
    let survival = try ReferenceData.csv("als40_survival.csv")
    let records = survival.map {
      SharedParameterModel.Survival(
        subject: $0["patient"] ?? "", time: ReferenceData.number($0["time"]),
        died: $0["death"] == "1")
    }
    let joint = try SharedParameterModel(table, survival: records)
    #expect(joint.deaths == 11)
    let fit = try MixedModel(criterion: .full).fit(table)
    #expect(agree(joint.changeWithoutDeaths.value, fit.coefficients[2], relative: 1e-9))
    // Without an association both likelihoods separate; with it the joint one can only be better.
    let exposure = records.reduce(0) { $0 + $1.time }
    let separate = fit.criterion - 2 * (11 * log(11 / exposure) - 11)
    #expect(joint.criterion <= separate + 1e-6)
    #expect(joint.change.standardError > 0 && joint.association.standardError > 0)
    #expect(abs(joint.change.value - joint.changeWithoutDeaths.value) < 0.02)
  }

  /// Two arms whose hazard of death depends on each patient's own slope; visits end with death.
  private func cohort(
    patients: Int, untreatedControls: Bool = false, logHazard: Double = -3.4,
    association: Double, using generator: inout TestGenerator
  ) throws -> (table: LongitudinalTable, survival: [SharedParameterModel.Survival]) {
    let simulation = CohortSimulation(patients: patients, slopeChange: 0.02, hasControls: true)
    let end = try #require(simulation.visitTimes.max()) + 1
    var rows: [LongitudinalTable.Row] = []
    var survival: [SharedParameterModel.Survival] = []
    for patient in simulation.simulate(using: &generator) {
      let first = patient.rows[0]
      let isControl = first.arm == "0"
      // The slope after therapy about the mean of the arm; controls of a registry have no therapy.
      let deviation =
        patient.slope - simulation.slope
        + (isControl && untreatedControls
          ? 0 : patient.slopeChange - (isControl ? 0 : simulation.slopeChange))
      let hazard = exp(logHazard - association * deviation / 0.01)
      let death = -log(1 - Double.random(in: 0..<1, using: &generator)) / hazard
      let died = death < end
      rows += patient.rows.filter { $0.time <= death }.map { row in
        var row = row
        if isControl && untreatedControls {
          row.value -= patient.slopeChange * max(0, row.time - (row.therapyTime ?? 0))
          row.therapyTime = nil
        }
        return row
      }
      survival.append(.init(subject: first.subject, time: min(death, end), died: died))
    }
    return (try LongitudinalTable(rows), survival)
  }

  /// Which arm is called the control changes the sign of the effect and nothing else.
  @Test func swappedArmsMirrorTheEffect() throws {
    var generator = TestGenerator(7)
    let (table, survival) = try cohort(patients: 24, association: 0.3, using: &generator)
    let model = MixedModel(armEffects: .slopeChange, controlArm: "0")
    var swapped = model
    swapped.controlArm = "1"
    let joint = try SharedParameterModel(table, model: model, survival: survival)
    let mirrored = try SharedParameterModel(table, model: swapped, survival: survival)
    #expect(joint.effect == "post:arm" && joint.deaths == survival.filter(\.died).count)
    #expect(abs(joint.criterion - mirrored.criterion) < 1e-5)
    let error = joint.change.standardError
    #expect(abs(joint.change.value + mirrored.change.value) < 0.01 * error)
    #expect(agree(mirrored.change.standardError, error, relative: 0.01))
    #expect(
      abs(joint.association.value - mirrored.association.value)
        < 0.01 * joint.association.standardError)
  }

  /// The SD of the change of slope says nothing of the survival of patients without therapy.
  @Test func withoutTherapyOnlyTheSlopeCounts() throws {
    var generator = TestGenerator(8)
    let (table, survival) = try cohort(
      patients: 20, untreatedControls: true, association: 0.3, using: &generator)
    let fit = try MixedModel(criterion: .full).fit(table)
    let ordered = fit.subjects.map { name in survival.first { $0.subject == name } }
    let records = try ordered.map { try #require($0) }
    let untreated = Set(table.rows.filter { $0.therapyTime == nil }.map(\.subject))
    #expect(untreated.count == 10)
    func contribution(of subjects: Set<String>, sdSlopeChange: Double) throws -> Double {
      var x = fit.evaluation.beta + fit.parameters + [log(fit.sigma), -3.4, -0.3]
      x[fit.coefficients.count + 3] = sdSlopeChange
      let later = records.map { record in
        subjects.contains(record.subject)
          ? .init(subject: record.subject, time: 2 * record.time, died: record.died) : record
      }
      let first = JointLikelihood(fit, survival: records, slopeUnit: 0.01)
      let before = try #require(first.value(x))
      let likelihood = JointLikelihood(fit, survival: later, slopeUnit: 0.01)
      return try #require(likelihood.value(x)) - before
    }
    let treated = Set(fit.subjects).subtracting(untreated)
    let small = try contribution(of: untreated, sdSlopeChange: 0.05)
    #expect(agree(try contribution(of: untreated, sdSlopeChange: 0.4), small, relative: 1e-8))
    let other = try contribution(of: treated, sdSlopeChange: 0.05)
    #expect(abs(try contribution(of: treated, sdSlopeChange: 0.4) - other) > 0.01)
  }

  /// Two arms with deaths of the fast progressors: effect and hazard ratio come out as simulated.
  @Test(.enabled(if: TestTier.isLong)) func armsWithInformativeDeaths() throws {
    var generator = TestGenerator(9)
    let model = MixedModel(armEffects: .slopeChange)
    let cohorts = 12
    var errors: [Double] = []
    var associations: [Double] = []
    var covered = 0
    for _ in 0..<cohorts {
      let (table, survival) = try cohort(patients: 100, association: 0.3, using: &generator)
      let joint = try SharedParameterModel(
        table, model: model, survival: survival, slopeUnit: 0.01)
      #expect(joint.effect == "post:arm" && joint.deaths > 20)
      errors.append((joint.change.value - 0.02) / joint.change.standardError)
      associations.append((joint.association.value - 0.3) / joint.association.standardError)
      if joint.association.lower > 0 { covered += 1 }
    }
    // Standardised errors are standard normal: their means within three standard errors of zero.
    let limit = 3 / Double(cohorts).squareRoot()
    func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
    #expect(abs(mean(errors)) < limit && abs(mean(associations)) < limit)
    for values in [errors, associations] {
      let spread = mean(values.map { $0 * $0 })
      #expect(spread > 0.3 && spread < 2.4)
    }
    #expect(covered >= 9)
  }
}
