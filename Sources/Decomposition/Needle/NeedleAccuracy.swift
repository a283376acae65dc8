import Foundation

/// How right a train is expected to be, and why one may not rely on it.
enum NeedleAccuracy {
  /// The expected rate of agreement with the true train.
  static func estimate(_ evidence: TrainEvidence) -> Double {
    max(0, min(1, evidence.completeness))
  }

  /// Why a unit is tentative.
  static func reservations(
    accuracy: Double, completeness: Double, firings: Int, variation: Double
  ) -> [String] {
    var reasons: [String] = []
    if accuracy < 0.8 {
      reasons.append(String(format: "estimated accuracy %.2f", accuracy))
    }
    if completeness < 0.75 {
      reasons.append(String(format: "only %.0f %% of the discharges found", 100 * completeness))
    }
    if firings < 20 { reasons.append("only \(firings) discharges") }
    if variation > 0.3 {
      reasons.append(String(format: "intervals vary by %.0f %%", 100 * variation))
    }
    return reasons
  }
}
