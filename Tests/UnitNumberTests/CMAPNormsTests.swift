import Testing

@testable import UnitNumber

struct CMAPNormsTests {
  @Test("z-scores of the published muscles only, each with source and number")
  func zScores() throws {
    let low = try #require(CMAPNorms.zScore(amplitudeMillivolts: 3, muscle: "apb"))
    #expect(abs(low + 2) < 1e-12)
    #expect(CMAPNorms.zScore(amplitudeMillivolts: 11.6, muscle: "ADM") == 0)
    #expect(CMAPNorms.zScore(amplitudeMillivolts: 5, muscle: "TA") == nil)
    for norm in CMAPNorms.muscles.values.joined() {
      #expect(norm.source.contains("n = \(norm.subjects)"))
    }
    // The norms of one quantity are never those of another.
    #expect(CMAPNorms.muscles.values.joined().allSatisfy { $0.source != MUNIXNorms.source })
  }

  @Test("norms by age: the group of the age, none without an age and none for children")
  func ages() throws {
    // Buschbacher 1999: 6.8 (2.5) mV under 40 years, 5.1 (2.5) mV above.
    let young = try #require(
      CMAPNorms.zScore(amplitudeMillivolts: 4.3, muscle: "edb", ageYears: 39.9))
    #expect(abs(young + 1) < 1e-12)
    let old = try #require(CMAPNorms.zScore(amplitudeMillivolts: 2.6, muscle: "EDB", ageYears: 40))
    #expect(abs(old + 1) < 1e-12)
    #expect(CMAPNorms.norm(muscle: "PQ", ageYears: 59)?.meanMillivolts == 4.4)
    #expect(CMAPNorms.norm(muscle: "PQ", ageYears: 75)?.meanMillivolts == 3.7)
    #expect(CMAPNorms.zScore(amplitudeMillivolts: 5, muscle: "EDB") == nil)
    #expect(CMAPNorms.zScore(amplitudeMillivolts: 5, muscle: "EDB", ageYears: 9) == nil)
    #expect(CMAPNorms.zScore(amplitudeMillivolts: 5, muscle: "APB", ageYears: 9) == nil)
    // A norm of all ages serves any adult.
    #expect(CMAPNorms.zScore(amplitudeMillivolts: 11.6, muscle: "ADM", ageYears: 70) == 0)
    for (muscle, norms) in CMAPNorms.muscles where norms.count > 1 {
      #expect(norms.allSatisfy { $0.ages != nil }, "\(muscle)")
      #expect(norms[0].ages?.upperBound == norms[1].ages?.lowerBound, "\(muscle)")
    }
  }
}
