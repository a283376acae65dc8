import Testing

@testable import Decomposition

@Suite struct NeedleAccuracyTests {
  private var clear: TrainEvidence {
    TrainEvidence(
      logEnergy: 8, variation: 0.12, completeness: 0.99, regularity: 1.5, misfit: 0.005,
      amplitudeSpread: 0.04, separation: 0.6, amplitudeOverSignal: 5,
      unexplained: 0.02, spikeRate: 120)
  }

  /// One that is neither certain nor hopeless, so that each piece of evidence shows.
  private var middling: TrainEvidence {
    TrainEvidence(
      logEnergy: 6.2, variation: 0.15, completeness: 0.98, regularity: 1.2, misfit: 0.04,
      amplitudeSpread: 0.06, separation: 0.3, amplitudeOverSignal: 2, unexplained: 0.03,
      spikeRate: 200)
  }

  @Test(
    arguments: [
      (\TrainEvidence.regularity, 0.4), (\.amplitudeOverSignal, 0.8), (\.logEnergy, 5),
      (\.separation, 0.03), (\.misfit, 0.4), (\.amplitudeSpread, 0.3), (\.unexplained, 0.25),
      (\.spikeRate, 350),
    ] as [(WritableKeyPath<TrainEvidence, Double> & Sendable, Double)])
  func worseEvidenceGivesLowerEstimates(
    _ path: WritableKeyPath<TrainEvidence, Double> & Sendable, worse: Double
  ) {
    let before = NeedleAccuracy().estimate(middling)
    #expect(before > 0.8 && before < 0.95)
    var evidence = middling
    evidence[keyPath: path] = worse
    #expect(NeedleAccuracy().estimate(evidence) < before - 0.02)
  }

  @Test func aClearUnitIsTrustedButNotBeyondItsCompleteness() {
    #expect(NeedleAccuracy().estimate(clear) > 0.95)
    var evidence = clear
    evidence.completeness = 0.6
    #expect(NeedleAccuracy().estimate(evidence) <= 0.6)
  }

  @Test func reservationsNameTheReason() {
    func reasons(_ evidence: TrainEvidence, firings: Int = 80, unexplained: Bool = false)
      -> [String]
    {
      NeedleAccuracy().reservations(
        accuracy: NeedleAccuracy().estimate(evidence), evidence: [evidence], firings: firings,
        unexplained: unexplained)
    }
    #expect(reasons(clear).isEmpty)
    var small = clear
    small.amplitudeOverSignal = 0.8
    #expect(reasons(small).contains { $0.contains("rms") })
    var twin = clear
    twin.separation = 0.006
    #expect(reasons(twin).contains { $0.contains("0.6 %") })
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
