import Foundation

/// How a response is measured.
public struct CMAPMeasurement: Sendable, Equatable, Codable {
  /// Which samples are the negative phase, drawn upwards by custom.
  public enum NegativePhase: String, Sendable, Codable {
    /// Negative samples: the recording keeps the physical sign.
    case negativeSamples = "negative_samples"
    /// Positive samples: the recording program has turned the sign.
    case positiveSamples = "positive_samples"
    /// The first phase that reaches half of the largest deflection.
    case automatic
  }

  /// Which samples are the negative phase.
  public var negativePhase: NegativePhase = .automatic
  /// Baseline window before the stimulus, ms, as start and end (both negative).
  public var baselineMilliseconds: [Double] = [-20, -1]
  /// Time after the stimulus that is blanked for its artefact, ms.
  public var blankingMilliseconds: Double = 1.5
  /// End of the search for the response after the stimulus, ms.
  public var searchEndMilliseconds: Double = 60
  /// Onset threshold in standard deviations of the baseline.
  public var onsetDeviations: Double = 5
  /// Onset threshold at least this share of the negative peak.
  public var onsetShare: Double = 0.02
  /// The deflection must stay beyond the threshold for this time, ms.
  public var sustainedMilliseconds: Double = 0.5

  /// The default settings.
  public init() {}

  /// Measures one response.
  ///
  /// - Throws: `UnitNumberError` where the baseline is missing or no response stands out of it.
  public func measure(_ waveform: CMAPWaveform, name: String = "CMAP") throws -> CMAPMeasures {
    let rate = waveform.samplingRate
    guard rate > 0, rate.isFinite, waveform.stimulusSample.isFinite,
      waveform.samplesMicrovolts.allSatisfy({ $0.isFinite })
    else {
      throw UnitNumberError(
        .unusableData, source: name,
        found: "samples, stimulus position or sampling rate (\(rate) Hz) not finite",
        expected: "finite samples at a rate above 0 Hz")
    }
    let first = waveform.sample(atMilliseconds: baselineMilliseconds.first ?? -20)
    let last = waveform.sample(atMilliseconds: baselineMilliseconds.last ?? -1)
    guard last - first >= 4 else {
      throw UnitNumberError(
        .tooLittleData, source: name, found: "\(max(last - first, 0)) samples before the stimulus",
        expected: "at least 4 between \(baselineMilliseconds) ms",
        remedy: "cut the responses with a longer time before the stimulus")
    }
    let before = waveform.samplesMicrovolts[first..<last].map(Double.init)
    let baseline = before.reduce(0, +) / Double(before.count)
    let noise =
      (before.reduce(0) { $0 + ($1 - baseline) * ($1 - baseline) } / Double(before.count - 1))
      .squareRoot()
    let start = waveform.sample(atMilliseconds: max(blankingMilliseconds, 0))
    let end = waveform.sample(atMilliseconds: searchEndMilliseconds)
    guard end - start >= 4 else {
      throw UnitNumberError(
        .tooLittleData, source: name, found: "\(max(end - start, 0)) samples after the artefact",
        expected: "a response of at least 4 samples",
        remedy: "cut the responses with a longer time after the stimulus")
    }
    var values = waveform.samplesMicrovolts[start..<end].map { (Double($0) - baseline) / 1000 }
    if upward(values) == false { values = values.map { -$0 } }
    let phase = try NegativePhaseWindow(
      values, noise: noise / 1000, samplesPerMillisecond: rate / 1000, settings: self, name: name)
    func time(_ position: Double) -> Double {
      (Double(start) + position - waveform.stimulusSample) * 1000 / rate
    }
    return CMAPMeasures(
      amplitudeMillivolts: values[phase.peak],
      peakToPeakMillivolts: values[phase.peak] - (values.min() ?? 0),
      areaMillivoltMilliseconds: phase.integral(values) * 1000 / rate,
      powerSquaredMillivoltMilliseconds: phase.integral(values.map { $0 * $0 }) * 1000 / rate,
      durationMilliseconds: (phase.end - Double(phase.onset)) * 1000 / rate,
      latencyMilliseconds: time(Double(phase.onset)),
      peakLatencyMilliseconds: time(Double(phase.peak)), baselineMicrovolts: baseline,
      noiseMicrovolts: noise)
  }

