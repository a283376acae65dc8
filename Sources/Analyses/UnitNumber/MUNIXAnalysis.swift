import Foundation
import Recordings
import Reports
import UnitNumber

/// MUNIX of one muscle from a CMAP and the epochs of interference patterns.
package struct MUNIXAnalysis {
  package let configuration: MUNIX
  /// How the CMAP was measured.
  package let measurement: CMAPMeasurement
  package let cmapFile: String
  package let cmap: CMAPMeasures
  package let epochs: [SurfaceInterferencePattern]
  package let estimate: MUNIXEstimate
  package let inputs: [InputFile]
  /// Muscle of the norms, if any was named.
  package let muscle: String?

  /// Reads the CMAP and the patterns; one file may hold both.
  ///
  /// The first EMG channel of each file counts. Epochs that a response falls into are left out.
  /// - Parameter progress: what it throws ends the work.
  /// - Throws: `RecordingError`, `UnitNumberError` and `AnalysisError`, naming the file; what `progress`
  ///   throws.
  package init(
    patterns: [String], cmap cmapPath: String, reading: RecordingReading,
    stimulus: StimulusTimes, configuration: MUNIX, muscle: String?,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    self.configuration = configuration
    measurement = stimulus.measurement
    self.muscle = muscle
    let cmapRecording = try reading.open(cmapPath)
    let cmapSignal = try Self.signal(cmapRecording, trigger: stimulus.triggerChannel)
    let stimuli = try stimulus.stimuli(cmapRecording)
    cmapFile = cmapRecording.source.fileName
    cmap = try stimulus.largest(
      cmapSignal.samples, samplingRate: cmapSignal.rate, stimuli: stimuli, name: cmapFile)
    let cmapHash = try cmapRecording.source.inputHash()
    var inputs = [InputFile(name: cmapFile, sha256: cmapHash)]
    var epochs: [SurfaceInterferencePattern] = []
    for (number, path) in patterns.enumerated() {
      try progress(
        AnalysisProgress(0.8 * Double(number) / Double(patterns.count), detail: "reading"))
      let recording = try reading.open(path)
      let hash = try recording.source.inputHash()
      let signal = try Self.signal(
        recording, trigger: hash == cmapHash ? stimulus.triggerChannel : nil)
      epochs += Self.epochs(
        of: signal.samples, rate: signal.rate, length: configuration.epochMilliseconds,
        avoiding: hash == cmapHash ? stimuli : [])
      if hash != cmapHash {
        inputs.append(InputFile(name: recording.source.fileName, sha256: hash))
      }
    }
    self.inputs = inputs
    self.epochs = epochs
    estimate = try configuration.estimate(
      cmap: cmap, epochs: epochs,
      name: patterns.map { ($0 as NSString).lastPathComponent }.joined(separator: ", ")
    ) { try progress(AnalysisProgress(0.8 + 0.2 * $0, detail: "bootstrap")) }
  }

  /// Samples in microvolts of the first EMG channel that is not the named trigger (counted from 1).
  package static func signal(
    _ recording: Recording, trigger: Int? = nil
  ) throws -> (samples: [Float], rate: Double) {
    guard let channel = recording.emgChannels.first(where: { $0 + 1 != trigger }) else {
      throw AnalysisError(path: recording.source.fileName, "found no EMG channel, expected one")
    }
    guard recording.hasPhysicalAmplitude else {
      throw AnalysisError(
        path: recording.source.fileName, "found samples without a unit, expected microvolts",
        remedy: .stateScale)
    }
    return (
      try recording.samples(channel: channel), recording.channels[channel].samplingRate
    )
  }

  package static func epochs(
    of signal: [Float], rate: Double, length: Double, avoiding stimuli: [Double]
  ) -> [SurfaceInterferencePattern] {
    let exact = (length * rate / 1000).rounded()
    guard exact >= 1, exact <= Double(signal.count) else { return [] }
    let count = Int(exact)
    return (0..<signal.count / count).compactMap { number in
      let window = number * count..<(number + 1) * count
      let (low, high) = (Double(window.lowerBound) - 0.1 * rate, Double(window.upperBound))
      // A response and what follows it last for about 100 ms.
      if stimuli.contains(where: { $0 > low && $0 < high }) { return nil }
      return SurfaceInterferencePattern(samplesMicrovolts: signal[window], samplingRate: rate)
    }
  }

  /// Ideal-case count of an epoch.
  func idealCount(_ epoch: SurfaceInterferencePattern) -> Double {
    cmap.powerSquaredMillivoltMilliseconds * epoch.areaMillivoltMilliseconds
      / (epoch.powerSquaredMillivoltMilliseconds * cmap.areaMillivoltMilliseconds)
  }

  /// Published norm of MUNIX in the muscle; nil without a muscle or a norm.
  package var norm: Norm? {
    muscle.flatMap { Norm.of(.munix, muscle: $0, ageYears: nil) }
  }

  /// Published norm of the CMAP in the muscle, which is its own.
  package var cmapNorm: Norm? {
    muscle.flatMap { Norm.of(.cmapAmplitude, muscle: $0, ageYears: nil) }
  }

  package static let wording =
    "MUNIX is an index and not a count of motor units; it depends largely on the CMAP. "
    + "Compare it only with MUNIX of the same muscle."

  package static let dominated =
    "CMAP-dominated: MUNIX lies at the Gaussian limit and says no more than the CMAP does"
}
