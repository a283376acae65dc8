import Testing

@testable import UnitNumber

struct CMAPNormsTests {
  @Test("z-scores of the published muscles only, each with source and number")
  func zScores() throws {
    let low = try #require(CMAPNorms.zScore(amplitudeMillivolts: 3, muscle: "apb"))
    #expect(abs(low + 2) < 1e-12)
    #expect(CMAPNorms.zScore(amplitudeMillivolts: 11.6, muscle: "ADM") == 0)
    #expect(CMAPNorms.zScore(amplitudeMillivolts: 5, muscle: "TA") == nil)
    for norm in CMAPNorms.muscles.values {
      #expect(norm.source.contains("n = \(norm.subjects)"))
    }
    // The norms of one quantity are never those of another.
    #expect(CMAPNorms.muscles["APB"]?.source != MUNIXNorms.source)
  }
}
