import MotorUnits
import Testing

@Suite struct MatchedUnitSurvivalTests {
  let examples = TrackingExamples(count: 16, seed: 5)
  let grid = TrackingExamples.grid(6, 6)

  private func matching(_ first: [Int], _ second: [Int]) -> UnitMatching {
    UnitMatching(
      examples.recording(first, positions: grid),
      examples.recording(second, positions: grid, seed: 9))
  }

  @Test func lossIsReadAgainstTheRepeat() throws {
    let all = Array(0..<16)
    let sameDay = matching(all, Array(0..<12))
    let later = matching(all, Array(0..<6))
    let survival = try #require(MatchedUnitSurvival(later, sameDay: sameDay))
    let repeated = try #require(survival.foundInRepeat)
    #expect(survival.trackable <= 16 && survival.found <= 6 && repeated <= 12)
    let normalised = try #require(survival.normalised)
    #expect(abs(normalised - Double(survival.found) / Double(repeated)) < 1e-12)
    let bounds = try #require(survival.normalisedBounds)
    #expect(bounds[0] < normalised && normalised < bounds[1])
    #expect(bounds[1] < 1.05 && bounds[0] > 0.1)
    #expect(survival.shareBounds[0] < survival.share && survival.share < survival.shareBounds[1])
    #expect(MatchedUnitSurvival(later, sameDay: sameDay) == survival)
  }

  @Test func withoutARepeatNothingIsNormalised() throws {
    let survival = try #require(MatchedUnitSurvival(matching(Array(0..<8), [0, 1])))
    #expect(survival.normalised == nil && survival.foundInRepeat == nil)
    #expect(survival.share < 0.4)
  }

  @Test func noUnitsGiveNoShare() {
    #expect(MatchedUnitSurvival(matching([], [0, 1])) == nil)
  }

  @Test func peopleArePooledBeforeDividing() throws {
    let all = Array(0..<16)
    let sameDay = matching(all, all)
    let people = try [Array(0..<4), Array(0..<8), []].map { alive in
      try #require(MatchedUnitSurvival(matching(all, alive), sameDay: sameDay))
    }
    let pooled = try #require(PooledUnitSurvival(people))
    let found = people.reduce(0) { $0 + $1.found }
    let repeated = people.reduce(0) { $0 + ($1.foundInRepeat ?? 0) }
    #expect(pooled.people == 3)
    #expect(pooled.normalised == Double(found) / Double(repeated))
    #expect(pooled.bounds[0] <= pooled.normalised && pooled.normalised <= pooled.bounds[1])
    #expect(PooledUnitSurvival([]) == nil)
  }
}
