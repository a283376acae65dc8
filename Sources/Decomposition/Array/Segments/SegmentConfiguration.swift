/// How a long recording is cut into overlapping segments.
public struct SegmentConfiguration: Sendable, Equatable, Codable {
  /// Longest segment in seconds.
  public var length = 60.0
  /// Common stretch of neighbouring segments in seconds; units are linked over it.
  public var overlap = 10.0
  /// Recordings longer than this many seconds are cut without being asked.
  public var automaticAbove = 90.0
  /// Longest segment in seconds where potentials on the skin move; shorter ones hold too little to
  /// separate units by.
  public var surfaceLengthWithDrift = 30.0
  /// The same in the muscle, where the wider band says more in less time.
  public var intramuscularLengthWithDrift = 6.0
  /// Steadiness of the potentials within a segment below which they move: their cosine at its two
  /// ends over that of the same discharges taken in turns, the median over the units.
  public var steadinessLimit = 0.99
  /// Lowest cosine of two potentials that meet for units of different segments to be one unit.
  public var similarityLimit = 0.9
  /// The same for a unit that was looked for by the other potential.
  public var continuedSimilarityLimit = 0.8
  /// Whether units are also looked for in the segments before the one that they were found in.
  public var looksBack = true
  /// Agreement of two trains over the overlap from which they are one unit.
  public var agreementLimit = 0.5
  /// The most units that are looked for again in each segment, those seen last first.
  public var knownLimit = 200
  /// Fewest discharges of each train over the overlap that decide by themselves.
  public var fewestCommon = 6
  /// The most discharges that the potential at an end of a train is averaged over; of short trains a
  /// third.
  public var endDischarges = 60
  /// Fewest discharges that such a potential is averaged over.
  public var fewestEndDischarges = 12
  /// Samples at the rate of the search by which the potential at one end may follow that at the other.
  public var steadyShift = 4
  /// Cosine of the potentials of discharges taken in turns below which a unit tells nothing of
  /// steadiness.
  public var leastSteadyCosine = 0.5
  /// Fewest units that tell the steadiness of a recording.
  public var fewestSteadyUnits = 3
  /// Segments for moving potentials over those of now, or the recording, above which nothing is cut
  /// anew.
  public var driftLengthShare = 0.75

  /// Segments of a minute that share ten seconds.
  public init() {}

  /// The segments of a recording as ranges of samples.
  ///
  /// All have about one length; starts and ends are multiples of `step` samples, except for the
  /// last end.
  public func segments(sampleCount: Int, samplingRate: Double, step: Int) -> [Range<Int>] {
    let whole = Double(sampleCount) / samplingRate
    if whole <= length { return [0..<sampleCount] }
    let count = max(1, Int(((whole - overlap) / (length - overlap)).rounded(.up)))
    let hop = (whole - overlap) / Double(count) * samplingRate
    func aligned(_ value: Double) -> Int { Int((value / Double(step)).rounded()) * step }
    return (0..<count).map { index in
      let end =
        index == count - 1
        ? sampleCount : aligned(Double(index + 1) * hop + overlap * samplingRate)
      return aligned(Double(index) * hop)..<min(sampleCount, end)
    }
  }

  /// The segments for potentials that move within those of now; nil where these are short enough.
  ///
  /// - Parameters:
  ///   - duration: of the recording in seconds.
  ///   - electrodes: where they are.
  func followingDrift(
    duration: Double, electrodes: ArrayConfiguration.Electrodes
  ) -> SegmentConfiguration? {
    let wanted = electrodes == .surface ? surfaceLengthWithDrift : intramuscularLengthWithDrift
    if wanted > driftLengthShare * min(length, duration) { return nil }
    var result = self
    result.length = wanted
    result.overlap = min(overlap, wanted / 3)
    return result
  }

  /// Discharges of each end for a train of so many: at most a third, so that ends stay apart.
  func endCount(_ count: Int) -> Int { min(endDischarges, count / 3) }

  /// Checks that the values make sense.
  ///
  /// - Throws: `DecompositionError.configuration` naming the first value that does not.
  public func validate() throws {
    if !(length >= 5 && length <= 3_600) {
      throw DecompositionError.configuration("segments last 5 to 3600 s")
    }
    if !(overlap >= 1 && overlap <= length / 2) {
      throw DecompositionError.configuration("segments overlap by 1 s to half of their length")
    }
  }
}

extension SegmentConfiguration {
  /// Reads a stored configuration; what an earlier version did not have takes its default.
  ///
  /// - Throws: `DecodingError` where a value is there and has another type.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(&length, .length)
    try read(&overlap, .overlap)
    try read(&automaticAbove, .automaticAbove)
    try read(&surfaceLengthWithDrift, .surfaceLengthWithDrift)
    try read(&intramuscularLengthWithDrift, .intramuscularLengthWithDrift)
    try read(&steadinessLimit, .steadinessLimit)
    try read(&similarityLimit, .similarityLimit)
    try read(&continuedSimilarityLimit, .continuedSimilarityLimit)
    try read(&looksBack, .looksBack)
    try read(&agreementLimit, .agreementLimit)
    try read(&knownLimit, .knownLimit)
    try read(&fewestCommon, .fewestCommon)
    try read(&endDischarges, .endDischarges)
    try read(&fewestEndDischarges, .fewestEndDischarges)
    try read(&steadyShift, .steadyShift)
    try read(&leastSteadyCosine, .leastSteadyCosine)
    try read(&fewestSteadyUnits, .fewestSteadyUnits)
    try read(&driftLengthShare, .driftLengthShare)
  }
}
