extension Setting {
  /// How MUNIX is estimated (`MUNIX`).
  static let munix: [Setting] = [
    Setting(
      "munix", "epochMilliseconds", "ms", 50...60000, "Length of every epoch.",
      source: "Nandedkar et al. 2010"),
    Setting(
      "munix", "minimumAreaMillivoltMilliseconds", "mV ms", 0...10000,
      "Least area of an accepted epoch.", source: "Nandedkar et al. 2010"),
    Setting(
      "munix", "maximumIdealCount", "", 1...100000, "Largest ideal count of an accepted epoch.",
      source: "Nandedkar et al. 2010"),
    Setting(
      "munix", "minimumAreaRatio", "", 0...100,
      "Least area of an accepted epoch over that of the CMAP.", source: "Nandedkar et al. 2010"),
    Setting(
      "munix", "referenceAreaMillivoltMilliseconds", "mV ms", 0.1...10000,
      "Area at which the fitted curve is read.", source: "Nandedkar et al. 2004"),
    Setting("munix", "fewestEpochs", "", 3...1000, "Fewest accepted epochs."),
    Setting(
      "munix", "recommendedEpochs", "", 1...1000, "Fewest accepted epochs without a flag."),
    Setting(
      "munix", "weakEpochs", "", 3...1000,
      "Fewest epochs that serve below the least area, where too few reach it."),
    Setting(
      "munix", "weakAreaFactor", "", 1...100,
      "Least area of such an epoch over that of the weakest one."),
    Setting(
      "munix", "weakSpread", "", 1...100,
      "Least ratio of the largest to the smallest area of such epochs."),
    Setting(
      "munix", "dominatedShare", "", 0...1,
      "Distance from the Gaussian limit within which the CMAP decides the index."),
    Setting("munix", "bootstrapSamples", "", 40...1000000, "Bootstrap samples of the interval."),
    Setting("munix", "seed", "", nil, "Seed of the bootstrap."),
  ]

  /// How levels at one site are counted (`IncrementalStimulation`).
  static let incremental: [Setting] =
    [
      Setting(
        "incremental", "minimumIncrementMicrovolts", "uV", 0...10000,
        "Increments below it are not told from noise."),
      Setting(
        "incremental", "recommendedIncrements", "", 1...1000, "Fewest increments without a flag.",
        source: "McComas 1971"),
    ] + errors("incremental")
    + [
      Setting(
        "incremental", "errors.bias.alternation", "", 1...10,
        "Greatest factor by which units that take turns make the number too high."),
      Setting(
        "incremental", "errors.bias.passedOver", "", 1...10,
        "Greatest factor by which units too small for an increment make the number too low."),
    ]

  /// How levels at several sites are counted (`MultipointIncrementalStimulation`).
  static let multipoint: [Setting] =
    [
      Setting(
        "multipoint", "minimumIncrementMicrovolts", "uV", 0...10000,
        "Increments below it are not told from noise."),
      Setting(
        "multipoint", "sites", "", 1...100, "Sites of the protocol.", source: "Shefner et al. 2011"),
      Setting(
        "multipoint", "incrementsPerSite", "", 1...100, "Increments at each site.",
        source: "Shefner et al. 2011"),
    ] + errors("multipoint")

  /// How single units at many sites are counted (`MultipointStimulation`).
  static let singleUnits: [Setting] =
    [
      Setting(
        "mps", "minimumUnitMicrovolts", "uV", 0...10000,
        "Potentials below it are not told from noise."),
      Setting(
        "mps", "recommendedUnits", "", 1...1000, "Fewest units without a flag.",
        source: "Doherty and Brown 1993"),
    ] + errors("mps")

