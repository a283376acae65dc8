extension Setting {
  /// How units are followed over several recordings (`UnitIdentities.Configuration`).
  static let following: [Setting] = [
    Setting(
      "following", "acceptedFrom", "", 0...1, "Lowest probability at which units are joined.",
      source: "docs/unit-tracking.md"),
    Setting(
      "following", "leastLogOdds", "", -8...8,
      "Largest log odds of a pair below which two groups are not considered."),
    Setting(
      "following", "baseShare", "", 0.01...0.99,
      "Share of the mutual best pairs that are true where the laws were fitted."),
    Setting(
      "following", "baseStrength", "", 0...1000,
      "Imagined pairs that hold the share of two recordings to that one."),
    Setting(
      "following", "pairLaw.intercept", "", nil, "Constant term of the law of pairs.",
      source: "docs/unit-tracking.md"),
    Setting(
      "following", "pairLaw.weights", "", nil,
      "Weights of that law: similarity, the same after referencing, lower and higher margin, gain, noise, "
        + "electrodes.", source: "docs/unit-tracking.md"),
    Setting(
      "following", "joiningLaw.intercept", "", nil, "Constant term of the law of joining.",
      source: "docs/unit-tracking.md"),
    Setting(
      "following", "joiningLaw.weights", "", nil,
      "Weights of that law: mean, largest and smallest log odds, margin, number of pairs, shared units.",
      source: "docs/unit-tracking.md"),
  ]
}
