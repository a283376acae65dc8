import Foundation

/// How right a train is expected to be, and why one may not rely on it.
///
/// The rate of agreement of a unit with its true train, TP / (TP + FN + FP) within 0.5 ms, was
/// regressed (logistic, ridge 0.3) on what can be seen without the truth, over 1207 units found in
/// simulated recordings of normal, neuropathic and myopathic muscle, with doubled background, with
/// look-alike small units, with drift and at 2 to 25 kHz. The mean absolute error is 0.055 on recordings that
/// a fifth of the fits left out; docs/needle.md holds that of unseen seeds.
struct NeedleAccuracy {
  /// Weights of the estimate.
  var prediction = NeedleConfiguration.Prediction()
  /// Limits of what is returned and trusted.
  var acceptance = NeedleConfiguration.Acceptance()

  /// The expected rate of agreement with the true train.
  func estimate(_ evidence: TrainEvidence) -> Double {
    var logit = prediction.intercept
    logit += prediction.regularity * evidence.regularity
    logit += prediction.amplitude * log(max(0.1, evidence.amplitudeOverSignal) / 2.5)
    logit += prediction.energy * (max(log(30), evidence.logEnergy) - log(1_000))
    logit += prediction.separation * log(min(1, max(0.01, evidence.separation)))
    logit += prediction.misfit * min(1, evidence.misfit)
    logit += prediction.completeness * (min(1, evidence.completeness) - 0.97)
    logit += prediction.amplitudeSpread * (evidence.amplitudeSpread - 0.06)
    logit += prediction.unexplained * evidence.unexplained
    logit += prediction.spikeRate * log(1 + evidence.spikeRate / 100)
    let accuracy = 1 / (1 + exp(-logit))
    // Discharges known to be missing cannot agree.
    return min(accuracy, evidence.completeness)
  }

  /// Why a unit is tentative; empty where nothing speaks against it.
  ///
  /// `unexplained` tells that the recording's spikes are not explained on the whole: the estimate
  /// was calibrated on recordings whose spikes are.
  func reservations(
    accuracy: Double, evidence: [TrainEvidence], firings: Int, unexplained: Bool
  ) -> [String] {
    var reasons: [String] = []
    func worst(_ values: [Double]) -> Double { values.max() ?? 0 }
    if accuracy < acceptance.certainAgreement {
      reasons.append(String(format: "predicted agreement %.2f", accuracy))
    }
    let amplitude = evidence.map(\.amplitudeOverSignal).min() ?? 0
    if amplitude < acceptance.leastAmplitude {
      // Above 2.5 complete accuracy is possible (McGill, Lateva and Marateb 2005); on simulated
      // recordings trains stay right down to about 1.5.
      reasons.append(
        String(format: "peak-to-peak amplitude only %.1f times the rms of the signal", amplitude))
    }
    let separation = evidence.map(\.separation).min() ?? 1
    if separation < acceptance.leastSeparation {
      reasons.append(
        String(
          format:
            "potential differs by %.1f %% of its energy from another unit's: discharges may be "
            + "exchanged between them", 100 * separation))
    }
    let misfit = worst(evidence.map(\.misfit))
    if misfit > acceptance.largestMisfit {
      reasons.append(
        String(format: "%.0f %% of the potential's energy is not explained by it", 100 * misfit))
    }
    let spread = worst(evidence.map(\.amplitudeSpread))
    if spread > acceptance.largestSpread {
      reasons.append(
        String(format: "amplitudes of its discharges vary by %.0f %%", 100 * spread))
    }
    if firings < acceptance.fewestFirings { reasons.append("only \(firings) discharges") }
    let variation = worst(evidence.map(\.variation))
    if variation > acceptance.largestVariation {
      reasons.append(String(format: "intervals vary by %.0f %%", 100 * variation))
    }
    if unexplained { reasons.append("too many spikes of the recording are not explained") }
    return reasons
  }
}