  /// How runs of equal stimuli are counted (`StatisticalMUNE`).
  static let statistical: [Setting] =
    [
      Setting("statistical", "noiseMicrovolts", "uV", 0...10000, "SD of the noise of a response."),
      Setting(
        "statistical", "minimumResponses", "", 2...10000, "Fewest responses of a run.",
        source: "Daube 1995"),
      Setting(
        "statistical", "iterations", "", 1...1000, "The most steps in which the floor is found."),
    ] + errors("statistical")
    + [
      Setting(
        "statistical", "errors.bias.sizeVariation", "", 0...10,
        "Greatest coefficient of variation of unit sizes."),
      Setting(
        "statistical", "errors.bias.answeredShare", "", 0...0.99,
        "Greatest share of the stimuli that a unit answers in a run."),
    ]

  /// How potentials are averaged on decomposed units (`DecompositionEnhancedAveraging`).
  static let averaging: [Setting] =
    [
      Setting(
        "sta-mune", "beforeMilliseconds", "ms", 0...1000,
        "Time of the surface potential before the discharge."),
      Setting("sta-mune", "afterMilliseconds", "ms", 1...1000, "The same after the discharge."),
      Setting("sta-mune", "minimumDischarges", "", 2...100000, "Fewest discharges of a unit."),
      Setting(
        "sta-mune", "minimumSplitHalf", "", -1...1,
        "Least correlation between the potentials of odd and even discharges."),
      Setting("sta-mune", "recommendedUnits", "", 1...1000, "Fewest units without a flag."),
      Setting(
        "sta-mune", "iterations", "", 1...10000, "The most steps of the joint least squares."),
      Setting(
        "sta-mune", "detectionBias.strongest", "", 0...10,
        "Largest product of strictness and deviation that is assumed."),
      Setting(
        "sta-mune", "detectionBias.leastStrictness", "", 0...1,
        "Least strictness with which an array finds the largest units first."),
      Setting(
        "sta-mune", "detectionBias.greatestStrictness", "", 0...1, "Greatest such strictness."),
      Setting(
        "sta-mune", "detectionBias.most", "", 1...100,
        "Most that the number is raised for units too small to be found."),
      Setting(
        "sta-mune", "recruitment.lowestLimit", "", 0.05...1,
        "Lowest force, as a share of maximum, at which all units are recruited.",
        source: "Kukulka and Clamann 1981"),
      Setting(
        "sta-mune", "recruitment.highestLimit", "", 0.05...1, "Highest such force.",
        source: "Kukulka and Clamann 1981"),
      Setting(
        "sta-mune", "recruitment.thresholdRange", "", 1.1...1000,
        "Ratio of the largest to the smallest recruitment threshold.",
        source: "Fuglevand et al. 1993"),
      Setting(
        "sta-mune", "recruitment.strictShare", "", 0...1,
        "Share of the draws in which size rises exponentially with recruitment."),
      Setting(
        "sta-mune", "recruitment.leastExplained", "", 0...1,
        "Least share of the variance of ln(size) that strict order explains."),
      Setting(
        "sta-mune", "recruitment.largestSizeRange", "", 1...10000,
        "Most that sizes differ by in strict order, largest over smallest."),
      Setting(
        "sta-mune", "recruitment.expectedDeviation", "", 0.01...5,
        "SD of ln(size) that is expected before any unit is seen."),
      Setting(
        "sta-mune", "recruitment.expectedUnits", "", 1...1000,
        "How many units that expectation is worth."),
      Setting(
        "sta-mune", "recruitment.weakestForce", "", 0.001...1,
        "Weakest force that is assumed where the force is not stated."),
    ] + errors("sta-mune", cancels: false)

  /// The error of the CMAP and the bootstrap, which all of these methods have.
  private static func errors(_ group: String, cancels: Bool = true) -> [Setting] {
    let common = [
      Setting(
        group, "errors.cmapRelativeError", "", 0...1, "Relative standard error of the CMAP."),
      Setting(
        group, "errors.bootstrapSamples", "", 100...1000000, "Bootstrap samples of the interval."),
      Setting(group, "errors.seed", "", nil, "Seed of the bootstrap."),
    ]
    if !cancels { return common }
    return common + [
      Setting(
        group, "errors.bias.cancellation", "", 1...10,
        "Greatest factor by which phases that cancel in the CMAP make the number too low.",
        source: "Doherty and Stashuk 1993")
    ]
  }
}
