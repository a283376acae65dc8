import Foundation

/// Removes stimulus artefacts from a recording by a straight line over each.
public struct StimulusArtefact: Sendable, Equatable, Codable {
  /// Start of the blanked window from the stimulus, ms (negative is before).
  public var startMilliseconds: Double = -0.3
  /// End of the blanked window from the stimulus, ms.
  public var endMilliseconds: Double = 1.5

  /// The default window.
  public init() {}

  /// The signal with a straight line between the samples beside each blanked window.
  ///
  /// `stimuli` are sample positions (0-based); parts outside the signal are ignored.
  public func blank(_ signal: [Float], samplingRate: Double, stimuli: [Double]) -> [Float] {
    var result = signal
    guard signal.count > 1 else { return result }
    for stimulus in stimuli where stimulus.isFinite && abs(stimulus) < 1e15 {
      let first = Int((stimulus + startMilliseconds * samplingRate / 1000).rounded(.down))
      let last = Int((stimulus + endMilliseconds * samplingRate / 1000).rounded(.up))
      let from = max(first, 0)
      let to = min(last, signal.count - 1)
      guard from <= to else { continue }
      let left = from > 0 ? signal[from - 1] : signal[min(to + 1, signal.count - 1)]
      let right = to + 1 < signal.count ? signal[to + 1] : left
      for index in from...to {
        let part = Float(index - from + 1) / Float(to - from + 2)
        result[index] = left + (right - left) * part
      }
    }
    return result
  }
}
