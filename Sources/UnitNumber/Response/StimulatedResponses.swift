import Foundation

/// Cuts responses to stimuli out of a continuous recording.
public struct StimulatedResponses: Sendable, Equatable, Codable {
  /// Time kept before each stimulus, ms.
  public var beforeMilliseconds: Double = 25
  /// Time kept after each stimulus, ms.
  public var afterMilliseconds: Double = 80

  /// The default window.
  public init() {}

  /// The responses of one channel.
  ///
  /// `signal` in uV; `stimuli` are sample positions (0-based). Stimuli whose window leaves the
  /// recording or holds another stimulus are left out; their places are returned. Throws
  /// `UnitNumberError` where no response is left.
  public func cut(
    _ signal: [Float], samplingRate: Double, stimuli: [Double], name: String = "recording"
  ) throws -> (responses: [CMAPWaveform], rejected: [Rejection]) {
    guard samplingRate.isFinite, samplingRate > 0 else {
      throw UnitNumberError(
        .unusableData, source: name, found: "a sampling rate of \(samplingRate) Hz",
        expected: "a rate above 0 Hz")
    }
    let before = Int((beforeMilliseconds * samplingRate / 1000).rounded())
    let after = Int((afterMilliseconds * samplingRate / 1000).rounded())
    var responses: [CMAPWaveform] = []
    var rejected: [Rejection] = []
    for (index, stimulus) in stimuli.enumerated() {
      guard stimulus.isFinite, abs(stimulus) < 1e15 else {
        rejected.append(Rejection(index: index, reason: "the stimulus position is not finite"))
        continue
      }
      let centre = Int(stimulus.rounded())
      let window = centre - before..<centre + after
      if window.lowerBound < 0 || window.upperBound > signal.count {
        rejected.append(Rejection(index: index, reason: "the window leaves the recording"))
      } else if stimuli.enumerated().contains(where: {
        $0.offset != index && $0.element >= Double(window.lowerBound)
          && $0.element < Double(window.upperBound)
      }) {
        rejected.append(Rejection(index: index, reason: "another stimulus falls into the window"))
      } else {
        responses.append(
          CMAPWaveform(
            samplesMicrovolts: Array(signal[window]), samplingRate: samplingRate,
            stimulusSample: stimulus - Double(window.lowerBound)))
      }
    }
    guard !responses.isEmpty else {
      throw UnitNumberError(
        .tooLittleData, source: name, found: "\(stimuli.count) stimuli, none with a whole window",
        expected: "at least one response of \(beforeMilliseconds) ms before and "
          + "\(afterMilliseconds) ms after its stimulus",
        remedy: "shorten the window or check the trigger")
    }
    return (responses, rejected)
  }
}

/// One epoch, response, step or unit that was not used, with the reason.
public struct Rejection: Sendable, Equatable, Codable {
  /// Its place in the input, 0-based.
  public var index: Int
  /// Why it was not used.
  public var reason: String

  /// Makes a rejection.
  public init(index: Int, reason: String) {
    self.index = index
    self.reason = reason
  }
}
