// Sources of what is said here: MUNIX Nandedkar et al. 2010, 2018; CMAP scan Bostock 2016; spike-
// triggered averaging Brown, Strong & Snyder 1988; effective number: Hill 1973, order 2; ALSFRS-R
// Cedarbaum et al. 1999.
extension MeasurementKind {
  private static let identifiedCaveat =
    "Identified units are those that decomposition could separate at this effort; "
    + "their count is not an estimate of the number of motor units."
  private static let estimateCaveat =
    "An estimate with its own assumptions and error, comparable only within one method, "
    + "muscle and laboratory."

  /// Largest number of identified active units in a window.
  public static let identifiedUnitsMaximum = MeasurementKind(
    id: "identified-units-max", displayName: "Identified active units, maximum", unit: "units",
    scale: .logarithmic, direction: .none, caveat: identifiedCaveat)
  /// Median number of identified active units over the windows.
  public static let identifiedUnitsMedian = MeasurementKind(
    id: "identified-units-median", displayName: "Identified active units, median", unit: "units",
    scale: .logarithmic, direction: .none, caveat: identifiedCaveat)
  /// Mean discharge rate of the identified units.
  public static let meanDischargeRate = MeasurementKind(
    id: "mean-discharge-rate", displayName: "Mean discharge rate", unit: "Hz", scale: .logarithmic,
    direction: .none,
    caveat: "Over identified units only; it follows the force, so compare visits at equal force.")
  /// Share of the signal power that the identified units do not explain.
  public static let residualPowerShare = MeasurementKind(
    id: "residual-power-share", displayName: "Residual power share", unit: "1", scale: .linear,
    direction: .none,
    caveat: "A figure of completeness of one decomposition, not of the muscle.")
  /// Share of the signal power that the identified units explain, noise taken off.
  public static let powerCompleteness = MeasurementKind(
    id: "power-completeness", displayName: "Power completeness", unit: "1", scale: .linear,
    direction: .none, allowedRange: 0...1,
    caveat: "It ranks how complete a decomposition is, but is not the share of units identified.")
  /// Effective number of contributing units, the Hill number of order 2 of the power shares.
  public static let effectiveNumber = MeasurementKind(
    id: "effective-number-n2", displayName: "Effective number of contributing units (N2)",
    unit: "units", scale: .logarithmic, direction: .fallsWithLoss,
    caveat: "How many units of equal power would give this concentration of power; "
      + "it cannot be converted to the number of motor units.")
  /// Share of the earlier visit's units found again, normalised by the same-day repeat.
  public static let matchedUnitSurvival = MeasurementKind(
    id: "matched-unit-survival", displayName: "Matched-unit survival", unit: "1", scale: .linear,
    direction: .fallsWithLoss,
    caveat: "It concerns identified units, which are the large and superficial ones, "
      + "and needs a same-day repeat to be read. It falls with noise, fat and force too, and "
      + "where survivors' potentials change.")
  /// Share of the earlier visit's trackable units found again, not normalised.
  public static let matchedUnitShare = MeasurementKind(
    id: "matched-unit-share", displayName: "Share of tracked units found again", unit: "1",
    scale: .linear, direction: .fallsWithLoss, allowedRange: 0...1,
    caveat: "Units are missed for many reasons besides loss; read it beside a same-day repeat.")
  /// Share of the units of the first visit that survives, from units followed over all visits.
  public static let followedUnitSurvival = MeasurementKind(
    id: "followed-unit-survival", displayName: "Survival of followed units", unit: "1",
    scale: .linear, direction: .fallsWithLoss, allowedRange: 0...1,
    caveat: "It concerns identified units, which are the large and superficial ones; one whose "
      + "potential changed beyond recognition counts as lost.")
  /// Research-only extrapolation from identified to all active units.
  public static let extrapolatedUnits = MeasurementKind(
    id: "extrapolated-units-research", displayName: "Extrapolated active units (research only)",
    unit: "units", scale: .logarithmic, direction: .none,
    caveat: "It depends on an assumed size spread and is not to be read as a number of motor "
      + "units.")
  /// Motor unit number index.
  public static let munix = MeasurementKind(
    id: "munix", displayName: "MUNIX", unit: "1", scale: .logarithmic, direction: .fallsWithLoss,
    estimatesUnitNumber: true,
    caveat: "An index related to the number of motor units, largely driven by the CMAP; "
      + "not a count.")
  /// Motor unit size index.
  public static let musix = MeasurementKind(
    id: "musix", displayName: "MUSIX", unit: "uV", scale: .logarithmic, direction: .risesWithLoss,
    caveat: "CMAP amplitude over MUNIX: an index of mean unit size.")
  /// Number of units estimated from a CMAP scan.
  public static let scanUnitCount = MeasurementKind(
    id: "scan-unit-count", displayName: "Motor units by CMAP scan", unit: "units",
    scale: .logarithmic, direction: .fallsWithLoss, estimatesUnitNumber: true,
    caveat: estimateCaveat)
  /// Number of the largest units that make half of the CMAP.
  public static let scanN50 = MeasurementKind(
    id: "scan-n50", displayName: "N50 (largest units that make half the CMAP)", unit: "units",
    scale: .logarithmic, direction: .fallsWithLoss,
    caveat: "It counts the largest units only and is not the number of motor units.")
  /// Number of units by decomposition-enhanced spike-triggered averaging.
  public static let staUnitNumber = MeasurementKind(
    id: "sta-mune", displayName: "Motor units by spike-triggered averaging", unit: "units",
    scale: .logarithmic, direction: .fallsWithLoss, estimatesUnitNumber: true,
    caveat: estimateCaveat + " It depends on the force of the contraction.")
  /// Number of units by incremental stimulation.
  public static let incrementalUnitNumber = MeasurementKind(
    id: "incremental-mune", displayName: "Motor units by incremental stimulation", unit: "units",
    scale: .logarithmic, direction: .fallsWithLoss, estimatesUnitNumber: true,
    caveat: estimateCaveat + " Alternation of units inflates it.")
  /// Number of units by multipoint incremental stimulation.
  public static let multipointUnitNumber = MeasurementKind(
    id: "multipoint-mune", displayName: "Motor units by multipoint incremental stimulation",
    unit: "units",
    scale: .logarithmic, direction: .fallsWithLoss, estimatesUnitNumber: true,
    caveat: estimateCaveat)
  /// Number of units by multipoint stimulation of single units.
  public static let singleUnitStimulationNumber = MeasurementKind(
    id: "mps-mune", displayName: "Motor units by multipoint single-unit stimulation",
    unit: "units", scale: .logarithmic, direction: .fallsWithLoss, estimatesUnitNumber: true,
    caveat: estimateCaveat)
  /// Number of units by the statistical method.
  public static let statisticalUnitNumber = MeasurementKind(
    id: "statistical-mune", displayName: "Motor units by the statistical method", unit: "units",
    scale: .logarithmic, direction: .fallsWithLoss, estimatesUnitNumber: true,
    caveat: estimateCaveat + " It assumes rare units of equal size.")
  /// Compound muscle action potential, baseline to negative peak.
  public static let cmapAmplitude = MeasurementKind(
    id: "cmap-amplitude", displayName: "CMAP amplitude", unit: "mV", scale: .logarithmic,
    direction: .fallsWithLoss,
    caveat: "Reinnervation keeps it up while units are lost; baseline to negative peak.")
  /// Mean amplitude of single surface motor unit potentials.
  public static let meanUnitPotential = MeasurementKind(
    id: "mean-smup-amplitude", displayName: "Mean surface motor unit potential", unit: "uV",
    scale: .logarithmic, direction: .risesWithLoss,
    caveat: "Over the sampled units; the definition (mean of peaks or peak of mean) must agree.")
  /// Peak-to-peak amplitude of the motor unit action potentials.
  public static let muapAmplitude = MeasurementKind(
    id: "muap-amplitude", displayName: "MUAP amplitude, median of units", unit: "uV",
    scale: .logarithmic, direction: .risesWithLoss,
    caveat: "Over identified units; it depends on electrode place and depth.")
  /// Area of the motor unit action potentials.
  public static let muapArea = MeasurementKind(
    id: "muap-area", displayName: "MUAP area, median of units", unit: "uV ms",
    scale: .logarithmic, direction: .risesWithLoss,
    caveat: "Over identified units; it depends on electrode place and depth.")
  /// Slow vital capacity in percent of the predicted value.
  public static let slowVitalCapacity = MeasurementKind(
    id: "svc-percent", displayName: "Slow vital capacity", unit: "%", scale: .linear,
    direction: .fallsWithLoss, allowedRange: 0...300,
    caveat: "Percent of the value predicted for age, sex and height.",
    outcome: OutcomeSource(instrument: "SVC", item: nil))
  /// Slow vital capacity in litres.
  public static let slowVitalCapacityLitres = MeasurementKind(
    id: "svc-litres", displayName: "Slow vital capacity (volume)", unit: "L", scale: .linear,
    direction: .fallsWithLoss, allowedRange: 0...20, caveat: "Not corrected for body size.",
    outcome: OutcomeSource(instrument: "SVC-L", item: nil))
  /// Total of the revised ALS functional rating scale.
  public static let alsfrsTotal = MeasurementKind(
    id: "alsfrs-r", displayName: "ALSFRS-R total", unit: "points", scale: .linear,
    direction: .fallsWithLoss, allowedRange: 0...48,
    caveat: "A functional scale of 0 to 48 points; it is not linear in loss.",
    outcome: OutcomeSource(instrument: "ALSFRS-R", item: nil))

