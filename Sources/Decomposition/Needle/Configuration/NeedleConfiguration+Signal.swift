extension NeedleConfiguration {
  /// Signals that are not decomposed.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Inspection: Codable, Sendable, Equatable {
    /// Shortest signal: in less no train can be told from chance, in seconds.
    public var shortest = 2.0
    /// Absolute value above which a sample is no measurement, in the units of the recording.
    public var largest = 1e7
    /// Share of unusable samples above which a signal is refused.
    public var invalidShare = 0.01
    /// Share of samples at the input's limits above which that is said.
    public var clippedShare = 0.002
    /// Share of such samples above which a signal is refused.
    public var saturatedShare = 0.25

    /// The default settings.
    public init() {}

    /// Reads stored settings; what is not there takes its default.
    ///
    /// - Throws: `DecodingError` where a value has another type.
    public init(from decoder: any Decoder) throws {
      self.init()
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      try read(&shortest, .shortest)
      try read(&largest, .largest)
      try read(&invalidShare, .invalidShare)
      try read(&clippedShare, .clippedShare)
      try read(&saturatedShare, .saturatedShare)
    }
  }

  /// How a needle signal is filtered, scaled by its noise and whitened.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Conditioning: Codable, Sendable, Equatable {
    /// Width of the lower edge of the band, a share of the high-pass.
    public var highPassWidth = 0.12
    /// Width of the upper edge of the band, a share of the sampling rate.
    public var lowPassWidth = 0.008
    /// Highest frequency that is used, a share of the sampling rate.
    public var usableBand = 0.46
    /// Length of the windows whose level tells the noise, in seconds.
    public var levelWindow = 0.005
    /// Share of the windows that is taken for quiet.
    public var levelQuantile = 0.15
    /// Noise over the level of quiet windows.
    public var levelScale = 1.15
    /// Share of the samples below what counts as the largest one.
    public var largestQuantile = 0.999
    /// How far on either side of a firing the signal makes it vary, in seconds.
    public var shapeWindow = 0.001_5
    /// Length of the windows over which the spectrum of the noise is taken, in seconds.
    public var whiteningWindow = 0.0128
    /// Fewest windows from which it is taken.
    public var whiteningFewest = 8
    /// Share of the windows that enter, the quietest ones.
    public var whiteningShare = 0.7
    /// Share of the band over which its level is taken.
    public var whiteningBand = 0.8
    /// Least gain of the whitening.
    public var whiteningLeast = 0.25
    /// Greatest gain of the whitening.
    public var whiteningGreatest = 2.0

    /// The default settings.
    public init() {}

    /// Reads stored settings; what is not there takes its default.
    ///
    /// - Throws: `DecodingError` where a value has another type.
    public init(from decoder: any Decoder) throws {
      self.init()
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      try read(&highPassWidth, .highPassWidth)
      try read(&lowPassWidth, .lowPassWidth)
      try read(&usableBand, .usableBand)
      try read(&levelWindow, .levelWindow)
      try read(&levelQuantile, .levelQuantile)
      try read(&levelScale, .levelScale)
      try read(&largestQuantile, .largestQuantile)
      try read(&shapeWindow, .shapeWindow)
      try read(&whiteningWindow, .whiteningWindow)
      try read(&whiteningFewest, .whiteningFewest)
      try read(&whiteningShare, .whiteningShare)
      try read(&whiteningBand, .whiteningBand)
      try read(&whiteningLeast, .whiteningLeast)
      try read(&whiteningGreatest, .whiteningGreatest)
    }
  }

  /// How the potential of a unit is averaged and cut.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Templates: Codable, Sendable, Equatable {
    /// Fewest firings from which a potential is averaged.
    public var fewestFirings = 5
    /// Share of the values left out at either end of an average.
    public var trim = 0.2
    /// The same for a first average; at 0.5 it is the median.
    public var firstTrim = 0.5
    /// Time over which the level of a potential is smoothed, in seconds.
    public var supportSmoothing = 0.000_6
    /// Level over the error of the average up to which a potential is cut off.
    public var supportLevel = 2.5
    /// Fewest firings that the error of an average is told for.
    public var supportFirings = 4
    /// How far a potential may be below that level within, in seconds.
    public var supportGap = 0.000_8
    /// Length of the tapers at its ends, in seconds.
    public var supportTaper = 0.000_4
    /// High-pass of the signal from which potentials are measured.
    public var wideHighPass = 5.0
    /// Half the length of a potential that is measured, in seconds.
    public var wideHalfWidth = 0.015
    /// Fewest firings from which such a potential is averaged.
    public var wideFewest = 3

    /// The default settings.
    public init() {}

    /// Reads stored settings; what is not there takes its default.
    ///
    /// - Throws: `DecodingError` where a value has another type.
    public init(from decoder: any Decoder) throws {
      self.init()
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      try read(&fewestFirings, .fewestFirings)
      try read(&trim, .trim)
      try read(&firstTrim, .firstTrim)
      try read(&supportSmoothing, .supportSmoothing)
      try read(&supportLevel, .supportLevel)
      try read(&supportFirings, .supportFirings)
      try read(&supportGap, .supportGap)
      try read(&supportTaper, .supportTaper)
      try read(&wideHighPass, .wideHighPass)
      try read(&wideHalfWidth, .wideHalfWidth)
      try read(&wideFewest, .wideFewest)
    }
  }
}
