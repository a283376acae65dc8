import RealModule
import TestSupport
import Testing

@testable import Progression

/// Effects in subgroups against lme4, pbkrtest and lm (Scripts/references/subgroups.R).
@Suite struct SubgroupComparisonTests {
  private struct Expected {
    let effects: [(value: Double, error: Double, df: Double)]
    let test: (f: Double, numerator: Double, denominator: Double, p: Double)
  }

  private func check(_ found: SubgroupComparison, _ expected: Expected) {
    for (group, (value, error, df)) in zip(found.groups, expected.effects) {
      let own = group.estimates[0]
      #expect(agree(own.value, value, relative: 1e-4), "\(group.name)")
      #expect(agree(own.standardError, error, relative: 1e-4), "\(group.name)")
      #expect(agree(own.degreesOfFreedom, df, relative: 1e-3), "\(group.name)")
    }
    #expect(found.groups.count == expected.effects.count)
    let test = found.interaction
    #expect(agree(test.f, expected.test.f, relative: 1e-3))
    #expect(test.numerator == expected.test.numerator)
    #expect(agree(test.denominator, expected.test.denominator, relative: 1e-3))
    #expect(agree(test.p, expected.test.p, relative: 1e-3))
  }

  /// Labels from the patients' numbers in order of appearance, from 1.
  private func labels(
    _ table: LongitudinalTable, _ label: (Int) -> String
  ) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: table.subjects.enumerated().map { ($1.subject, label($0 + 1)) })
  }

  @Test func armsAsInLME4() throws {
    let table = try ReferenceData.cohort("als60_two_arm.csv", arm: true)
    let model = MixedModel(armEffects: .slopeChange)
    let two = try SubgroupComparison(
      table, attribute: "third", labels: labels(table) { $0 % 3 == 0 ? "yes" : "no" }, model: model)
    check(
      two,
      Expected(
        effects: [
          (0.0206662013689, 0.0112328965539, 56.2677955871),
          (0.0258416512957, 0.0157676082160, 54.7438246386),
        ], test: (0.0714664041416, 1, 55.2813534457, 0.790208383326)))
    #expect(two.effects == ["post:arm"] && two.arms == ["0", "1"])
    #expect(two.groups.map(\.patients) == [[20, 20], [10, 10]])
    // All patients: the effect of the model without subgroups.
    let plain = try model.fit(table).kenwardRoger().effects
    #expect(two.overall[0] == plain.first { $0.name == "post:arm" }?.estimate)
    let three = try SubgroupComparison(
      table, attribute: "rest", labels: labels(table) { "\($0 % 3)" }, model: model)
    check(
      three,
      Expected(
        effects: [
          (0.0256374167261, 0.0159993783504, 52.8589199217),
          (0.0261919380650, 0.0161204063437, 54.4354252267),
          (0.0150070745541, 0.0161008791592, 53.9504091626),
        ], test: (0.153481345002, 2, 53.7743856072, 0.858091155913)))
  }

  @Test func oneArmAsInLME4() throws {
    let table = try ReferenceData.cohort("als60_two_arm.csv")
    let found = try SubgroupComparison(
      table, attribute: "rest", labels: labels(table) { "\($0 % 3)" }, model: MixedModel())
    check(
      found,
      Expected(
        effects: [
          (0.02785702650450, 0.00990987302363, 98.9883415007),
          (0.0252484405075, 0.0101712750330, 108.18719946),
          (0.00289371786218, 0.0104684367067, 118.694051338),
        ], test: (1.77143385803, 2, 108.367456789, 0.174978341849)))
    #expect(found.effects == ["post"] && found.arms.isEmpty)
  }

  @Test func lastVisitAsInR() throws {
    let table = try ReferenceTrial.arms()
    let groups = labels(table) { "\($0 % 3)" }
    let equal = try SubgroupComparison(
      table, attribute: "rest", labels: groups,
      randomised: RandomisedArms(.mmrm, covariance: .compoundSymmetry))
    check(
      equal,
      Expected(
        effects: [
          (3.285300399032, 0.979602868886, 109.625667224),
          (1.650667309981, 0.959444107401, 111.755194291),
          (0.994235906627, 0.917667237367, 107.252503161),
        ], test: (1.53722892869, 2, 109.690231167, 0.219570908369)))
    let alone = try SubgroupComparison(
      table, attribute: "rest", labels: groups, randomised: RandomisedArms(.ancova))
    let values = alone.groups.map(\.estimates[0])
    for (own, value) in zip(values, [3.299156230161, 1.700887422554, 0.844435573576]) {
      #expect(agree(own.value, value, relative: 1e-9) && own.degreesOfFreedom == 27)
    }
    #expect(agree(values[0].standardError, 1.05781602554, relative: 1e-9))
    #expect(agree(alone.interaction.f, 1.48517, relative: 1e-5))
    #expect(agree(alone.interaction.p, 0.24438, relative: 1e-4))
    #expect(alone.interaction.numerator == 2 && alone.interaction.denominator == 27)
    // All patients: the last visit of the comparison without subgroups.
    let constrained = try SubgroupComparison(
      table, attribute: "rest", labels: groups, randomised: RandomisedArms(.clda))
    #expect(
      constrained.overall[0] == (try RandomisedArms(.clda).fit(table)).visits[3].differences[0])
    #expect(constrained.interaction.numerator == 2)
  }

  @Test func namesOfSubgroupsChangeNothing() throws {
    let table = try ReferenceTrial.arms()
    let groups = labels(table) { $0 % 3 == 0 ? "a" : "b" }
    let mirrored = groups.mapValues { $0 == "a" ? "b" : "a" }
    for arms in [RandomisedArms(.mmrm), RandomisedArms(.clda), RandomisedArms(.ancova)] {
      let found = try SubgroupComparison(
        table, attribute: "label", labels: groups, randomised: arms)
      let turned = try SubgroupComparison(
        table, attribute: "label", labels: mirrored, randomised: arms)
      #expect(agree(found.interaction.f, turned.interaction.f, relative: 1e-6))
      for (own, other) in [(0, 1), (1, 0)] {
        let (a, b) = (found.groups[own].estimates[0], turned.groups[other].estimates[0])
        #expect(agree(a.value, b.value, relative: 1e-6))
        #expect(agree(a.standardError, b.standardError, relative: 1e-6))
      }
    }
  }

  @Test func whatCannotBeCompared() throws {
    let table = try ReferenceTrial.arms()
    let model = RandomisedArms(.mmrm)
    func compare(_ labels: [String: String]) throws -> SubgroupComparison {
      try SubgroupComparison(table, attribute: "label", labels: labels, randomised: model)
    }
    #expect(throws: ProgressionError.self) { try compare(labels(table) { _ in "same" }) }
    #expect(throws: ProgressionError.self) { try compare(labels(table) { "\($0)" }) }
    #expect(throws: ProgressionError.self) { try compare([:]) }
    // Two patients of a third label and five without one are left out and told.
    var some = labels(table) { $0 < 3 ? "rare" : $0 % 3 == 0 ? "a" : "b" }
    for k in 6...10 { some["\(k)"] = nil }
    let found = try compare(some)
    #expect(found.small == ["rare"] && found.unknown == 5)
    #expect(found.groups.map(\.name) == ["a", "b"])
    #expect(found.groups.flatMap(\.patients).reduce(0, +) == 33)
  }

  /// Counts and correlated residuals take the same subgroups; both find a difference that is there.
  @Test func otherAnalyses() throws {
    var random = TestGenerator(77)
    let simulation = CohortSimulation(patients: 60, intercept: 2.5, slopeChange: 0)
    var rows: [LongitudinalTable.Row] = []
    var groups: [String: String] = [:]
    for (index, patient) in simulation.simulate(using: &random).enumerated() {
      let isSecond = index % 2 == 1
      for row in patient.rows {
        var row = row
        groups[row.subject] = isSecond ? "b" : "a"
        if isSecond { row.value += 0.12 * max(0, row.time - (row.therapyTime ?? 0)) }
        rows.append(row)
      }
    }
    let table = try LongitudinalTable(rows)
    let counts = try LongitudinalTable(
      rows.map { row in
        var row = row
        row.value = Double.exp(row.value).rounded()
        return row
      })
    for (table, analysis) in [
      (table, SubgroupComparison.Analysis.mixed), (table, .residuals(groups: nil)),
      (counts, .counts(nodes: 1)),
    ] {
      let found = try SubgroupComparison(
        table, attribute: "label", labels: groups, model: MixedModel(), analysis: analysis)
      #expect(found.interaction.p < 0.001, "\(analysis)")
      let difference = found.groups[1].estimates[0].value - found.groups[0].estimates[0].value
      #expect(abs(difference - 0.12) < 0.05, "\(analysis)")
    }
  }
}