  /// The polarity by which a response is measured: never `.automatic`.
  ///
  /// Where the setting is automatic, the first phase that reaches half of the largest deflection
  /// after the blanked artefact decides. Several channels of one muscle need one polarity.
  public func polarity(of waveform: CMAPWaveform) -> NegativePhase {
    let first = waveform.sample(atMilliseconds: baselineMilliseconds.first ?? -20)
    let last = waveform.sample(atMilliseconds: baselineMilliseconds.last ?? -1)
    let start = waveform.sample(atMilliseconds: max(blankingMilliseconds, 0))
    let end = waveform.sample(atMilliseconds: searchEndMilliseconds)
    guard first < last, start < end else { return .negativeSamples }
    let baseline =
      waveform.samplesMicrovolts[first..<last].reduce(0) { $0 + Double($1) } / Double(last - first)
    let values = waveform.samplesMicrovolts[start..<end].map { Double($0) - baseline }
    return upward(values) ? .positiveSamples : .negativeSamples
  }

  /// Whether the negative phase points upwards in the samples.
  private func upward(_ values: [Double]) -> Bool {
    switch negativePhase {
    case .positiveSamples: return true
    case .negativeSamples: return false
    case .automatic:
      let largest = values.reduce(0) { max($0, abs($1)) }
      return (values.first { abs($0) >= largest / 2 } ?? 1) > 0
    }
  }
}

/// Onset, negative peak and zero crossing of a response whose negative phase points upwards.
struct NegativePhaseWindow {
  /// First sample of the sustained deflection.
  var onset: Int
  /// Sample of the negative peak.
  var peak: Int
  /// Zero crossing after the peak, in samples, interpolated; the last sample where there is none.
  var end: Double

  init(
    _ values: [Double], noise: Double, samplesPerMillisecond: Double, settings: CMAPMeasurement,
    name: String
  ) throws {
    guard let peak = values.indices.max(by: { values[$0] < values[$1] }), values[peak] > 0,
      values[peak] > settings.onsetDeviations * noise
    else {
      throw UnitNumberError(
        .unusableData, source: name,
        found: "no deflection above \(settings.onsetDeviations) baseline standard deviations",
        expected: "a response", remedy: "check the stimulus, the polarity and the blanking")
    }
    let limit = max(settings.onsetDeviations * noise, settings.onsetShare * values[peak])
    let sustained = max(
      1, Int((settings.sustainedMilliseconds * samplesPerMillisecond).rounded()))
    // The onset is the start of the negative phase: the last time below threshold for long enough
    // before the peak ends the search.
    var onset = peak
    var quiet = 0
    for index in stride(from: peak, through: 0, by: -1) {
      if values[index] > limit {
        onset = index
        quiet = 0
      } else {
        quiet += 1
        if quiet >= sustained || values[index] < 0 { break }
      }
    }
    self.onset = onset
    self.peak = peak
    var index = peak
    while index + 1 < values.count, values[index + 1] > 0 { index += 1 }
    if index + 1 < values.count {
      let (a, b) = (values[index], values[index + 1])
      end = Double(index) + (a > b ? a / (a - b) : 0)
    } else {
      end = Double(values.count - 1)
    }
  }

  /// The integral from onset to end by the trapezoidal rule, in value x samples.
  func integral(_ values: [Double]) -> Double {
    let whole = Int(end)
    var sum = 0.0
    for index in onset..<max(whole, onset) { sum += 0.5 * (values[index] + values[index + 1]) }
    // The last, partial interval falls to zero at the crossing.
    if whole + 1 < values.count { sum += 0.5 * values[whole] * (end - Double(whole)) }
    return sum
  }
}
