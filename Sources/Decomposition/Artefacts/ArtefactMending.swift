import Signal

/// Finds what is no muscle activity in raw channels and puts in its place what the samples around
/// it say.
///
/// Mending comes before any filter, which would spread an artefact over its whole response, and
/// leaves no edges: the samples in between are the most probable ones of an autoregressive process
/// (`AutoregressiveModel`).
public struct ArtefactMending: Sendable {
  /// What was found, and the channels without it.
  public struct Result: Sendable {
    /// Channels x samples.
    public var channels: [[Float]]
    /// What was found, by its start.
    public var artefacts: [SignalArtefact]
    /// Of each channel the share of samples at the limits of its input.
    public var clippedShares: [Double]
    /// Of each channel the share of samples that were no numbers or stood still.
    public var lostShares: [Double]
    /// Stretches of samples in which no channel, or hardly one, holds anything.
    public var silent: [Range<Int>]
  }

  /// Sampling rate in Hz.
  let samplingRate: Double
  /// Lower edge of the analysed band in Hz.
  let lowEdge: Double
  /// Whether potentials may fill a single channel, as those in the muscle do: only what no potential
  /// can be is mended there.
  let potentialsAreLocal: Bool
  /// What is an artefact, and how it is mended.
  let configuration: ArrayConfiguration
  let parallelism: Parallelism

  /// Mending at a sampling rate, ahead of an analysis from `lowEdge` on, both in Hz.
  public init(
    samplingRate: Double, lowEdge: Double, potentialsAreLocal: Bool,
    configuration: ArrayConfiguration = ArrayConfiguration(),
    parallelism: Parallelism = Parallelism()
  ) {
    self.samplingRate = samplingRate
    self.lowEdge = lowEdge
    self.potentialsAreLocal = potentialsAreLocal
    self.configuration = configuration
    self.parallelism = parallelism
  }

  /// Mends channels x samples of equal length, in any unit.
  public func mend(_ raw: [[Float]]) -> Result {
    let count = raw.first?.count ?? 0
    let mended = parallelism.map(raw.count) { index in
      filled(raw[index])
    }
    var channels = mended.map(\.samples)
    if !potentialsAreLocal { fillFromNeighbours(&channels, raw: raw, filled: mended) }
    var artefacts = Self.lostArtefacts(mended.map(\.unusable.lost), count: count)
    let clipped = mended.map(\.unusable.clipped.count)
    if clipped.contains(where: { $0 > 0 }) {
      artefacts.append(
        SignalArtefact(
          kind: .clipping, start: mended.compactMap(\.unusable.clipped.first?.place).min() ?? 0,
          end: (mended.compactMap(\.unusable.clipped.last?.place).max() ?? 0) + 1,
          channels: clipped.indices.filter { clipped[$0] > 0 },
          sampleCount: clipped.reduce(0, +)))
    }
    let search = ArtefactSearch(
      models: mended.map(\.model), samplingRate: samplingRate, configuration: configuration,
      potentialsAreLocal: potentialsAreLocal, parallelism: parallelism)
    artefacts += search.mend(&channels)
    artefacts += SlowSwings(
      samplingRate: samplingRate, lowEdge: lowEdge, settings: configuration.swings,
      parallelism: parallelism
    ).mend(&channels)
    return Result(
      channels: channels,
      artefacts: artefacts.sorted { ($0.start, $0.kind.rawValue) < ($1.start, $1.kind.rawValue) },
      clippedShares: clipped.map { Double($0) / Double(max(1, count)) },
      lostShares: mended.map { Double($0.unusable.lost.count) / Double(max(1, count)) },
      silent: artefacts.filter {
        $0.kind == .lostSamples
          && Double($0.channels.count) >= configuration.lost.silentShare * Double(raw.count)
      }.map { $0.start..<$0.end })
  }

  private struct Filled: Sendable {
    var samples: [Float]
    var unusable: UnusableSamples
    var model: AutoregressiveModel?
  }

