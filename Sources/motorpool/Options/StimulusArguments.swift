import ArgumentParser
import Foundation
import Recordings
import UnitNumber

/// Arguments that say where in a recording the stimuli are and which channel is the muscle.
struct StimulusArguments: ParsableArguments {
  @Option(
    name: .customLong("stimulus-ms"),
    help: "Times of the stimuli in ms, such as 25 or 25,1025; default: trigger channel or remarks.")
  var stimulusMilliseconds: String?

  @Option(
    name: .customLong("trigger-channel"),
    help: "The channel of the stimuli, counted from 1, in files that do not name it (WAV).")
  var triggerChannel: Int?

  /// The stimuli of a recording in samples of the EMG rate.
  ///
  /// From `--stimulus-ms`, else the trigger channel (the named one, or the first of the file), else the
  /// remarks of the recording.
  func stimuli(_ recording: Recording) throws -> [Double] {
    let rate = recording.samplingRate
    if let stimulusMilliseconds {
      return try stimulusMilliseconds.split(separator: ",").map { text in
        guard let time = Double(text), time.isFinite, time >= 0 else {
          throw ValidationError("--stimulus-ms \(stimulusMilliseconds): expected times in ms")
        }
        return time * rate / 1000
      }
    }
    let file = recording.source.fileName
    if let triggerChannel, !recording.channels.indices.contains(triggerChannel - 1) {
      throw ValidationError(
        "--trigger-channel \(triggerChannel): \(file) has \(recording.channels.count) channels, "
          + "counted from 1")
    }
    let named = triggerChannel.map { $0 - 1 }
    if let trigger = named ?? recording.channels(of: .trigger).first {
      let channel = recording.channels[trigger]
      let edges = try StimulatedResponses.triggerEdges(
        try recording.samples(channel: trigger), samplingRate: channel.samplingRate,
        name: "\(file), channel \(channel.name)")
      return edges.map { $0 * rate / channel.samplingRate }
    }
    guard !recording.annotations.isEmpty else {
      throw Failure.Message(
        "\(file): found no trigger channel and no remark, expected the times of the stimuli; "
          + "name them with --stimulus-ms or --trigger-channel")
    }
    return recording.annotations.map { $0.onset * rate }
  }

  /// The responses of a channel, one for each stimulus whose window lies inside the recording.
  ///
  /// A single stimulus may lie close to the ends of the file, as in exported sweeps.
  func responses(
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
  func largest(
    _ signal: [Float], samplingRate: Double, stimuli: [Double], name: String
  ) throws -> CMAPMeasures {
    var best: CMAPMeasures?
    var failure: UnitNumberError?
    for waveform in try responses(
      signal, samplingRate: samplingRate, stimuli: stimuli, name: name)
    {
      do {
        let measured = try CMAPMeasurement().measure(waveform, name: name)
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
