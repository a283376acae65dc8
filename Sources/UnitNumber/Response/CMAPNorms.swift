/// Published CMAP amplitudes of healthy muscles, baseline to negative peak: for the CMAP only.
///
/// Mean and standard deviation, for all ages or for a range of ages where the source gives them. The
/// source of the APB finds its amplitude to fall with age and that of the ADM not to; its subgroups
/// are not held here, so that a z-score of the APB is coarse in the young and the old.
public enum CMAPNorms {
  /// Mean, spread and source of one muscle, perhaps of an age group.
  public struct Norm: Sendable, Equatable {
    /// Mean amplitude, mV.
    public var meanMillivolts: Double
    /// Standard deviation between healthy subjects, mV.
    public var deviationMillivolts: Double
    /// Number of healthy subjects of the source, all ages together.
    public var subjects: Int
    /// Ages of the group in years; nil for all ages.
    public var ages: Range<Double>?
    /// Whether the source finds the amplitude to fall with age, which this norm does not resolve.
    public var dependsOnAge: Bool
    /// Where the values come from.
    public var source: String
  }

  /// The published norms of each muscle, by abbreviation.
  ///
  /// Buschbacher 1999 (Am. J. Phys. Med. Rehabil. 78(6 Suppl): APB, ADM, EDB); "Reference values for
  /// median nerve conduction to the pronator quadratus" (Arch. Phys. Med. Rehabil. 2006: PQ).
  public static let muscles: [String: [Norm]] = [
    "APB": [
      Norm(
        meanMillivolts: 10.2, deviationMillivolts: 3.6, subjects: 249, ages: nil,
        dependsOnAge: true, source: "Buschbacher 1999, n = 249 healthy subjects of all ages")
    ],
    "ADM": [
      Norm(
        meanMillivolts: 11.6, deviationMillivolts: 2.1, subjects: 248, ages: nil,
        dependsOnAge: false, source: "Buschbacher 1999, n = 248 healthy subjects of all ages")
    ],
    "EDB": byAge(
      boundary: 40, younger: (6.8, 2.5), older: (5.1, 2.5), subjects: 242,
      source: "Buschbacher 1999"),
    "PQ": byAge(
      boundary: 60, younger: (4.4, 1.8), older: (3.7, 1.7), subjects: 207,
      source: "doi:10.1016/j.apmr.2005.08.124 (2006)"),
  ]

  /// The norm of a muscle at an age in years.
  ///
  /// Nil where no norm of the muscle is known, or none without an age, or none for a child.
  public static func norm(muscle: String, ageYears: Double?) -> Norm? {
    let norms = muscles[muscle.uppercased()] ?? []
    if let ageYears {
      guard ageYears >= youngest else { return nil }
      return norms.first { $0.ages?.contains(ageYears) ?? true }
    }
    return norms.first { $0.ages == nil }
  }

  /// Standard deviations from the healthy mean; nil where there is no norm.
  public static func zScore(
    amplitudeMillivolts: Double, muscle: String, ageYears: Double? = nil
  ) -> Double? {
    norm(muscle: muscle, ageYears: ageYears).map {
      (amplitudeMillivolts - $0.meanMillivolts) / $0.deviationMillivolts
    }
  }

  /// The sources measured adults.
  private static let youngest = 18.0

  private static func byAge(
    boundary: Double, younger: (mean: Double, deviation: Double),
    older: (mean: Double, deviation: Double), subjects: Int, source: String
  ) -> [Norm] {
    func norm(_ values: (mean: Double, deviation: Double), _ ages: Range<Double>, _ name: String)
      -> Norm
    {
      Norm(
        meanMillivolts: values.mean, deviationMillivolts: values.deviation, subjects: subjects,
        ages: ages, dependsOnAge: false,
        source: "\(source), \(name), n = \(subjects) healthy subjects of all ages")
    }
    return [
      norm(younger, youngest..<boundary, "under \(Int(boundary)) years"),
      norm(older, boundary..<150, "from \(Int(boundary)) years"),
    ]
  }
}
