import Foundation
import Signal

/// Decomposes recordings of one to four needle or wire channels into motor unit trains.
///
/// Units are found by clustering spikes, superpositions are resolved by an exact joint search over
/// all templates, and trains are kept only where their intervals are those of a motor unit. After
/// McGill, Cummins and Dorfman 1985, IEEE TBME 32(7); McGill 2002, IEEE TBME 49(9).
public enum NeedleDecomposition {
  /// Decomposes channels of equal length in microvolts.
  ///
  /// `progress` is called with the share done, 0...1, from any thread. Signals that hold nothing to
  /// decompose give a result without units and with a `refusal`. The result does not depend on the
  /// number of threads.
  /// - Throws: `DecompositionError` for no or more than four channels, unequal lengths and rates outside
  ///   2...100 kHz; what `progress` throws, which ends the decomposition.
  public static func decompose(
    channels: [[Float]], samplingRate: Double,
    configuration: NeedleConfiguration = NeedleConfiguration(),
    parallelism: Parallelism = Parallelism(),
    progress: (@Sendable (Double) throws -> Void)? = nil
  ) throws -> NeedleResult {
    try check(channels, samplingRate: samplingRate)
    var clock = StageClock()
    let inspection = clock.measure(.inspection) {
      NeedleInspection(
        channels, samplingRate: samplingRate, limits: configuration.inspection)
    }
    let count = channels[0].count
    var result = NeedleResult(
      units: [], flags: inspection.flags, refusal: inspection.refusal, residualSpikeShare: 0,
      noiseMicrovolts: [], lineHarmonics: [], spikeRate: 0, segments: [],
      samplingRate: samplingRate,
      duration: Double(count) / samplingRate, configuration: configuration, timings: [])
    if inspection.refusal == nil {
      let mended = clock.measure(.inspection) {
        mend(
          channels, inspected: inspection.channels, samplingRate: samplingRate,
          parallelism: parallelism, in: &result)
      }
      let signals = clock.measure(.hum) {
        withoutHum(
          mended, samplingRate: samplingRate, parallelism: parallelism, in: &result)
      }
      let ranges = segmentRanges(count, samplingRate: samplingRate, configuration: configuration)
      let done = ProgressCounter(total: ranges.count, report: progress)
      // With one segment the threads go to its restarts.
      let inner = ranges.count == 1 ? parallelism : .single
      let segments = clock.measure(.search) {
        parallelism.map(ranges.count) { index in
          let raw = signals.map { Array($0[ranges[index]]) }
          let model = NeedleEnsemble(
            raw: raw, samplingRate: samplingRate, configuration: configuration, parallelism: inner,
            isCancelled: { done.isCancelled() }
          ).run()
          let segment = NeedleSegment(
            model, raw: raw, range: ranges[index], samplingRate: samplingRate)
          done.step()
          return segment
        }
      }
      try done.check()
      clock.measure(.assembly) { assemble(segments, into: &result) }
    }
    try progress?(1)
    result.timings = clock.timings
    return result
  }

  /// The channels with artefacts, cut-off peaks and lost samples mended, which is noted in the result.
  private static func mend(
    _ raw: [[Float]], inspected: [[Float]], samplingRate: Double, parallelism: Parallelism,
    in result: inout NeedleResult
  ) -> [[Float]] {
    let own = result.configuration
    if !own.mendsArtefacts { return inspected }
    // What is no measurement is lost, as what is no number is.
    let largest = Float(own.inspection.largest)
    let usable = raw.map { channel in
      channel.contains { abs($0) > largest }
        ? channel.map { abs($0) > largest ? .nan : $0 } : channel
    }
    var configuration = ArrayConfiguration()
    configuration.artefacts = own.artefacts
    configuration.lost = own.lost
    let mended = ArtefactMending(
      samplingRate: samplingRate, lowEdge: min(own.highPass, own.highPassAtLowRate),
      potentialsAreLocal: true, configuration: configuration, parallelism: parallelism
    ).mend(usable)
    if mended.artefacts.isEmpty { return inspected }
    result.artefacts = mended.artefacts
    result.mendedChannels = mended.channels
    let others = mended.artefacts.filter { $0.kind != .clipping }
    for kind in SignalArtefact.Kind.allCases {
      let all = others.filter { $0.kind == kind }
      guard let first = all.first else { continue }
      result.flags.append(
        NeedleFlag(
          kind: .artefacts,
          message: String(
            format: "%@: %d mended, the first at %.2f s", kind.words, all.count,
            Double(first.start) / samplingRate)))
    }
    return mended.channels
  }

  /// The channels without mains hum, which is noted in the result.
  private static func withoutHum(
    _ channels: [[Float]], samplingRate: Double, parallelism: Parallelism,
    in result: inout NeedleResult
  ) -> [[Float]] {
    if !result.configuration.removesLineNoise { return channels }
    result.lineHarmonics = LineNoise.harmonics(
      in: channels, samplingRate: samplingRate, band: (low: 50, high: samplingRate / 2),
      settings: result.configuration.hum)
    if result.lineHarmonics.isEmpty { return channels }
    result.flags.append(
      NeedleFlag(kind: .lineNoise, message: LineNoise.note(result.lineHarmonics)))
    return LineNoise.removing(
      result.lineHarmonics, from: channels, samplingRate: samplingRate, parallelism: parallelism)
  }

  private static func check(
    _ channels: [[Float]], samplingRate: Double
  ) throws(DecompositionError) {
    if channels.isEmpty { throw .tooFewChannels(usable: 0, needed: 1, reason: "") }
    if channels.count > 4 { throw .tooManyChannels(found: channels.count, limit: 4) }
    if !(samplingRate >= 2_000 && samplingRate <= 100_000) {
      throw .samplingRate(found: samplingRate, lowest: 2_000, highest: 100_000)
    }
    for (index, channel) in channels.enumerated() where channel.count != channels[0].count {
      throw .unequalChannels(
        first: channels[0].count, other: channel.count, channel: index)
    }
  }

  /// Equal stretches of at most the configured duration that overlap by one second.
  static func segmentRanges(
    _ count: Int, samplingRate: Double, configuration: NeedleConfiguration
  ) -> [Range<Int>] {
    let longest = max(4, configuration.segmentDuration) * samplingRate
    if Double(count) <= 1.25 * longest { return [0..<count] }
    let overlap = samplingRate
    let number = Int(((Double(count) - overlap) / (longest - overlap)).rounded(.up))
    let length = Int(((Double(count) + Double(number - 1) * overlap) / Double(number)).rounded(.up))
    return (0..<number).map { index in
      let start = index * (count - length) / max(1, number - 1)
      return start..<start + length
    }
  }
}
