extension Setting {
  /// How needle recordings are decomposed (`NeedleConfiguration`).
  static let needle: [Setting] = [
    Setting(
      "needle", "highPass", "Hz", 20...5000, "Half-amplitude point of the first high-pass.",
      source: "McGill, Cummins and Dorfman 1985"),
    Setting(
      "needle", "highPassAtLowRate", "Hz", 20...1900,
      "The same where the sampling rate is at most 4 kHz."),
    Setting("needle", "lowPass", "Hz", 500...50000, "Upper end of the band."),
    Setting(
      "needle", "gridRate", "Hz", 5000...200000,
      "Smallest rate of the grid on which firing times are searched."),
    Setting(
      "needle", "templateHalfWidth", "s", 0.001...0.05, "Half the longest support of a template."),
    Setting(
      "needle", "detectionHalfWidth", "s", 0.0002...0.01,
      "Half the window in which detected spikes are compared."),
    Setting(
      "needle", "detectionThresholds", "", nil,
      "Detection thresholds by pass, in robust standard deviations."),
    Setting(
      "needle", "misfitScale", "", 0...1,
      "Divided by the unexplained share of the spikes' energy: the share of a template's energy that a firing may leave unexplained."
    ),
    Setting("needle", "strictestMisfitLimit", "", 0...1, "The strictest such limit."),
    Setting(
      "needle", "unsettledMisfitLimit", "", 0...1,
      "The same for units whose trains are not regular yet."),
    Setting(
      "needle", "recoveryEnergy", "", 0...100000,
      "Template energy over the noise from which overlapped firings are recovered."),
    Setting(
      "needle", "decodingEnergy", "", 0...100000,
      "Template energy over the noise from which whole trains are decided."),
    Setting(
      "needle", "decodingHighPass", "Hz", 20...5000,
      "High-pass of the band in which whole trains are decided."),
    Setting("needle", "decodingLowPass", "Hz", 500...50000, "Upper end of that band."),
    Setting(
      "needle", "patience", "", 1...100,
      "Passes after which a unit that never became regular is dropped."),
    Setting(
      "needle", "firstPassCandidates", "", 1...100, "The most candidates kept by the first pass."),
    Setting(
      "needle", "laterPassCandidates", "", 1...100, "The most candidates kept by a later pass."),
    Setting("needle", "maximumUnits", "", 1...200, "The most units that are searched at once."),
    Setting(
      "needle", "windowLength", "s", 0.002...0.1,
      "Length of the windows in which superpositions are solved.", source: "McGill 2002"),
    Setting("needle", "windowStep", "s", 0.001...0.1, "Distance of these windows."),
    Setting("needle", "beamWidth", "", 1...1000, "Hypotheses kept by the superposition search."),
    Setting("needle", "branching", "", 1...100, "Extensions tried for each hypothesis."),
    Setting("needle", "superpositionDepth", "", 1...50, "The most firings in one superposition."),
    Setting(
      "needle", "lookAhead", "nats", 0...1000,
      "How far a superposition may get worse before it gets better."),
    Setting(
      "needle", "varianceInflation", "", 1...20,
      "Inflation of the noise variance for a background that is not Gaussian."),
    Setting(
      "needle", "shapeVariability", "", 0...1,
      "Share of a potential's energy that is its own shape variability."),
    Setting(
      "needle", "firingCost", "", 0...10, "Cost of a firing as a share of its template's energy."),
    Setting("needle", "firingCostLimit", "nats", 0...1000, "The greatest cost of a firing."),
    Setting(
      "needle", "dynamicRange", "", 1...100000,
      "The largest signal-to-noise ratio taken at face value."),
    Setting(
      "needle", "segmentDuration", "s", 2...600,
      "The longest stretch decomposed with one set of templates."),
    Setting(
      "needle", "trialPasses", "", 1...100,
      "Passes after which the analyses with different high-passes are compared."),
    Setting(
      "needle", "restartPasses", "", 1...100, "Passes after which the search of another band ends."),
    Setting(
      "needle", "restartHighPasses", "Hz", nil,
      "High-passes of further analyses of the same stretch."),
    Setting(
      "needle", "findsDoublets", "", nil,
      "Whether the interval after each firing is tested for a doublet."),
    Setting("needle", "removesLineNoise", "", nil, "Whether mains hum is looked for and removed."),
    Setting(
      "needle", "mendsArtefacts", "", nil,
      "Whether artefacts, cut-off peaks and lost samples are looked for and mended."),
    Setting(
      "needle", "residualShareLimit", "", 0...1,
      "Residual share of the spike energy above which the result is flagged."),
  ]

  /// What is mended in a needle recording: the settings of arrays, by values of their own.
  static let needleMending: [Setting] = signal.filter {
    $0.name.hasPrefix("artefacts.") || $0.name.hasPrefix("lost.")
  }.map { own in
    Setting(
      "needle", own.name, own.unit, own.range.map { $0[0]...$0[1] }, own.meaning, source: own.source
    )
  }
}
