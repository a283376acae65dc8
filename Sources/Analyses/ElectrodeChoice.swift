import Decomposition

/// What the electrodes are, which decides how a recording is decomposed.
public enum ElectrodeChoice: String, Codable, CaseIterable, Sendable {
  /// By the number of EMG channels.
  case auto
  /// One to four channels of a needle or of wires.
  case needle
  /// An array on the skin.
  case surface
  /// An array in the muscle.
  case intramuscular

  /// The most channels that count as a needle where nothing is said.
  public static let mostNeedleChannels = 3

  /// Whether a recording of this many EMG channels goes to the needle decomposer.
  public func isNeedle(channelCount: Int) -> Bool {
    switch self {
    case .auto: (1...Self.mostNeedleChannels).contains(channelCount)
    case .needle: true
    case .surface, .intramuscular: false
    }
  }

  /// Where the electrodes of an array are.
  public var array: ArrayConfiguration.Electrodes {
    self == .intramuscular ? .intramuscular : .surface
  }
}
