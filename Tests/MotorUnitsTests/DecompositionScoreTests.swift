import Testing

@testable import MotorUnits

@Suite struct DecompositionScoreTests {
  private let a = (0..<200).map { Double($0) * 101 + 30 }
  private let b = (0..<150).map { Double($0) * 133.7 + 55 }

  @Test func pairsDuplicatesFalseAndMissed() {
    let score = DecompositionScore(
      found: [
        ("x", a.map { $0 + 12 }), ("y", Array(a.dropFirst(80)).map { $0 + 3 }),
        ("z", (0..<100).map { Double($0) * 77.7 + 5 }),
      ],
      truth: [("A", a), ("B", b)], samplingRate: 2_000)
    #expect(score.pairs.count == 1 && score.pairs[0].found == "x" && score.pairs[0].truth == "A")
    #expect(score.pairs[0].agreement == 1 && abs(score.pairs[0].lagMilliseconds - 6) < 1e-6)
    #expect(score.duplicates == ["y"] && score.falseUnits == ["z"] && score.missed == ["B"])
    #expect(score.pooledPrecision == 1 && score.pooledRecall == 1)
    #expect(score.count(agreementAtLeast: 0.9) == 1)
  }

  @Test func toleranceIsNeverBelowASample() {
    let shifted = a.enumerated().map { $0.element + ($0.offset % 2 == 0 ? 0.9 : -0.9) }
    let score = DecompositionScore(
      found: [("x", shifted)], truth: [("A", a)], samplingRate: 100,
      configuration: .init(toleranceMilliseconds: 0.5))
    #expect(score.pairs.first?.agreement == 1)
  }

  @Test func wholeSamplesAtALowRateAgree() {
    // At 1 kHz half a millisecond is half a sample, which rounding alone uses up.
    let exact = a.enumerated().map { $0.element + [0, 0.3, 0.49, -0.3, -0.49][$0.offset % 5] }
    let rounded = exact.enumerated().map { ($0.element + ($0.offset % 3 == 0 ? 0.4 : 0)).rounded() }
    let score = DecompositionScore(
      found: [("x", rounded)], truth: [("A", exact)], samplingRate: 1_000)
    #expect(score.pairs.first?.agreement == 1)
  }

  @Test func nothingFound() {
    let score = DecompositionScore(found: [], truth: [("A", a)], samplingRate: 1_000)
    #expect(score.pairs.isEmpty && score.missed == ["A"] && score.pooledPrecision == nil)
  }
}
