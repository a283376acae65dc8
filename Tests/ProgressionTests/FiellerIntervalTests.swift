import Testing

@testable import Progression

@Suite struct FiellerIntervalTests {
  @Test func isTheSetThatATestDoesNotRefute() throws {
    let interval = FiellerInterval(
      slope: -0.045, change: 0.02, slopeVariance: 4e-5, changeVariance: 6e-5, covariance: -3e-5)
    #expect(interval.shape == .interval)
    #expect(agree(interval.percentSlowing, 44.4444444, relative: 1e-8))
    for end in [try #require(interval.lower), try #require(interval.upper)] {
      let r = -end / 100
      let z = (0.02 - r * -0.045) / (6e-5 + r * r * 4e-5 + 2 * r * 3e-5).squareRoot()
      #expect(agree(abs(z), 1.959963984540054, relative: 1e-9))
    }
  }

  @Test func uncertainSlopesGiveNoInterval() {
    let open = FiellerInterval(
      slope: -0.001, change: 0.02, slopeVariance: 4e-5, changeVariance: 6e-5, covariance: -3e-5)
    #expect(open.shape == .exclusive)
    let all = FiellerInterval(
      slope: -0.001, change: 0.001, slopeVariance: 4e-5, changeVariance: 6e-5, covariance: -3e-5)
    #expect(all.shape == .unbounded && all.lower == nil)
  }
}
