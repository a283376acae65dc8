import Foundation
import MotorUnits
import Testing

@Suite struct UnitMatchingTests {
  let examples = TrackingExamples(count: 16, seed: 5)
  let grid = TrackingExamples.grid(6, 6)

  private func right(_ matching: UnitMatching) -> Int {
    matching.links.filter { $0.first == $0.second }.count
  }

  @Test func aMovedArrayOfAnotherRateFindsTheSameUnits() {
    let first = examples.recording(Array(0..<14), positions: grid)
    let mounting = GridMounting(shiftAlong: 2.5, shiftAcross: -3, rotationDegrees: 4)
    let second = examples.recording(
      Array(2..<16), positions: grid, mounting: mounting, rate: 1_000, gain: 0.6,
      missing: [3, 17], seed: 9)
    let matching = UnitMatching(first, second)
    #expect(matching.links.count >= 10)
    #expect(right(matching) == matching.links.count)
    #expect(Set(matching.links.map(\.second)).count == matching.links.count)
    let found = matching.mounting ?? GridMounting()
    #expect(hypot(found.shiftAlong - 2.5, found.shiftAcross + 3) < 0.8)
    #expect(abs(found.rotationDegrees - 4) < 1.5)
    for link in matching.links { #expect(abs(link.amplitudeRatio - 0.6) < 0.1) }
  }

  @Test func withoutTheSearchAMovedArrayFindsFewer() {
    let first = examples.recording(Array(0..<16), positions: grid)
    let second = examples.recording(
      Array(0..<16), positions: grid, mounting: GridMounting(shiftAlong: 4, shiftAcross: 6),
      seed: 9)
    var fixed = UnitMatching.Configuration()
    fixed.largestShift = 0
    let searched = UnitMatching(first, second)
    #expect(right(searched) > right(UnitMatching(first, second, configuration: fixed)))
  }

  @Test func unitsOfOneVisitOnlyHaveNoPartner() {
    let first = examples.recording(Array(0..<8), positions: grid)
    let second = examples.recording(Array(8..<16), positions: grid, seed: 9)
    let matching = UnitMatching(first, second)
    #expect(matching.links.isEmpty)
    #expect(matching.first.allSatisfy { $0.partner == nil && $0.isTrackable })
    #expect(matching.trackableCount == 8)
  }

  @Test func theSameFromEitherSide() {
    let first = examples.recording(Array(0..<12), positions: grid)
    let second = examples.recording(
      Array(2..<14), positions: grid, mounting: GridMounting(shiftAlong: 2), seed: 9)
    let forwards = Set(UnitMatching(first, second).links.map(\.first))
    let backwards = Set(UnitMatching(second, first).links.map(\.first))
    #expect(forwards.intersection(backwards).count >= 8)
    #expect(forwards.symmetricDifference(backwards).count <= 2)
  }

  @Test func noiseAndLostElectrodesMakeUnitsUntrackable() {
    let first = examples.recording(Array(0..<6), positions: grid)
    let noisy = examples.recording(Array(0..<6), positions: grid, noise: 5_000, seed: 9)
    let lost = UnitMatching(first, noisy)
    #expect(lost.links.isEmpty)
    #expect(lost.second.allSatisfy { $0.obstacle == .lowSignalToNoise })
    let few = examples.recording(
      Array(0..<6), positions: grid, missing: Set(4..<36), seed: 9)
    let blind = UnitMatching(first, few)
    #expect(blind.links.isEmpty)
    #expect(blind.first.allSatisfy { $0.obstacle == .tooFewElectrodes })
    #expect(blind.trackableCount == 0)
  }

  @Test func lookAlikesAreNotLinked() {
    let first = examples.recording([0, 1, 2, 3, 0], positions: grid)
    let second = examples.recording([0, 1, 2, 3], positions: grid, seed: 9)
    let matching = UnitMatching(first, second)
    #expect(!matching.links.contains { $0.second == "u0" })
    #expect(matching.first.contains { $0.unit == "u0" && $0.obstacle == .lookAlike })
  }

  @Test func withoutGeometryElectrodesAreComparedOneByOne() {
    let first = examples.recording(Array(0..<10), positions: grid, knowsPositions: false)
    let second = examples.recording(
      Array(0..<10), positions: grid, missing: [7], seed: 9, knowsPositions: false)
    let matching = UnitMatching(first, second)
    #expect(matching.mounting == nil)
    #expect(right(matching) >= 8 && right(matching) == matching.links.count)
  }

  @Test func nothingComesFromNothing() {
    let empty = TrackedRecording(positions: grid, units: [])
    let some = examples.recording([0, 1], positions: grid)
    let matching = UnitMatching(some, empty)
    #expect(matching.links.isEmpty && matching.first.count == 2 && matching.second.isEmpty)
    #expect(matching.trackableCount == 2)
  }

  @Test func aMatchingSurvivesJSON() throws {
    let first = examples.recording([0, 1, 2], positions: grid)
    let matching = UnitMatching(first, first)
    let data = try JSONEncoder().encode(matching)
    #expect(try JSONDecoder().decode(UnitMatching.self, from: data) == matching)
  }
}
