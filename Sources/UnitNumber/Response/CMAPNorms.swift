/// Published CMAP amplitudes of healthy muscles, baseline to negative peak: for the CMAP only.
///
/// Buschbacher 1999 (Am. J. Phys. Med. Rehabil. 78(6 Suppl):S1 and S9): mean and standard deviation
/// over all ages. The source finds the APB's amplitude to fall with age, that of the ADM not to; its
/// subgroups are not held here, so that a z-score of the APB is coarse in the young and the old.
public enum CMAPNorms {
  /// Mean, spread and source of one muscle.
  public struct Norm: Sendable, Equatable {
    /// Mean amplitude, mV.
    public var meanMillivolts: Double
    /// Standard deviation between healthy subjects, mV.
    public var deviationMillivolts: Double
    /// Number of healthy subjects.
    public var subjects: Int
    /// Whether the source finds the amplitude to depend on age.
    public var dependsOnAge: Bool
    /// Where the values come from.
    public var source: String
  }

  /// The muscles with published values, by abbreviation.
  public static let muscles: [String: Norm] = [
    "APB": Norm(
      meanMillivolts: 10.2, deviationMillivolts: 3.6, subjects: 249, dependsOnAge: true,
      source: "Buschbacher 1999, n = 249 healthy subjects of all ages"),
    "ADM": Norm(
      meanMillivolts: 11.6, deviationMillivolts: 2.1, subjects: 248, dependsOnAge: false,
      source: "Buschbacher 1999, n = 248 healthy subjects of all ages"),
  ]

  /// Standard deviations from the healthy mean; nil where no norm of the muscle is known.
  public static func zScore(amplitudeMillivolts: Double, muscle: String) -> Double? {
    muscles[muscle.uppercased()].map {
      (amplitudeMillivolts - $0.meanMillivolts) / $0.deviationMillivolts
    }
  }
}
