import Foundation
import Recordings
import UnitNumber

/// Where in a recording the stimuli are.
package struct StimulusTimes: Sendable {
  /// Times of the stimuli in ms; nil to take the trigger channel or the remarks.
  package var milliseconds: [Double]?
  /// The channel of the stimuli, counted from 1; nil to take the one that the file names.
  package var triggerChannel: Int?
  /// The code of the stimuli in a trigger channel that holds several; nil takes the only one.
  package var triggerCode: Int?
  /// How their responses are measured.
  package var measurement: CMAPMeasurement

  package init(
    milliseconds: [Double]? = nil, triggerChannel: Int? = nil, triggerCode: Int? = nil,
    measurement: CMAPMeasurement = CMAPMeasurement()
  ) {
    self.measurement = measurement
    self.milliseconds = milliseconds
    self.triggerChannel = triggerChannel
    self.triggerCode = triggerCode
  }

  /// The stimuli of a recording in samples of the EMG rate.
  ///
  /// The stated times, else the trigger channel (the named one, or the first of the file), else the
  /// remarks of the recording.
  /// - Throws: `AnalysisError` where there is none of them, `RecordingError`, `UnitNumberError`.
  package func stimuli(_ recording: Recording) throws -> [Double] {
    let rate = recording.samplingRate
    if let milliseconds { return milliseconds.map { $0 * rate / 1000 } }
    let file = recording.source.fileName
    if let triggerChannel, !recording.channels.indices.contains(triggerChannel - 1) {
      throw AnalysisError(
        .wrongSetting, path: file,
        "found \(recording.channels.count) channels, counted from 1, expected channel "
          + "\(triggerChannel) for the stimuli", remedy: .stateStimuli)
    }
    let named = triggerChannel.map { $0 - 1 }
    if let trigger = named ?? recording.channels(of: .trigger).first {
      let channel = recording.channels[trigger]
      let edges = try TriggerEdges(code: triggerCode).edges(
        in: try recording.samples(channel: trigger), samplingRate: channel.samplingRate,
        name: "\(file), channel \(channel.name)")
      return edges.map { $0 * rate / channel.samplingRate }
    }
    guard !recording.annotations.isEmpty else {
      throw AnalysisError(
        path: file, "found no trigger channel and no remark, expected the times of the stimuli",
        remedy: .stateStimuli)
    }
    return recording.annotations.map { $0.onset * rate }
  }

  /// The responses of a channel, one for each stimulus whose window lies inside the recording.
  ///
  /// A single stimulus may lie close to the ends of the file, as in exported sweeps.
  package func responses(
    _ signal: [Float], samplingRate: Double, stimuli: [Double], name: String
  ) throws -> [CMAPWaveform] {
    if stimuli.count == 1, let stimulus = stimuli.first, stimulus >= 0,
      stimulus < Double(signal.count)
    {
      let first = max(0, Int(stimulus) - Int(0.025 * samplingRate))
      let last = min(signal.count, Int(stimulus) + Int(0.080 * samplingRate))
      return [
        CMAPWaveform(
          samplesMicrovolts: Array(signal[first..<last]), samplingRate: samplingRate,
          stimulusSample: stimulus - Double(first))
      ]
    }
    return try StimulatedResponses().cut(
      signal, samplingRate: samplingRate, stimuli: stimuli, name: name
    ).responses
  }

  /// The largest of the responses of a channel, as the CMAP is defined.
  package func largest(
    _ signal: [Float], samplingRate: Double, stimuli: [Double], name: String
  ) throws -> CMAPMeasures {
    var best: CMAPMeasures?
    var failure: UnitNumberError?
    for waveform in try responses(
      signal, samplingRate: samplingRate, stimuli: stimuli, name: name)
    {
      do {
        let measured = try measurement.measure(waveform, name: name)
        if measured.amplitudeMillivolts > (best?.amplitudeMillivolts ?? 0) { best = measured }
      } catch let error as UnitNumberError {
        failure = error
      }
    }
    if let best { return best }
    throw failure
      ?? UnitNumberError(
        .tooLittleData, source: name, found: "no response", expected: "a CMAP after a stimulus")
  }
}
