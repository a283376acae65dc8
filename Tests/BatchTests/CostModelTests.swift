import Testing

@testable import Batch

@Suite("Predicted cost")
struct CostModelTests {
  private func cost(
    _ channels: Int, _ rate: Double, _ seconds: Double, isNeedle: Bool = false
  ) -> (seconds: Double, megabytes: Double) {
    CostModel().cost(
      channels: channels, samplingRate: rate, seconds: seconds, isNeedle: isNeedle)
  }

  @Test(arguments: [false, true])
  func moreSignalCostsMore(isNeedle: Bool) {
    for (small, large) in [
      (cost(4, 2_000, 20, isNeedle: isNeedle), cost(16, 2_000, 20, isNeedle: isNeedle)),
      (cost(4, 2_000, 20, isNeedle: isNeedle), cost(4, 2_000, 80, isNeedle: isNeedle)),
      (cost(4, 2_000, 80, isNeedle: isNeedle), cost(4, 2_000, 800, isNeedle: isNeedle)),
    ] {
      #expect(small.seconds < large.seconds)
      #expect(small.megabytes <= large.megabytes)
    }
  }

  @Test func longRecordingsGoThroughSegmentsInBoundedMemory() {
    #expect(cost(64, 2_048, 600).megabytes == cost(64, 2_048, 3_600).megabytes)
    // Segments cost the same each.
    let ratio = cost(64, 2_048, 7_200).seconds / cost(64, 2_048, 3_600).seconds
    #expect((1.6...2.4).contains(ratio))
  }

  @Test func effortMultipliesTheTimeOfArrays() {
    let plain = cost(64, 2_048, 40)
    let thorough = CostModel().cost(
      channels: 64, samplingRate: 2_048, seconds: 40, isNeedle: false, effort: 3)
    #expect(abs(thorough.seconds - 3 * plain.seconds) < 1e-9)
    #expect(thorough.megabytes == plain.megabytes)
    // Measured: 10.8 CPU-s and 213 MB for a recording of this size.
    #expect((5...20).contains(plain.seconds) && (120...260).contains(plain.megabytes))
  }

  @Test func headersThatCannotBeReadOrLieAreNoTrap() {
    #expect(cost(0, 2_048, 60) == (0, 0))
    #expect(cost(64, 0, 60) == (0, 0))
    #expect(cost(.max, .greatestFiniteMagnitude, .greatestFiniteMagnitude).seconds.isFinite)
    #expect(cost(.max, .greatestFiniteMagnitude, .greatestFiniteMagnitude).megabytes.isFinite)
    var item = BatchItem(index: 0, path: "a", name: "a")
    item.predictedSeconds = cost(.max, 1e300, 1e300).seconds
    #expect(Shards.count([item]) == 1)
  }
}
