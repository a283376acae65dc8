/// The settings of the needle decomposer; the defaults fit isometric contractions of a few units.
///
/// Times are in seconds, frequencies in Hz, thresholds in units of the noise, gains in nats.
public struct NeedleConfiguration: Codable, Sendable, Equatable {
  /// Half-amplitude point of the first high-pass in Hz.
  ///
  /// McGill, Cummins and Dorfman 1985 sharpen potentials with a differentiator for the same
  /// purpose: short potentials overlap less.
  public var highPass = 400.0
  /// The high-pass used where the sampling rate is at most 4 kHz, in Hz.
  public var highPassAtLowRate = 300.0
  /// The upper end of the band in Hz; recordings of lower rates end at 0.46 of theirs.
  public var lowPass = 10_000.0
  /// The smallest rate of the grid on which firing times are searched, in Hz.
  public var gridRate = 40_000.0
  /// Half the longest support of a template, in seconds.
  public var templateHalfWidth = 0.006
  /// Half the window in which detected spikes are compared, in seconds.
  public var detectionHalfWidth = 0.001_25
  /// Detection thresholds by pass, in robust standard deviations of the residual.
  public var detectionThresholds = [5.0, 4.2, 4.2, 3.8, 3.8]
  /// What divided by the unexplained share of the spikes' energy gives the share of a template's
  /// energy that a firing may leave unexplained: while units are missing, firings have to fit.
  public var misfitScale: Float = 0.05
  /// The strictest such limit, held while nearly everything is unexplained.
  public var strictestMisfitLimit: Float = 0.35
  /// The same for units whose trains are not regular yet.
  public var unsettledMisfitLimit: Float = 0.08
  /// Template energy over the noise from which overlapped firings are recovered at the end.
  public var recoveryEnergy = 600.0
  /// Template energy over the noise from which whole trains are decided by heights and rhythm together.
  public var decodingEnergy = 60.0
  /// High-pass of the band in which whole trains are decided, in Hz.
  public var decodingHighPass = 280.0
  /// Upper end of that band in Hz: what stands above tells small units little, and costs as much again.
  public var decodingLowPass = 4_600.0
  /// Passes after which a unit that never became regular is dropped and may be found anew.
  public var patience = 3
  /// The most candidates kept by the first pass.
  public var firstPassCandidates = 12
  /// The most candidates kept by a later pass.
  public var laterPassCandidates = 4
  /// The most units that are searched at once.
  public var maximumUnits = 24
  /// Length of the windows in which superpositions are solved, in seconds.
  public var windowLength = 0.010
  /// Distance of these windows, in seconds.
  public var windowStep = 0.005
  /// Hypotheses kept by the superposition search.
  public var beamWidth = 5
  /// Extensions tried for each hypothesis.
  public var branching = 3
  /// The most firings in one superposition.
  public var superpositionDepth = 6
  /// How far a superposition may get worse before it gets better, in nats.
  public var lookAhead = 4.0
  /// Inflation of the noise variance for a background that is not Gaussian.
  public var varianceInflation = 1.5
  /// The share of a potential's energy that is its own shape variability.
  public var shapeVariability = 0.005
  /// The cost of a firing as a share of its template's energy.
  public var firingCost = 0.15
  /// The greatest cost of a firing in nats.
  public var firingCostLimit = 22.0
  /// The largest signal-to-noise ratio taken at face value: above it, shape variability rules.
  public var dynamicRange = 120.0
  /// The longest stretch decomposed with one set of templates, in seconds.
  public var segmentDuration = 12.0
  /// Passes after which the analyses with different high-passes are compared.
  public var trialPasses = 2
  /// Passes after which the search of another band ends.
  public var restartPasses = 4
  /// High-passes of further analyses of the same stretch, in Hz.
  ///
  /// The most regular one wins and takes over what the others found besides. Long potentials of reinnervated units keep more of
  /// their energy at 200 Hz.
  public var restartHighPasses = [200.0]
  /// Whether one re-tests the interval after each firing for a doublet.
  public var findsDoublets = true
  /// Whether mains hum is looked for and removed.
  public var removesLineNoise = true
  /// Residual share of the spike energy above which the result is flagged.
  public var residualShareLimit = 0.3

  /// The default settings.
  public init() {}
}
