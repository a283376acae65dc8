import Foundation
import Recordings
import UnitNumber

/// The CMAP on each channel of a recording: one stimulus and one polarity for all.
package struct ChannelCMAPs {
  package let file: InputHash
  package let samplingRate: Double
  /// In the order of the channels; nil where no response stands out of the baseline.
  package let measures: [CMAPMeasures?]
  /// Why a channel has none, by its place.
  package let reasons: [Int: String]
  /// Which samples are the negative phase.
  package let polarity: CMAPMeasurement.NegativePhase
  /// Responses that were compared.
  package let responseCount: Int

  /// Name and hash of a file.
  package struct InputHash {
    package let name: String
    package let sha256: String
  }

  /// Measures the strongest response of a recording.
  ///
  /// The response is that with the largest deflection on any channel; with `polarity` automatic the
  /// channel of this deflection decides for all.
  /// - Throws: `RecordingError`, `UnitNumberError` and `AnalysisError`, naming the file.
  package init(
    _ recording: Recording, stimulus: StimulusTimes, polarity: CMAPMeasurement.NegativePhase
  ) throws {
    let name = recording.source.fileName
    guard recording.hasPhysicalAmplitude else {
      throw AnalysisError(
        path: name, "found samples without a unit, expected microvolts",
        remedy: .stateScale)
    }
    let signals = try recording.emgSamples()
    let rate = recording.samplingRate
    let stimuli = try stimulus.stimuli(recording)
    let responses = try signals.map {
      try stimulus.responses($0, samplingRate: rate, stimuli: stimuli, name: name)
    }
    guard let first = responses.first, !first.isEmpty else {
      throw AnalysisError(path: name, "found no EMG channel with a response, expected one")
    }
    var settings = stimulus.measurement
    settings.negativePhase = polarity
    var best = (size: 0.0, channel: 0, response: 0)
    for (channel, waveforms) in responses.enumerated() {
      for (index, waveform) in waveforms.enumerated() {
        guard let found = try? settings.measure(waveform, name: name),
          found.peakToPeakMillivolts > best.size
        else { continue }
        best = (found.peakToPeakMillivolts, channel, index)
      }
    }
    settings.negativePhase = settings.polarity(of: responses[best.channel][best.response])
    var measures: [CMAPMeasures?] = []
    var reasons: [Int: String] = [:]
    for (channel, waveforms) in responses.enumerated() {
      do {
        measures.append(
          try settings.measure(waveforms[best.response], name: "\(name), channel \(channel + 1)"))
      } catch let error as UnitNumberError {
        measures.append(nil)
        reasons[channel] = error.description
      }
    }
    guard measures.contains(where: { $0 != nil }) else {
      throw AnalysisError(reasons[0] ?? "\(name): no response")
    }
    file = InputHash(name: name, sha256: try recording.source.inputHash())
    samplingRate = rate
    self.measures = measures
    self.reasons = reasons
    self.polarity = settings.negativePhase
    responseCount = first.count
  }
}
