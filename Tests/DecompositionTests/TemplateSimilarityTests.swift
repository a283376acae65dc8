import Testing

@testable import Decomposition

@Suite struct TemplateSimilarityTests {
  private func template(shift: Int = 0, gain: Float = 1, empty: Int? = nil) -> MUAPTemplate {
    MUAPTemplate(
      channels: (0..<4).map { channel in
        channel == empty
          ? []
          : (0..<40).map { sample in
            let x = Float(sample - 20 - shift - channel) / 3
            return gain * x / (1 + x * x * x * x) * Float(channel + 1)
          }
      }, samplingRate: 2_000, origin: 20)
  }

  @Test func sizeAndShiftDoNotMatter() {
    let similarity = TemplateSimilarity(
      template(), template(shift: 2, gain: 0.5), longestShift: 4)
    #expect(similarity.cosine > 0.99)
    #expect(similarity.shift == 2)
    #expect(abs(similarity.amplitudeRatio - 0.5) < 0.02)
  }

  @Test func leftOutElectrodesAreNotCompared() {
    #expect(TemplateSimilarity(template(), template(empty: 3), longestShift: 0).cosine > 0.999)
    let none = MUAPTemplate(channels: [[], [], [], []], samplingRate: 2_000, origin: 20)
    #expect(TemplateSimilarity(template(), none, longestShift: 2).cosine == 0)
  }

  @Test func shapesDiffer() {
    var other = template()
    other.channels.reverse()
    #expect(TemplateSimilarity(template(), other, longestShift: 2).cosine < 0.9)
  }
}
