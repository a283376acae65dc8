import Testing

@testable import UnitNumber

struct RetestVariationTests {
  @Test("the larger of the two errors counts, by each method's own source")
  func larger() {
    #expect(RetestVariation.munix.logError(0.05) == 0.14)
    #expect(RetestVariation.munix.logError(0.3) == 0.3)
    #expect(RetestVariation.munix.source != RetestVariation.scanUnitCount.source)
  }
}
