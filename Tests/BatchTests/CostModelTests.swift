import Foundation
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

  /// Five recordings that took twice as long as was predicted double all predictions; fewer, or those of
  /// another list, say nothing.
  @Test func predictionsFollowWhatWasMeasured() throws {
    let folder = NSTemporaryDirectory() + "cost-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var listing = BatchListing(
      items: (0..<7).map { index in
        var item = BatchItem(index: index, path: "\(index).edf", name: "\(index)")
        item.predictedSeconds = 10 * Double(index + 1)
        return item
      })
    let before = listing.items.map(\.predictedSeconds)
    func done(_ index: Int, _ ratio: Double, path: String? = nil) throws {
      try RecordingStatus(
        index: index, path: path ?? "\(index).edf", key: "k", state: .done, exitCode: 0, reason: "",
        processorSeconds: ratio * before[index]
      ).write(to: folder)
    }
    #expect(listing.followMeasured(in: folder) == nil)
    for (index, ratio) in [1.5, 2.5, 2, 1.9].enumerated() { try done(index, ratio) }
    try done(4, 9, path: "other.edf")
    #expect(listing.followMeasured(in: folder) == nil)
    #expect(listing.items.map(\.predictedSeconds) == before)
    try done(5, 30)
    #expect(listing.followMeasured(in: folder) == 2)
    #expect(listing.items.map(\.predictedSeconds) == before.map { 2 * $0 })
  }
}
