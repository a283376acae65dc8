/// The stages of a decomposition whose time is told; their names stand in `timings` and in tables.
public enum DecompositionStage: String, CaseIterable, Sendable {
  /// Samples of a segment are read.
  case reading
  /// Artefacts are mended, the band is passed, the rate is reduced.
  case conditioning
  /// Mains hum is looked for (needles).
  case hum
  /// A recording is looked at before it is decomposed (needles).
  case inspection
  /// Transforms of what is left of the signal.
  case spectra
  /// Covariance of what is left of the signal.
  case covariance
  /// New units are searched.
  case search
  /// Units whose potentials are known are looked for.
  case knownUnits = "known units"
  /// Candidates that are units already are left out.
  case duplicates
  /// Potentials of all units are fitted together.
  case jointFit = "joint fit"
  /// Trains are found again against what other units leave.
  case reestimation = "re-estimation"
  /// Units that others mask are searched.
  case maskedSearch = "masked search"
  /// All trains are decided together.
  case jointDecision = "joint decision"
  /// Tracks of segments that are one unit are joined.
  case joining
  /// Stretches are put together (needles).
  case assembly
}
