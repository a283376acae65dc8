extension Setting {
  /// How repeated responses to supramaximal stimuli make the CMAP of a visit (`RepeatedCMAP`).
  static let cmap: [Setting] = [
    Setting(
      "cmap", "nearLargest", "", 0.1...1,
      "Amplitude over the largest response from which a response tells the error of the CMAP."),
    Setting("cmap", "fewestResponses", "", 2...1000, "Fewest such responses that tell it."),
    Setting(
      "cmap", "assumedError", "", 0...1,
      "Relative standard error of the CMAP where fewer responses tell it."),
    Setting(
      "cmap", "leastError", "", 0...1,
      "Least relative standard error of the CMAP in unit numbers that divide it."),
  ]

  /// When two sets of electrodes confirm a unit (`SubsetValidation.Configuration`).
  static let validation: [Setting] = [
    Setting(
      "validation", "matchedFrom", "", 0.01...1,
      "Agreement from which two trains are taken for one unit."),
    Setting(
      "validation", "confirmedFrom", "", 0.01...1,
      "Agreement of both subsets from which a train counts as confirmed."),
    Setting(
      "validation", "longestLag", "s", 0...0.5,
      "Longest lag between the trains of one unit in two subsets."),
  ]

  /// How a stimulated response is measured (`CMAPMeasurement`).
  static let response: [Setting] = [
    Setting(
      "response", "baselineMilliseconds", "ms", nil,
      "Start and end of the baseline before the stimulus, both negative."),
    Setting(
      "response", "blankingMilliseconds", "ms", 0...100,
      "Time after the stimulus that is blanked for its artefact."),
    Setting(
      "response", "searchEndMilliseconds", "ms", 1...1000,
      "End of the search for the response after the stimulus."),
    Setting(
      "response", "onsetDeviations", "", 0...100,
      "Threshold of the onset in standard deviations of the baseline."),
    Setting(
      "response", "onsetShare", "", 0...1,
      "Least threshold of the onset, a share of the negative peak."),
    Setting(
      "response", "sustainedMilliseconds", "ms", 0...50,
      "Time for which the deflection stays beyond the threshold."),
  ]

  /// How active units are counted (`CountSettings`).
  static let counts: [Setting] = [
    Setting(
      "counts", "windowSeconds", "s", nil, "Lengths of the windows, the first for the registry."),
    Setting(
      "counts", "stepShare", "", 0.01...10,
      "Distance of the starts of neighbouring windows over their length."),
    Setting(
      "counts", "fewestDischarges", "", 1...10000,
      "Fewest discharges in a window of an active unit."),
    Setting(
      "counts", "restMargin", "s", 0...60, "Time before the first discharge that is no rest."),
    Setting("counts", "leastRest", "s", 0...3600, "Least rest that tells the power of the noise."),
    Setting(
      "counts", "restShare", "", 0...1,
      "Power over the mean of the recording below which it is a rest."),
    Setting(
      "counts", "leastActive", "", 0...1,
      "Least share of the power above the noise for a share that units explain."),
  ]
}
