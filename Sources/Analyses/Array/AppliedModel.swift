import Decomposition
import Recordings
import Signal

/// A recording decomposed by kept separation filters.
package struct AppliedModel {
  /// The model that was applied.
  package let model: SeparationModel
  /// The result; its units keep the numbers they have in the model.
  package let analysis: ArrayAnalysis
  /// Numbers of the units that were not found again.
  package let missing: [Int]

  /// Looks for the units of a model in a recording.
  ///
  /// - Throws: `RecordingError`, and `AnalysisError` naming the file where it does not fit the model; what `progress` throws.
  package init(
    _ model: SeparationModel, to recording: Recording, parallelism: Parallelism,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    self.model = model
    do {
      try Self.require(recording, fits: model)
      try ArrayAnalysis.checkSize(recording)
      let found = try ModelApplication(
        model, to: try recording.emgSamples(), setUp: ChannelSetUp(recording),
        parallelism: parallelism, progress: { try progress(AnalysisProgress($0)) })
      missing = found.missing
      analysis = try ArrayAnalysis(
        recording, found.decomposition, remarks: Self.remarks(model, missing: found.missing))
    } catch let error as DecompositionError {
      throw AnalysisError(path: recording.source.path, error.description)
    }
  }

  /// The result for people; `output` is the folder it is in.
  package func text(output: String, showsTimings: Bool) -> String {
    analysis.text(
      output: output, showsTimings: showsTimings,
      title: [
        "filters of \(model.provenance.recording) (\(model.units.count) units), "
          + "\(model.units.count - missing.count) found again"
      ])
  }

  /// The result for programs; `output` is the folder it is in.
  package func summary(output: String) -> ApplySummary {
    ApplySummary(ArraySummary(analysis, output: output), model, missing: missing)
  }

  /// Refuses a recording whose electrodes are not those of a model.
  ///
  /// - Throws: `AnalysisError` naming the file.
  package static func require(_ recording: Recording, fits model: SeparationModel) throws {
    do {
      try model.setUp.require(ChannelSetUp(recording))
    } catch let error as DecompositionError {
      throw AnalysisError(path: recording.source.path, error.description)
    }
  }

  private static func remarks(_ model: SeparationModel, missing: [Int]) -> [String] {
    var remarks = [
      "units come from kept filters (\(model.provenance.recording)); others were not searched"
    ]
    if !missing.isEmpty {
      remarks.append(
        "not found again: unit(s) " + missing.map(String.init).joined(separator: ", "))
    }
    return remarks
  }
}
