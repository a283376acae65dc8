import Foundation

/// Why a signal cannot be decomposed; each description says what was found and what to do.
public enum DecompositionError: Error, Equatable, CustomStringConvertible, LocalizedError {
  /// Fewer usable channels than the method needs.
  case tooFewChannels(usable: Int, needed: Int, reason: String)
  /// More channels than the method takes.
  case tooManyChannels(found: Int, limit: Int)
  /// The signal is too short.
  case tooShort(seconds: Double, needed: Double)
  /// The sampling rate is outside the supported range.
  case samplingRate(found: Double, lowest: Double, highest: Double)
  /// Channels of unequal length.
  case unequalChannels(first: Int, other: Int, channel: Int)
  /// The signal has no power in the analysed band.
  case noSignal(String)
  /// A configuration value makes no sense.
  case configuration(String)
  /// A kept model cannot be read or does not fit the recording.
  case model(String)

  /// One line: what was found, what is needed, what to do.
  public var description: String {
    switch self {
    case .tooFewChannels(let usable, let needed, let reason):
      return "only \(usable) usable EMG channels, at least \(needed) are needed\(reason); "
        + "check the electrodes, or choose other channels"
    case .tooManyChannels(let found, let limit):
      return "\(found) EMG channels, at most \(limit) are supported; "
        + "choose fewer channels"
    case .tooShort(let seconds, let needed):
      return "the recording lasts \(rounded(seconds)) s, at least \(rounded(needed)) s are needed "
        + "to tell one motor unit's discharges from chance"
    case .samplingRate(let found, let lowest, let highest):
      return "a sampling rate of \(rounded(found)) Hz, between \(rounded(lowest)) and "
        + "\(rounded(highest)) Hz are supported; check the rate that is stated"
    case .unequalChannels(let first, let other, let channel):
      return "channel \(channel + 1) has \(other) samples where the first has \(first); "
        + "all analysed channels need one rate and length"
    case .noSignal(let found):
      return "no EMG to decompose: \(found)"
    case .configuration(let found), .model(let found):
      return found
    }
  }

  /// The description, for callers that ask a localized error.
  public var errorDescription: String? { description }

  private func rounded(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(format: "%.2f", value)
  }
}
