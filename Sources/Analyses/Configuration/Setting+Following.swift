extension Setting {
  /// How units are followed over several recordings (`UnitIdentities.Configuration`).
  static let following: [Setting] =
    [
      Setting(
        "following", "acceptedFrom", "", 0...1, "Lowest probability at which units are joined.",
        source: "docs/unit-tracking.md"),
      Setting(
        "following", "leastLogOdds", "", -8...8,
        "Largest log odds of a pair below which two groups are not considered."),
    ] + shared("following") + [
      Setting(
        "following", "pairLaw.intercept", "", nil, "Constant term of the law of pairs.",
        source: "docs/unit-tracking.md"),
      Setting(
        "following", "pairLaw.weights", "", nil,
        "Weights of that law: similarity, the same after referencing, lower and higher lead, gain, noise, "
          + "electrodes, shared units, number of units.", source: "docs/unit-tracking.md"),
      Setting(
        "following", "joiningLaw.intercept", "", nil, "Constant term of the law of joining.",
        source: "docs/unit-tracking.md"),
      Setting(
        "following", "joiningLaw.weights", "", nil,
        "Weights of that law: mean, largest and smallest log odds, margin, number of pairs, shared units.",
        source: "docs/unit-tracking.md"),
    ]

  /// The law of shared units (`SharedUnitsLaw`), which two recordings and many are judged by.
  static func shared(_ group: String) -> [Setting] {
    [
      Setting(
        group, "shared.law.intercept", "", nil, "Constant term of the law of shares.",
        source: "docs/unit-tracking.md"),
      Setting(
        group, "shared.law.weights", "", nil,
        "Weights of that law: mutual best pairs, their leads and gains, number of units.",
        source: "docs/unit-tracking.md"),
      Setting(
        group, "shared.limit", "", 0...8,
        "Largest log odds, either way, that a pair of two recordings is true."),
    ]
  }
}
