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

  @Test func aPartOfATrainIsTold() {
    var random = SeededGenerator(seed: 6)
    let long = (0..<400).map { Double($0) * 97.3 + 20 * random.normal() }
    let part = Array(long[120..<220]).map { $0 + 7.2 }
    func isPart(_ train: [Double], _ share: Double) -> Bool {
      TrainAgreement.isPart(share, train, of: long, tolerance: 1, longestLag: 40)
    }
    #expect(TrainAgreement(long, part, tolerance: 1, longestLag: 40).rate < 0.3)
    #expect(isPart(part, 0.99))
    // A potential that moves on takes the lag with it.
    let moving = part.enumerated().map { $1 + Double($0 / 32) * 9 }
    #expect(TrainAgreement(long, moving, tolerance: 1, longestLag: 40).matched < 50)
    #expect(isPart(moving, 0.99))
    let half = part.enumerated().map { $0.isMultiple(of: 2) ? $1 : $1 + 30 * random.normal() }
    #expect(isPart(half.sorted(), 0.4))
    #expect(!isPart(half.sorted(), 0.8))
    let foreign = (0..<100).map { Double($0) * 91 + 12_000 + 20 * random.normal() }
    #expect(!isPart(foreign, 0.4))
    #expect(!isPart([], 0.1))
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
