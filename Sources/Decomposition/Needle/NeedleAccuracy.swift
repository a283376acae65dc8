import Foundation

/// How right a train is expected to be, and why one may not rely on it.
///
/// The rate of agreement of a unit with its true train, TP / (TP + FN + FP) within 0.5 ms, was
/// regressed (logistic, ridge 0.3) on what can be seen without the truth, over 1207 units found in
/// simulated recordings of normal, neuropathic and myopathic muscle, with doubled background, with
/// look-alike small units, with drift and at 2 to 25 kHz. The mean absolute error is 0.055 on recordings that
/// a fifth of the fits left out; docs/needle.md holds that of unseen seeds.
enum NeedleAccuracy {
  /// The expected rate of agreement with the true train.
  static func estimate(_ evidence: TrainEvidence) -> Double {
    var logit = 4.58
    logit += 0.60 * evidence.regularity
    logit += 0.46 * log(max(0.1, evidence.amplitudeOverSignal) / 2.5)
    logit += 0.65 * (max(log(30), evidence.logEnergy) - log(1_000))
    logit += 0.91 * log(min(1, max(0.01, evidence.separation)))
    logit -= 2.23 * min(1, evidence.misfit)
    logit += 0.89 * (min(1, evidence.completeness) - 0.97)
    logit -= 3.54 * (evidence.amplitudeSpread - 0.06)
    logit -= 3.04 * evidence.unexplained
    logit -= 1.68 * log(1 + evidence.spikeRate / 100)
    let accuracy = 1 / (1 + exp(-logit))
    // Discharges known to be missing cannot agree.
    return min(accuracy, evidence.completeness)
  }

  /// Expected agreement below which a train is not returned.
  ///
  /// Of 15 such trains in 200 simulated recordings none agreed with a unit by 0.7.
  static let leastAccuracy = 0.2

  /// Squared distance to the most similar other template over the own energy below which two units
  /// are look-alikes.
  ///
  /// Of four such units that were accepted otherwise in simulated pairs, two were wrong; records of
  /// units drawn independently held none.
  static let leastSeparation = 0.02

  /// Residual energy in the potential's core over its own above which a regular train is not believed:
  /// that of right units stays below a fifth but for single ones.
  static let largestMisfit = 0.3

  /// Robust spread of the discharges' amplitudes above which they are not those of one unit.
  static let largestSpread = 0.2

  /// Why a unit is tentative; empty where nothing speaks against it.
  ///
  /// `unexplained` tells that the recording's spikes are not explained on the whole: the estimate
  /// was calibrated on recordings whose spikes are.
  static func reservations(
    accuracy: Double, evidence: [TrainEvidence], firings: Int, unexplained: Bool
  ) -> [String] {
    var reasons: [String] = []
    func worst(_ values: [Double]) -> Double { values.max() ?? 0 }
    if accuracy < 0.85 { reasons.append(String(format: "estimated accuracy %.2f", accuracy)) }
    let amplitude = evidence.map(\.amplitudeOverSignal).min() ?? 0
    if amplitude < 1.5 {
      // Above 2.5 complete accuracy is possible (McGill, Lateva and Marateb 2005); on simulated
      // recordings trains stay right down to about 1.5.
      reasons.append(
        String(format: "peak-to-peak amplitude only %.1f times the rms of the signal", amplitude))
    }
    let separation = evidence.map(\.separation).min() ?? 1
    if separation < leastSeparation {
      reasons.append(
        String(
          format:
            "potential differs by %.1f %% of its energy from another unit's: discharges may be "
            + "exchanged between them", 100 * separation))
    }
    let misfit = worst(evidence.map(\.misfit))
    if misfit > largestMisfit {
      reasons.append(
        String(format: "%.0f %% of the potential's energy is not explained by it", 100 * misfit))
    }
    let spread = worst(evidence.map(\.amplitudeSpread))
    if spread > largestSpread {
      reasons.append(
        String(format: "amplitudes of its discharges vary by %.0f %%", 100 * spread))
    }
    if firings < 20 { reasons.append("only \(firings) discharges") }
    let variation = worst(evidence.map(\.variation))
    if variation > 0.3 {
      reasons.append(String(format: "intervals vary by %.0f %%", 100 * variation))
    }
    if unexplained { reasons.append("too many spikes of the recording are not explained") }
    return reasons
  }
}
