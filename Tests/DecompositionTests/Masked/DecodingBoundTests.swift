import Simulation
import Testing

@testable import Decomposition

@Suite struct DecodingBoundTests {
  @Test func whatStandsOutIsKeptAndWhatIsHiddenIsNot() throws {
    let truth = try ModelTestSignals.recording(seed: 12, duration: 8)
    let trains = truth.units.filter { $0.spikeTimes.count >= 10 }.map(\.spikeTimes)
    // One train that nothing in the recording belongs to.
    let absent: [Double] = (0..<70).map { (index: Int) -> Double in
      let sample: Int = 137 + 103 * index + index * 29 % 17
      return Double(sample)
    }
    let found = try DecodingBound(parallelism: .single).trains(
      like: trains + [absent], in: truth.signals, samplingRate: truth.samplingRate)
    #expect(found.count == trains.count + 1)
    func agreement(_ index: Int, _ train: [Double]) -> Double {
      TrainAgreement(train, found[index], tolerance: 1, longestLag: 60).rate
    }
    let rates = trains.indices.map { agreement($0, trains[$0]) }
    #expect(rates.count { $0 >= 0.9 } >= 4)
    #expect(agreement(trains.count, absent) < 0.9)
  }

  @Test func whatCannotBeDecomposedIsRefused() {
    #expect(throws: DecompositionError.self) {
      try DecodingBound().trains(like: [], in: [[0, 1]], samplingRate: 1_000)
    }
  }
}
