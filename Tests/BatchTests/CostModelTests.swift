import Recordings
import Signal
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

  /// Eight channels with a source that they share and noise of their own.
  private func recording(noise: Float, seed: UInt64) -> Recording {
    var generator = SeededGenerator(seed: seed)
    var channels = [[Float]](repeating: [], count: 8)
    for sample in 0..<8_000 {
      let spike: Float = sample % 97 < 4 ? 200 : 0
      for channel in channels.indices {
        channels[channel].append(
          spike * Float(channel + 1) / 8 + noise * Float(generator.normal()))
      }
    }
    return Recording(signals: channels, samplingRate: 2_000)
  }

  @Test func signalsThatStandOutAreSeen() throws {
    let clear = try #require(SignalProbe(recording(noise: 5, seed: 1)))
    let noisy = try #require(SignalProbe(recording(noise: 100, seed: 1)))
    #expect(clear.features.count == SignalProbe.names.count)
    #expect(clear.features[0] > noisy.features[0] + 2)
    #expect(clear.features[2] > noisy.features[2])
    #expect(clear.features[3] > noisy.features[3])
    // Nothing but zeros is no trap.
    let flat = try #require(SignalProbe(recording(noise: 0, seed: 1)))
    #expect(flat.features.allSatisfy { $0.isFinite })
    let seconds = CostModel().cost(
      channels: 8, samplingRate: 2_000, seconds: 4, isNeedle: false, probe: clear
    ).seconds
    #expect(seconds > 0 && seconds < 60)
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