  /// Fills the channels that lack samples, each from what the others are by then.
  private func fillFromNeighbours(
    _ channels: inout [[Float]], raw: [[Float]], filled: [Filled]
  ) {
    let lacking = filled.indices.filter {
      filled[$0].model != nil
        && !(filled[$0].unusable.lost.isEmpty && filled[$0].unusable.clipped.isEmpty)
    }
    if lacking.isEmpty { return }
    let usable = filled.indices.filter { filled[$0].model != nil }
    var isMissing = [[Bool]](repeating: [], count: channels.count)
    var missing = [Int](repeating: 0, count: channels[0].count)
    for channel in lacking {
      isMissing[channel] = [Bool](repeating: false, count: channels[channel].count)
      let unusable = filled[channel].unusable
      for place in unusable.lost + unusable.clipped.map(\.place) {
        isMissing[channel][place] = true
        missing[place] += 1
      }
    }
    let prediction = NeighbourPrediction(
      channels, usable: usable, isMissing: isMissing, configuration: configuration)
    for _ in 0..<configuration.filling.sweeps {
      for channel in lacking {
        // Where most channels lack a sample the others have nothing to say.
        let places = isMissing[channel].indices.filter {
          isMissing[channel][$0] && 2 * missing[$0] <= usable.count
        }
        if places.isEmpty
          || !prediction.fill(channel, at: places, in: &channels, isMissing: isMissing)
        {
          continue
        }
        for (place, isHigh) in filled[channel].unusable.clipped {
          let limit = raw[channel][place]
          channels[channel][place] =
            isHigh ? max(limit, channels[channel][place]) : min(limit, channels[channel][place])
        }
      }
    }
  }

  /// A channel with what is not there put in: gaps, and peaks that were cut off.
  private func filled(_ raw: [Float]) -> Filled {
    let unusable = UnusableSamples(
      raw, samplingRate: samplingRate, settings: configuration.lost)
    var samples = raw
    if unusable.lost.count == raw.count {
      return Filled(
        samples: [Float](repeating: 0, count: raw.count), unusable: unusable, model: nil)
    }
    Self.bridge(&samples, at: unusable.lost)
    guard let model = AutoregressiveModel(samples, settings: configuration.artefacts) else {
      return Filled(samples: samples, unusable: unusable, model: nil)
    }
    let gaps = unusable.lost
    var clipped = unusable.clipped
    if !gaps.isEmpty || !clipped.isEmpty {
      // A peak that comes out below the limit was no peak there: it stays at the limit.
      for _ in 0..<2 {
        let missing = (gaps + clipped.map(\.place)).sorted()
        model.mend(&samples, at: missing)
        let below = clipped.filter {
          $0.isHigh ? samples[$0.place] < raw[$0.place] : samples[$0.place] > raw[$0.place]
        }
        if below.isEmpty { break }
        let places = Set(below.map(\.place))
        for place in places { samples[place] = raw[place] }
        clipped.removeAll { places.contains($0.place) }
      }
    }
    return Filled(samples: samples, unusable: unusable, model: model)
  }

  /// Straight lines over gaps.
  private static func bridge(_ samples: inout [Float], at missing: [Int]) {
    var first = 0
    while first < missing.count {
      var last = first
      while last + 1 < missing.count && missing[last + 1] == missing[last] + 1 { last += 1 }
      let before = missing[first] > 0 ? samples[missing[first] - 1] : nil
      let after = missing[last] + 1 < samples.count ? samples[missing[last] + 1] : nil
      let from = before ?? after ?? 0
      let to = after ?? before ?? 0
      let length = Float(last - first + 2)
      for place in first...last {
        let share = Float(place - first + 1) / length
        samples[missing[place]] = from + share * (to - from)
      }
      first = last + 1
    }
  }

  /// Gaps that channels have together are one artefact.
  private static func lostArtefacts(_ lost: [[Int]], count: Int) -> [SignalArtefact] {
    var byRange: [Range<Int>: [Int]] = [:]
    for (channel, places) in lost.enumerated() where places.count < count {
      var first = 0
      while first < places.count {
        var last = first
        while last + 1 < places.count && places[last + 1] == places[last] + 1 { last += 1 }
        byRange[places[first]..<(places[last] + 1), default: []].append(channel)
        first = last + 1
      }
    }
    let single = byRange.map { range, channels in
      SignalArtefact(
        kind: .lostSamples, start: range.lowerBound, end: range.upperBound, channels: channels,
        sampleCount: range.count * channels.count)
    }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    var result: [SignalArtefact] = []
    for one in single {
      if let last = result.last, one.start < last.end {
        result[result.count - 1] = SignalArtefact(
          kind: .lostSamples, start: last.start, end: max(last.end, one.end),
          channels: Set(last.channels).union(one.channels).sorted(),
          sampleCount: last.sampleCount + one.sampleCount)
      } else {
        result.append(one)
      }
    }
    return result
  }
}
