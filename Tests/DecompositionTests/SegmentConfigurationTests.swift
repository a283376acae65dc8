import Testing

@testable import Decomposition

@Suite struct SegmentConfigurationTests {
  @Test func shortRecordingsStayWhole() {
    let segments = SegmentConfiguration().segments(
      sampleCount: 60 * 2_048, samplingRate: 2_048, step: 1_024)
    #expect(segments == [0..<60 * 2_048])
  }

  @Test(arguments: [61.0, 95, 110.3, 600, 3_600])
  func segmentsCoverEverything(_ seconds: Double) {
    let configuration = SegmentConfiguration()
    let count = Int(seconds * 2_048)
    let segments = configuration.segments(sampleCount: count, samplingRate: 2_048, step: 1_024)
    #expect(segments.first?.lowerBound == 0 && segments.last?.upperBound == count)
    for segment in segments {
      #expect(Double(segment.count) / 2_048 <= configuration.length + 1)
      #expect(segment.lowerBound % 1_024 == 0)
    }
    for (first, second) in zip(segments, segments.dropFirst()) {
      let common = Double(first.upperBound - second.lowerBound) / 2_048
      #expect(common >= configuration.overlap - 1)
    }
    // No more than the length asks for.
    let fewest =
      ((seconds - configuration.overlap) / (configuration.length - configuration.overlap))
    #expect(segments.count == Int(fewest.rounded(.up)))
  }

  @Test func senselessValuesAreRefused() {
    var configuration = SegmentConfiguration()
    configuration.length = 4
    #expect(throws: DecompositionError.self) { try configuration.validate() }
    configuration.length = 30
    configuration.overlap = 20
    #expect(throws: DecompositionError.self) { try configuration.validate() }
  }

  @Test func potentialsThatMoveGetShorterSegments() {
    let usual = SegmentConfiguration()
    let surface = usual.followingDrift(duration: 160, electrodes: .surface)
    #expect(surface?.length == 30)
    #expect(surface?.overlap == 10)
    // Ten seconds on the skin hold too little to be cut; in the muscle they can be.
    #expect(usual.followingDrift(duration: 12, electrodes: .surface) == nil)
    #expect(usual.followingDrift(duration: 12, electrodes: .intramuscular)?.length == 6)
    #expect(usual.followingDrift(duration: 12, electrodes: .intramuscular)?.overlap == 2)
    // Once is enough.
    #expect(surface?.followingDrift(duration: 160, electrodes: .surface) == nil)
  }
}
