/// Collects what the segments of a long recording say about the recording as a whole.
struct MergedSegments: Sendable {
  let ranges: [Range<Int>]
  /// Samples of the recording in a bin of the power trace.
  let bin: Int
  /// The first decomposed segment.
  private(set) var first: ArrayDecomposition?
  /// Why the last segment without a decomposition has none.
  private(set) var silence: DecompositionError?
  private var signal: [Double] = []
  private var residual: [Double] = []
  private var rejected: [(segment: Int, channel: RejectedChannel)] = []
  private var artefacts: [SignalArtefact] = []
  private var channels = Set<Int>()
  private var notches = Set<Double>()
  private var rounds = 0
  private var silent = Set<Int>()

  init(ranges: [Range<Int>], bin: Int) {
    self.ranges = ranges
    self.bin = bin
  }

  /// Bins of a segment that are its own: up to the middle of each overlap.
  private func ownBins(_ segment: Int) -> Range<Int> {
    let range = ranges[segment]
    let low =
      segment > 0 ? (range.lowerBound + ranges[segment - 1].upperBound) / 2 : range.lowerBound
    let high =
      segment + 1 < ranges.count
      ? (ranges[segment + 1].lowerBound + range.upperBound) / 2 : range.upperBound
    return (low / bin)..<((high + bin - 1) / bin)
  }

  mutating func add(_ part: ArrayDecomposition, segment: Int) {
    if first == nil { first = part }
    let offset = ranges[segment].lowerBound / bin
    for index in ownBins(segment) where part.power.signal.indices.contains(index - offset) {
      signal.append(part.power.signal[index - offset])
      residual.append(part.power.residual[index - offset])
    }
    artefacts += part.artefacts.map { $0.moved(by: ranges[segment].lowerBound) }
    rejected += part.rejectedChannels.map { (segment, $0) }
    channels.formUnion(part.channels)
    notches.formUnion(part.notches)
    rounds = max(rounds, part.roundCount)
  }

  /// A segment without any signal.
  mutating func addSilent(_ segment: Int, error: DecompositionError) {
    silence = error
    silent.insert(segment)
    let count = ownBins(segment).count
    signal += [Double](repeating: 0, count: count)
    residual += [Double](repeating: 0, count: count)
  }

  /// Whether a segment had nothing to decompose.
  func isSilent(_ segment: Int) -> Bool { silent.contains(segment) }

  func decomposition(
    units: [MotorUnit], like first: ArrayDecomposition, sampleCount: Int,
    configuration: ArrayConfiguration, timings: [StageTiming]
  ) -> ArrayDecomposition {
    let power = PowerTrace(
      binDuration: Double(bin) / first.samplingRate, signal: signal, residual: residual)
    let byChannel = Dictionary(grouping: rejected) { $0.channel.index }
    let list = byChannel.keys.sorted().map { index -> RejectedChannel in
      let found = byChannel[index] ?? []
      let reason = found.first?.channel.reason ?? ""
      return RejectedChannel(
        index: index,
        reason: found.count == ranges.count
          ? reason : "\(reason) (in \(found.count) of \(ranges.count) segments)")
    }
    return ArrayDecomposition(
      units: units, samplingRate: first.samplingRate, sampleCount: sampleCount,
      filterRate: first.filterRate, channels: channels.sorted(), rejectedChannels: list,
      artefacts: SignalArtefact.merged(artefacts),
      notches: notches.sorted(), residualPowerShare: power.residualShare, power: power,
      roundCount: rounds, configuration: configuration, timings: timings)
  }
}
