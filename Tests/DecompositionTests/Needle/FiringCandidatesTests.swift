import Testing

@testable import Decomposition

@Suite struct FiringCandidatesTests {
  @Test func peaksAreTheLargestAround() {
    let output: [Float] = [0, 1, 0, 3, 2, 2.5, 0, -2, -1, -3, 0, 1, 1, 0]
    #expect(FiringCandidates.peaks(output, reach: 1) == [1, 3, 5, 12])
    #expect(FiringCandidates.peaks(output, reach: 2) == [3, 12])
    #expect(FiringCandidates.peaks([], reach: 3).isEmpty)
  }

  @Test func shadowsFallOnNearCandidatesOnly() {
    var candidates = FiringCandidates(duration: 1)
    for (time, height) in [(100, 1.0), (130, 0.6), (500, 0.9)] {
      candidates.append(time: time, height: height, deviation: 0.1)
    }
    // The first potential has half the energy of the second one.
    let products = [[10.0, 8, 8], [8, 20, 1], [8, 1, 10]]
    candidates.link(reach: 50) { products[$0][$1] }
    #expect(candidates.shadows[0].map(\.other) == [1])
    #expect(candidates.shadows[0].map(\.share) == [0.4])
    #expect(candidates.shadows[1].map(\.share) == [0.8])
    #expect(candidates.shadows[2].isEmpty)
  }

  @Test func heightsScatterHoweverLittleTheNoise() {
    var candidates = FiringCandidates(duration: 1)
    candidates.append(time: 5, height: 1, deviation: 0.001)
    #expect(candidates.deviations == [NeedleConfiguration.Decoding().leastDeviation])
  }
}
