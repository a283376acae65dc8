/// One response to one stimulus on one channel.
public struct CMAPWaveform: Sendable, Equatable, Codable {
  /// The samples in uV, from before the stimulus to after the response.
  public var samplesMicrovolts: [Float]
  /// Samples a second, Hz.
  public var samplingRate: Double
  /// Position of the stimulus in samples from the first one (0-based, may be fractional).
  public var stimulusSample: Double

  /// Makes a response from its samples (uV), sampling rate (Hz) and stimulus position (samples).
  public init(samplesMicrovolts: [Float], samplingRate: Double, stimulusSample: Double) {
    self.samplesMicrovolts = samplesMicrovolts
    self.samplingRate = samplingRate
    self.stimulusSample = stimulusSample
  }

  /// The sample at or after a time from the stimulus in ms, held within the waveform.
  func sample(atMilliseconds time: Double) -> Int {
    let position = (stimulusSample + time * samplingRate / 1000).rounded(.up)
    return Int(min(max(position, 0), Double(samplesMicrovolts.count)))
  }
}

/// What is measured on a CMAP or on the surface potential of a single unit.
public struct CMAPMeasures: Sendable, Equatable, Codable {
  /// Baseline to negative peak, mV.
  public var amplitudeMillivolts: Double
  /// Negative peak to following or preceding positive peak, mV.
  public var peakToPeakMillivolts: Double
  /// Integral of the negative phase from onset to zero crossing, mV ms.
  public var areaMillivoltMilliseconds: Double
  /// Integral of the squared voltage over the same window, mV^2 ms.
  public var powerSquaredMillivoltMilliseconds: Double
  /// Onset to zero crossing, ms.
  public var durationMilliseconds: Double
  /// Stimulus to onset, ms.
  public var latencyMilliseconds: Double
  /// Stimulus to negative peak, ms.
  public var peakLatencyMilliseconds: Double
  /// Mean voltage before the stimulus, uV; subtracted from all values.
  public var baselineMicrovolts: Double
  /// Standard deviation before the stimulus, uV.
  public var noiseMicrovolts: Double

  /// A CMAP of which the amplitude alone is known, in mV; the other values are NaN.
  public init(amplitudeMillivolts: Double) {
    self.init(
      amplitudeMillivolts: amplitudeMillivolts, peakToPeakMillivolts: .nan,
      areaMillivoltMilliseconds: .nan, powerSquaredMillivoltMilliseconds: .nan,
      durationMilliseconds: .nan, latencyMilliseconds: .nan, peakLatencyMilliseconds: .nan,
      baselineMicrovolts: .nan, noiseMicrovolts: .nan)
  }

  init(
    amplitudeMillivolts: Double, peakToPeakMillivolts: Double, areaMillivoltMilliseconds: Double,
    powerSquaredMillivoltMilliseconds: Double, durationMilliseconds: Double,
    latencyMilliseconds: Double, peakLatencyMilliseconds: Double, baselineMicrovolts: Double,
    noiseMicrovolts: Double
  ) {
    self.amplitudeMillivolts = amplitudeMillivolts
    self.peakToPeakMillivolts = peakToPeakMillivolts
    self.areaMillivoltMilliseconds = areaMillivoltMilliseconds
    self.powerSquaredMillivoltMilliseconds = powerSquaredMillivoltMilliseconds
    self.durationMilliseconds = durationMilliseconds
    self.latencyMilliseconds = latencyMilliseconds
    self.peakLatencyMilliseconds = peakLatencyMilliseconds
    self.baselineMicrovolts = baselineMicrovolts
    self.noiseMicrovolts = noiseMicrovolts
  }
}