  /// Names of the twelve items of the ALSFRS-R, in the order of the questionnaire.
  public static let alsfrsItemNames = [
    "speech", "salivation", "swallowing", "handwriting", "cutting", "dressing", "turning",
    "walking", "climbing", "dyspnea", "orthopnea", "respiratory-insufficiency",
  ]

  /// One item of the ALSFRS-R, 0 to 4 points, by its name in `alsfrsItemNames`.
  public static func alsfrsItem(_ name: String) -> MeasurementKind {
    MeasurementKind(
      id: "alsfrs-r." + name, displayName: "ALSFRS-R " + name, unit: "points", scale: .linear,
      direction: .fallsWithLoss, allowedRange: 0...4, caveat: "One item of a functional scale.",
      outcome: OutcomeSource(instrument: "ALSFRS-R", item: name))
  }

  /// All kinds this program knows.
  public static let known: [MeasurementKind] =
    [
      .identifiedUnitsMaximum, .identifiedUnitsMedian, .meanDischargeRate, .residualPowerShare,
      .powerCompleteness, .effectiveNumber, .matchedUnitSurvival, .matchedUnitShare,
      .followedUnitSurvival,
      .extrapolatedUnits, .munix, .musix, .scanUnitCount,
      .scanN50, .staUnitNumber, .incrementalUnitNumber, .multipointUnitNumber,
      .singleUnitStimulationNumber, .statisticalUnitNumber, .cmapAmplitude,
      .meanUnitPotential, .muapAmplitude, .muapArea, .alsfrsTotal, .slowVitalCapacity,
      .slowVitalCapacityLitres,
    ] + alsfrsItemNames.map(alsfrsItem)
}
