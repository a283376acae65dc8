import Foundation
import MotorUnits
import Testing

@Suite("Survival of followed units") struct FollowedUnitSurvivalTests {
  let examples = TrackingExamples(count: 20, seed: 11)
  let grid = TrackingExamples.grid(8, 8)

  private func identities(_ seen: [[Int]]) throws -> UnitIdentities {
    try UnitIdentities(
      seen.enumerated().map { visit, units in
        examples.recording(units, positions: grid, noise: 0.3, seed: UInt64(visit) + 20)
      })
  }

  @Test func survivalFollowsTheLossWithinItsInterval() throws {
    let all = Array(0..<20)
    let half = Array(0..<10)
    let survival = try #require(FollowedUnitSurvival(try identities([all, all, half, half])))
    #expect(survival.points.map(\.visit) == [0, 1, 2, 3])
    #expect(survival.points[0].survival == 1 && survival.points[0].bounds == [1, 1])
    #expect(survival.points[1].survival > 0.85)
    #expect(abs(survival.points[2].survival - 0.5) < 0.15)
    #expect(survival.points[2].bounds[0] < 0.5 && survival.points[2].bounds[1] > 0.5)
    let values = survival.points.map(\.survival)
    #expect(values == values.sorted(by: >))
    #expect(survival.detection > 0.85)
  }

  @Test func unitsThatPauseLowerTheDetectionAndNotTheSurvival() throws {
    let all = Array(0..<20)
    let survival = try #require(
      FollowedUnitSurvival(
        try identities([
          all, all.filter { $0 % 3 != 0 }, all.filter { $0 % 3 != 1 }, all,
        ])))
    #expect(survival.points[1].paused >= 5)
    #expect(survival.points[2].survival > 0.85)
    #expect(survival.detection < 0.9 && survival.detection > 0.6)
    #expect(survival.detectionBounds[0] < survival.detection)
  }

  @Test func theSeedDecidesTheDraws() throws {
    let followed = try identities([Array(0..<12), Array(0..<9), Array(2..<9)])
    #expect(FollowedUnitSurvival(followed, seed: 4) == FollowedUnitSurvival(followed, seed: 4))
    #expect(FollowedUnitSurvival(followed, seed: 4) != FollowedUnitSurvival(followed, seed: 5))
  }

  @Test func withoutAUnitThereIsNone() throws {
    #expect(FollowedUnitSurvival(try identities([[], [], []])) == nil)
    #expect(FollowedUnitSurvival(try identities([[], [], [1, 2]])) == nil)
  }
}
