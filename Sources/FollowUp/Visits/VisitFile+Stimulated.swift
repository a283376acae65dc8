import Analyses
import Foundation
import Recordings
import Registry
import UnitNumber

extension VisitFile {
  /// The CMAP of the visit.
  package static func cmap(of files: [Opened]) throws -> VisitCMAP {
    for file in files {
      if case .cmap(let cmap, _) = file.content { return cmap }
    }
    throw FollowUpError(
      .wrongSetting, "found no CMAP, expected the recording of one; nothing was added")
  }

  /// MUNIX over the epochs of all recordings of efforts; the first of them carries the values.
  package static func munix(_ opened: Opened, all: [Opened], context: Context) throws
    -> StimulatedVisit
  {
    let cmap = try cmap(of: all)
    var epochs: [SurfaceInterferencePattern] = []
    var first: String?
    for file in all {
      guard case .patterns(let recording) = file.content else { continue }
      if first == nil { first = file.sha256 }
      let signal = try MUNIXAnalysis.signal(recording)
      epochs += MUNIXAnalysis.epochs(
        of: signal.samples, rate: signal.rate, length: context.munix.epochMilliseconds,
        avoiding: [])
    }
    let result = try StimulatedVisit(
      munix: context.munix, cmap: cmap, epochs: epochs, name: opened.source.fileName)
    return first == opened.sha256 ? result : StimulatedVisit(epochsOf: result)
  }

  /// Spike-triggered averaging on the first decomposed array of the visit.
  package static func averaging(
    _ cmap: Recording, all: [Opened], earlier: [VisitFile], context: Context
  ) throws -> StimulatedVisit {
    for (file, analysed) in zip(all, earlier) {
      guard case .recording(let surface) = file.content, !analysed.entry.units.isEmpty else {
        continue
      }
      return try StimulatedVisit(
        averaging: analysed.entry.units, surface: surface, cmap: cmap, context: context)
    }
    throw FollowUpError(
      .wrongSetting, path: cmap.source.fileName,
      "found no decomposed recording in this command, expected the array "
        + "that its CMAP belongs to; nothing was added")
  }

  /// An entry without units.
  package init(
    _ result: StimulatedVisit, _ opened: Opened, _ recording: Recording?, context: Context
  ) {
    name = opened.source.fileName
    warnings = result.warnings
    entry = RecordingEntry(
      recording: StoredRecording(
        visit: 0, muscle: context.muscle, side: context.side, modality: result.modality,
        device: context.device, rater: context.rater, sha256: opened.sha256,
        fileFormat: opened.source.formatName, samplingRate: recording?.samplingRate,
        channels: recording?.emgChannels.count, duration: recording?.duration),
      run: AnalysisRun(
        recording: 0, method: result.method, softwareVersion: SoftwareVersion.text,
        parameters: result.parameters, seed: result.seed),
      measurements: result.measurements, units: [])
  }
}
