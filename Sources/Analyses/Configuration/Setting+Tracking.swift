extension Setting {
  /// How units of two recordings are matched (`UnitMatching.Configuration`).
  static let tracking: [Setting] =
    [
      Setting(
        "tracking", "acceptedFrom", "", 0...1, "Lowest probability of an accepted link.",
        source: "docs/unit-tracking.md"),
      Setting(
        "tracking", "largestShift", "mm", 0...100,
        "Largest shift of the array that is looked for; 0 keeps it in place."),
      Setting(
        "tracking", "largestRotation", "degrees", 0...180, "Largest rotation that is looked for."),
      Setting(
        "tracking", "mountingSimilarity", "", 0...1,
        "Similarity above which mutual best pairs steer the search for the mounting."),
      Setting(
        "tracking", "mountingStep", "mm", 0.01...50,
        "Step at which the search for the mounting ends."),
      Setting(
        "tracking", "covarianceLength", "mm", 0.5...200,
        "Smoothness of potentials over the skin: SD of the Gaussian covariance.",
        source: "Wackernagel 2003"),
      Setting(
        "tracking", "ridge", "", 0.000001...10,
        "Variance of noise over that of the potentials in the interpolation."),
      Setting(
        "tracking", "leastReliability", "", 0...1,
        "Share of a place's variance that the electrodes must determine for it to count."),
      Setting(
        "tracking", "highestRate", "Hz", 100...50000,
        "Highest sampling rate at which templates are compared."),
      Setting(
        "tracking", "templateMilliseconds", "ms", 1...500, "Length of the compared templates."),
      Setting(
        "tracking", "longestLagMilliseconds", "ms", 0...100, "Largest lag between two templates."),
      Setting(
        "tracking", "fewestElectrodes", "", 0...512,
        "Fewest covered electrodes of a trackable unit."),
      Setting(
        "tracking", "lowestSignalToNoise", "dB", -40...60,
        "Lowest signal-to-noise ratio of the template of a trackable unit."),
      Setting(
        "tracking", "strongestShare", "", 0.001...1,
        "Share of the electrodes, those with the most energy, over which that ratio is taken."),
      Setting(
        "tracking", "ambiguousMargin", "", 0...3,
        "Margin below which two candidates of high similarity cannot be told apart."),
      Setting(
        "tracking", "ambiguousSimilarity", "", 0...1,
        "Similarity from which look-alikes count as such candidates."),
    ] + shared("tracking") + [
      Setting(
        "tracking", "calibration.intercept", "", nil,
        "Constant term of the law that turns evidence into a probability.",
        source: "docs/unit-tracking.md"),
      Setting(
        "tracking", "calibration.weights", "", nil,
        "Weights of that law: similarity, the same after referencing, margin, gain, noise, electrodes, "
          + "shared units, number of units.",
        source: "docs/unit-tracking.md"),
    ]
}
