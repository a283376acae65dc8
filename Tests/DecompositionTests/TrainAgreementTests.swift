import Signal
import Testing

@testable import Decomposition

@Suite struct TrainAgreementTests {
  private let regular = (0..<100).map { Double($0) * 97.3 + 50 }

  @Test func identicalTrainsAgree() {
    let agreement = TrainAgreement(regular, regular, tolerance: 1, longestLag: 40)
    #expect(agreement.rate == 1 && agreement.lag == 0)
  }

  @Test func aConstantLagIsTakenOut() {
    let shifted = regular.map { $0 + 13.25 }
    let agreement = TrainAgreement(regular, shifted, tolerance: 1, longestLag: 40)
    #expect(agreement.rate == 1)
    #expect(abs(agreement.lag - 13.25) < 1e-9)
    #expect(TrainAgreement(regular, shifted, tolerance: 1, longestLag: 5).rate < 0.2)
  }

  @Test func missedAndExtraDischargesCount() {
    // Ten of a hundred missed, five extra ones between the others.
    var found = regular.enumerated().filter { $0.offset % 10 != 0 }.map(\.element)
    found += (0..<5).map { Double($0) * 970 + 90 }
    let agreement = TrainAgreement(regular, found.sorted(), tolerance: 1, longestLag: 10)
    #expect(agreement.matched == 90 && agreement.onlyInFirst == 10 && agreement.onlyInSecond == 5)
    #expect(abs(agreement.rate - 90.0 / 105) < 1e-12)
  }

  @Test func theBoundNeverContradictsTheRate() {
    var random = SeededGenerator(seed: 5)
    for trial in 0..<200 {
      let jitter = Double(trial) * 0.02
      let kept = regular.filter { _ in random.uniform() > Double(trial % 10) / 10 }
      let other = kept.map { $0 + 7 + jitter * random.normal() }.sorted()
      let rate = TrainAgreement(regular, other, tolerance: 1, longestLag: 40).rate
      for limit in [0.1, 0.3, 0.5, 0.9] {
        let answer = TrainAgreement.isAtLeast(
          limit, regular, other, tolerance: 1, longestLag: 40)
        #expect(answer == (rate >= limit))
      }
    }
    #expect(!TrainAgreement.isAtLeast(0.1, [], regular, tolerance: 1, longestLag: 40))
  }

  @Test func eachDischargeIsMatchedOnce() {
    let agreement = TrainAgreement([100, 101], [100.5], tolerance: 1, longestLag: 0)
    #expect(agreement.matched == 1 && agreement.onlyInFirst == 1)
  }

  @Test func emptyTrains() {
    #expect(TrainAgreement([], [], tolerance: 1, longestLag: 5).rate == 0)
    #expect(TrainAgreement(regular, [], tolerance: 1, longestLag: 5).matched == 0)
  }
}
