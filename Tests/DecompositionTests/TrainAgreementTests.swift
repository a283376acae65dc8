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

  @Test func eachDischargeIsMatchedOnce() {
    let agreement = TrainAgreement([100, 101], [100.5], tolerance: 1, longestLag: 0)
    #expect(agreement.matched == 1 && agreement.onlyInFirst == 1)
  }

  @Test func emptyTrains() {
    #expect(TrainAgreement([], [], tolerance: 1, longestLag: 5).rate == 0)
    #expect(TrainAgreement(regular, [], tolerance: 1, longestLag: 5).matched == 0)
  }
}
