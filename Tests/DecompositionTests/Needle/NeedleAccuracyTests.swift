import Testing

@testable import Decomposition

@Suite struct NeedleAccuracyTests {
  private var clear: TrainEvidence {
    TrainEvidence(
      logEnergy: 8, variation: 0.12, completeness: 0.99, regularity: 1.5, misfit: 0.005,
      amplitudeSpread: 0.04, separation: 0.6, amplitudeOverSignal: 5)
  }

  @Test func worseEvidenceGivesLowerEstimates() {
    let best = NeedleAccuracy.estimate(clear)
    #expect(best > 0.95 && best <= 0.99)
    var evidence = clear
    evidence.regularity = 0.4
    #expect(NeedleAccuracy.estimate(evidence) < best - 0.1)
    evidence = clear
    evidence.amplitudeOverSignal = 0.8
    #expect(NeedleAccuracy.estimate(evidence) < best - 0.02)
    evidence = clear
    evidence.variation = 0.34
    #expect(NeedleAccuracy.estimate(evidence) < best)
    evidence = clear
    evidence.amplitudeSpread = 0.3
    #expect(NeedleAccuracy.estimate(evidence) < best)
    evidence = clear
    evidence.completeness = 0.6
    #expect(NeedleAccuracy.estimate(evidence) <= 0.6)
  }

  @Test func reservationsNameTheReason() {
    func reasons(_ evidence: TrainEvidence, firings: Int = 80, unexplained: Bool = false)
      -> [String]
    {
      NeedleAccuracy.reservations(
        accuracy: NeedleAccuracy.estimate(evidence), evidence: [evidence], firings: firings,
        unexplained: unexplained)
    }
    #expect(reasons(clear).isEmpty)
    var small = clear
    small.amplitudeOverSignal = 0.8
    #expect(reasons(small).contains { $0.contains("rms") })
    var twin = clear
    twin.separation = 0.006
    #expect(reasons(twin).count == 1 && reasons(twin)[0].contains("0.6 %"))
    var unlike = clear
    unlike.misfit = 0.45
    #expect(reasons(unlike).count == 1 && reasons(unlike)[0].contains("45 %"))
    var mixed = clear
    mixed.amplitudeSpread = 0.26
    #expect(reasons(mixed).contains { $0.contains("26 %") })
    #expect(reasons(clear, firings: 12).contains { $0.contains("12") })
    #expect(reasons(clear, unexplained: true).count == 1)
  }
}
