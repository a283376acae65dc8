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
  /// Whether artefacts, cut-off peaks and lost samples are looked for and mended.
  public var mendsArtefacts = true
  /// Residual share of the spike energy above which the result is flagged.
  public var residualShareLimit = 0.3

  /// How detected spikes are compared and gathered into clusters.
  public var comparison = Comparison()
  /// What a train has to be like to be that of a motor unit.
  public var regularity = Regularity()
  /// When two trains are those of one unit.
  public var merging = Merging()
  /// When other bands are searched and what of them is taken over.
  public var restarts = Restarts()
  /// When the whole train of a unit is decided, and how.
  public var decoding = Decoding()
  /// Units that are looked for in what all decided trains leave.
  public var late = Late()
  /// When a cluster of two units is parted by shape.
  public var splitting = Splitting()
  /// Overlapped firings that are taken in once all units are known.
  public var recovery = Recovery()
  /// Second discharges soon after a firing.
  public var doublets = Doublets()
  /// When units of successive stretches are one.
  public var linking = Linking()
  /// Which trains are returned, and which of them are marked as tentative.
  public var acceptance = Acceptance()
  /// Weights of the predicted agreement of a train with the true one (logistic).
  public var prediction = Prediction()
  /// What is a pulse or a jump and no potential.
  public var artefacts = ArrayConfiguration.Artefacts()
  /// Which samples are lost or cut off.
  public var lost = ArrayConfiguration.Lost()
  /// Signals that are not decomposed.
  public var inspection = Inspection()
  /// How a needle signal is filtered, scaled by its noise and whitened.
  public var conditioning = Conditioning()
  /// How new units are looked for among spikes that no unit explains.
  public var discovery = Discovery()
  /// How the potential of a unit is averaged and cut.
  public var templates = Templates()
  /// Intervals of regular trains: what counts as one, and how they vary.
  public var intervals = Intervals()
  /// Which firings of a solved superposition are dropped.
  public var cleaning = Cleaning()
  /// When firings of two trains are the same ones.
  public var matching = Matching()
  /// What is mains hum.
  public var hum = LineNoise.Settings()

  /// The default settings.
  public init() {}
}

extension NeedleConfiguration {
  /// Reads a stored configuration; what an earlier version did not have takes its default.
  ///
  /// - Throws: `DecodingError` where a value is there and has another type.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    // Every version wrote it; without it the settings are those of an array.
    highPass = try values.decode(Double.self, forKey: .highPass)
    try read(&highPassAtLowRate, .highPassAtLowRate)
    try read(&lowPass, .lowPass)
    try read(&gridRate, .gridRate)
    try read(&templateHalfWidth, .templateHalfWidth)
    try read(&detectionHalfWidth, .detectionHalfWidth)
    try read(&detectionThresholds, .detectionThresholds)
    try read(&misfitScale, .misfitScale)
    try read(&strictestMisfitLimit, .strictestMisfitLimit)
    try read(&unsettledMisfitLimit, .unsettledMisfitLimit)
    try read(&recoveryEnergy, .recoveryEnergy)
    try read(&decodingEnergy, .decodingEnergy)
    try read(&decodingHighPass, .decodingHighPass)
    try read(&decodingLowPass, .decodingLowPass)
    try read(&patience, .patience)
    try read(&firstPassCandidates, .firstPassCandidates)
    try read(&laterPassCandidates, .laterPassCandidates)
    try read(&maximumUnits, .maximumUnits)
    try read(&windowLength, .windowLength)
    try read(&windowStep, .windowStep)
    try read(&beamWidth, .beamWidth)
    try read(&branching, .branching)
    try read(&superpositionDepth, .superpositionDepth)
    try read(&lookAhead, .lookAhead)
    try read(&varianceInflation, .varianceInflation)
    try read(&shapeVariability, .shapeVariability)
    try read(&firingCost, .firingCost)
    try read(&firingCostLimit, .firingCostLimit)
    try read(&dynamicRange, .dynamicRange)
    try read(&segmentDuration, .segmentDuration)
    try read(&trialPasses, .trialPasses)
    try read(&restartPasses, .restartPasses)
    try read(&restartHighPasses, .restartHighPasses)
    try read(&findsDoublets, .findsDoublets)
    try read(&removesLineNoise, .removesLineNoise)
    try read(&mendsArtefacts, .mendsArtefacts)
    try read(&residualShareLimit, .residualShareLimit)
    try read(&comparison, .comparison)
    try read(&regularity, .regularity)
    try read(&merging, .merging)
    try read(&restarts, .restarts)
    try read(&decoding, .decoding)
    try read(&late, .late)
    try read(&splitting, .splitting)
    try read(&recovery, .recovery)
    try read(&doublets, .doublets)
    try read(&linking, .linking)
    try read(&acceptance, .acceptance)
    try read(&prediction, .prediction)
    try read(&artefacts, .artefacts)
    try read(&lost, .lost)
    try read(&inspection, .inspection)
    try read(&conditioning, .conditioning)
    try read(&discovery, .discovery)
    try read(&templates, .templates)
    try read(&intervals, .intervals)
    try read(&cleaning, .cleaning)
    try read(&matching, .matching)
    try read(&hum, .hum)
  }
}
