/// Something in a recording that is no muscle activity: where, how long, on which channels.
public struct SignalArtefact: Sendable, Equatable, Codable {
  /// The kinds of artefacts.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A pulse or jump on a few channels.
    case pulse
    /// A pulse or jump on all channels at once: switching, stimulation, cables.
    case commonPulse
    /// Values cut off at the limits of the input; one entry for all of a recording.
    case clipping
    /// Values that stand still, or are no numbers: lost packets, electrodes that were off.
    case lostSamples
    /// Slow swings far above the muscle's own power at low frequencies.
    case movement

    /// The kind in words.
    public var words: String {
      switch self {
      case .pulse: "pulse"
      case .commonPulse: "pulse on all channels"
      case .clipping: "clipping"
      case .lostSamples: "lost samples"
      case .movement: "movement"
      }
    }
  }

  /// What it is.
  public let kind: Kind
  /// First sample.
  public let start: Int
  /// The sample after the last one.
  public let end: Int
  /// The channels, by index among those given, ascending.
  public let channels: [Int]
  /// Samples that were mended, over all channels.
  public let sampleCount: Int

  /// An artefact from its parts.
  public init(kind: Kind, start: Int, end: Int, channels: [Int], sampleCount: Int) {
    self.kind = kind
    self.start = start
    self.end = end
    self.channels = channels
    self.sampleCount = sampleCount
  }

  /// The same artefact so many samples later.
  func moved(by samples: Int) -> SignalArtefact {
    SignalArtefact(
      kind: kind, start: start + samples, end: end + samples, channels: channels,
      sampleCount: sampleCount)
  }

  /// Artefacts of overlapping stretches in order, those seen twice once.
  static func merged(_ all: [SignalArtefact]) -> [SignalArtefact] {
    var result: [SignalArtefact] = []
    for one in all.sorted(by: { ($0.kind.rawValue, $0.start) < ($1.kind.rawValue, $1.start) }) {
      if let last = result.last, last.kind == one.kind,
        one.start < last.end || one.kind == .clipping,
        one.kind == .clipping || !Set(last.channels).isDisjoint(with: one.channels)
      {
        result[result.count - 1] = SignalArtefact(
          kind: last.kind, start: last.start, end: max(last.end, one.end),
          channels: Set(last.channels).union(one.channels).sorted(),
          sampleCount: one.kind == .clipping
            ? last.sampleCount + one.sampleCount : max(last.sampleCount, one.sampleCount))
      } else {
        result.append(one)
      }
    }
    return result.sorted { ($0.start, $0.kind.rawValue) < ($1.start, $1.kind.rawValue) }
  }
}
