import TestSupport
import Testing

@testable import Decomposition

@Suite struct SubsetValidationTests {
  @Test func oddAndEvenShareNothing() {
    let subsets = SubsetValidation.oddEven(channelCount: 7)
    #expect(subsets == [[0, 2, 4, 6], [1, 3, 5]])
  }

  @Test(.enabled(if: TestTier.isLong)) func trueUnitsAreConfirmed() throws {
    let truth = try ModelTestSignals.recording(seed: 3)
    let validation = try SubsetValidation(
      truth.signals, samplingRate: truth.samplingRate,
      subsets: SubsetValidation.oddEven(channelCount: 16),
      decomposer: ArrayDecomposer(configuration: ModelTestSignals.quick))
    #expect(validation.confirmedCount >= 2)
    #expect(validation.parts.count == 2)
    for row in validation.rows {
      guard let unit = row.unit, let mutual = row.mutualAgreement, mutual >= 0.9 else { continue }
      let train = validation.whole.units[unit].train.times
      #expect(ModelTestSignals.agreement(train, truth) >= 0.9)
      #expect(row.agreements.allSatisfy { ($0 ?? 0) >= validation.configuration.matchedFrom })
    }
    for subset in 0..<2 {
      // A train of a subset speaks for one unit only.
      let used = validation.rows.compactMap { $0.subsetUnits[subset] }
      #expect(Set(used).count == used.count)
    }
    let mutual = validation.rows.map { $0.mutualAgreement ?? -1 }
    #expect(zip(mutual, mutual.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(validation.rows.filter { $0.unit != nil }.count == validation.whole.units.count)
  }

  @Test func sharedChannelsAreRefused() {
    #expect(throws: DecompositionError.self) {
      _ = try SubsetValidation(
        [[Float]](repeating: [], count: 8), samplingRate: 1_000,
        subsets: [[0, 1, 2, 3], [3, 4, 5, 6]], decomposer: ArrayDecomposer())
    }
  }
}
