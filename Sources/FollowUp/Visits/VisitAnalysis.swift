import Analyses
import Foundation
import Recordings
import Registry
import UnitNumber

/// The files of one muscle at one visit, analysed together: each group once, what others need first.
///
/// The order is CMAP, arrays, needles and scans, spike-triggered averaging on the first array, MUNIX over the
/// epochs of all recordings of efforts, tables of stimulated responses.
package struct VisitAnalysis {
  /// A decomposed array of the visit, for averaging.
  struct DecomposedArray {
    let surface: Recording
    /// Discharges of each unit, in samples.
    let trains: [[Double]]
  }

  /// What was found, one for each file, in the order of the files.
  package let files: [VisitFile]

  /// Analyses opened files.
  ///
  /// - Parameters:
  ///   - opened: the files.
  ///   - context: what they share.
  ///   - progress: gives the receiver of the progress of a file by its index; asked for when its turn
  ///     comes.
  /// - Throws: `RecordingError`, `AnalysisError`, `FollowUpError` or `UnitNumberError` naming a file, and
  ///   what a receiver throws.
  package init(
    _ opened: [VisitFile.Opened], context: VisitFile.Context,
    progress: (Int) -> AnalysisProgressHandler
  ) throws {
    var done = [VisitFile?](repeating: nil, count: opened.count)
    var cmap: VisitCMAP?
    for (index, file) in opened.enumerated() {
      guard case .cmap(let found, let recording) = file.content else { continue }
      if cmap == nil { cmap = found }
      done[index] = VisitFile(
        try StimulatedVisit(cmap: found), file, recording, context: context)
    }
    var array: DecomposedArray?
    for (index, file) in opened.enumerated() {
      switch file.content {
      case .recording(let recording):
        let (analysed, trains) = try VisitFile.decomposed(
          recording, file, context: context, progress: progress(index))
        done[index] = analysed
        if array == nil, let trains, !trains.isEmpty {
          array = DecomposedArray(surface: recording, trains: trains)
        }
      case .scan(let scan):
        done[index] = try VisitFile(scan, file, context: context, progress: progress(index))
      case .cmap, .patterns, .arrayCMAP, .responses: break
      }
    }
    for (index, file) in opened.enumerated() {
      guard case .arrayCMAP(let recording) = file.content else { continue }
      guard let array else {
        throw FollowUpError(
          .wrongSetting, path: recording.source.fileName,
          "found no decomposed recording in this command, expected the array that its CMAP belongs to; "
            + "nothing was added")
      }
      done[index] = VisitFile(
        try StimulatedVisit(
          averaging: array, cmap: recording, context: context, progress: progress(index)), file,
        recording, context: context)
    }
    try Self.efforts(opened, cmap: cmap, context: context, progress: progress, into: &done)
    for (index, file) in opened.enumerated() {
      guard case .responses(let table, let method) = file.content else { continue }
      done[index] = VisitFile(
        try StimulatedVisit(
          table, method: method, cmap: try Self.needed(cmap), changes: context.changes,
          progress: progress(index)), file, nil, context: context)
    }
    files = done.compactMap { $0 }
  }

  /// MUNIX over the epochs of all recordings of efforts; the first of them carries the values.
  private static func efforts(
    _ opened: [VisitFile.Opened], cmap: VisitCMAP?, context: VisitFile.Context,
    progress: (Int) -> AnalysisProgressHandler, into done: inout [VisitFile?]
  ) throws {
    var epochs: [SurfaceInterferencePattern] = []
    var recordings: [(index: Int, recording: Recording)] = []
    for (index, file) in opened.enumerated() {
      guard case .patterns(let recording) = file.content else { continue }
      recordings.append((index, recording))
      let signal = try MUNIXAnalysis.signal(recording)
      epochs += MUNIXAnalysis.epochs(
        of: signal.samples, rate: signal.rate, length: context.munix.epochMilliseconds,
        avoiding: [])
    }
    guard let first = recordings.first else { return }
    let result = try StimulatedVisit(
      munix: context.munix, cmap: try needed(cmap), epochs: epochs,
      name: first.recording.source.fileName, progress: progress(first.index))
    for (index, recording) in recordings {
      done[index] = VisitFile(
        index == first.index ? result : StimulatedVisit(epochsOf: result), opened[index], recording,
        context: context)
    }
  }

  private static func needed(_ cmap: VisitCMAP?) throws -> VisitCMAP {
    guard let cmap else {
      throw FollowUpError(
        .wrongSetting, "found no CMAP, expected the recording of one; nothing was added")
    }
    return cmap
  }
}
