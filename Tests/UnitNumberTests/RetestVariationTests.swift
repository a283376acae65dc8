import Testing

@testable import UnitNumber

struct RetestVariationTests {
  @Test("the larger of the two errors counts, by each method's own source")
  func larger() {
    #expect(RetestVariation.munix.logError(0.05) == 0.14)
    #expect(RetestVariation.munix.logError(0.3) == 0.3)
    #expect(RetestVariation.munix.source != RetestVariation.scanUnitCount.source)
  }

  @Test("values measured on few people carry their number; muscles never fall below the pooled one")
  func subjects() {
    #expect(RetestVariation.scanUnitCount.degreesOfFreedom == 5)
    #expect(RetestVariation.munix.degreesOfFreedom == nil)
    for muscle in ["APB", "adm", "TA", "EDB", nil] {
      let found = RetestVariation.scanUnitCount(muscle: muscle)
      #expect(found.logStandardDeviation >= RetestVariation.scanUnitCount.logStandardDeviation)
    }
    #expect(RetestVariation.scanUnitCount(muscle: "EDB").source.contains("EDB"))
  }
}
