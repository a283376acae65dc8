import Analyses
import Foundation
import Recordings
import Registry
import Signal
import UnitNumber

extension StimulatedVisit {
  /// Spike-triggered averaging on the units of the visit's decomposed array.
  ///
  /// - Throws: `FollowUpError` where the channels do not fit, `UnitNumberError` and
  ///   `RecordingError`.
  init(
    averaging array: VisitAnalysis.DecomposedArray, cmap: Recording, context: VisitFile.Context,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    let file = cmap.source.fileName
    let (recording, trains) = (array.surface, array.trains)
    let signals = try recording.emgSamples()
    let found = try ChannelCMAPs(cmap, stimulus: context.stimulus, polarity: .automatic)
    guard found.measures.count == signals.count else {
      throw FollowUpError(
        path: file,
        "found \(found.measures.count) channels, expected the \(signals.count) of "
          + "\(recording.source.fileName); nothing was added")
    }
    let kept = signals.indices.filter { found.measures[$0] != nil }
    let rate = recording.samplingRate
    let filter = ZeroPhaseFilter(
      samplingRate: rate, lowEdge: SpikeTriggeredAnalysis.defaultHighPass, highEdge: rate)
    var settings = DecompositionEnhancedAveraging()
    settings.negativePhase = found.polarity
    settings.detection = .largest
    settings.errors.seed = context.configuration.seed
    settings = try context.changes.applied(to: settings, group: "sta-mune")
    let estimate: SpikeTriggeredEstimate
    do {
      estimate = try settings.estimate(
        trains: trains, surface: filter.apply(kept.map { signals[$0] }), samplingRate: rate,
        cmaps: kept.compactMap { found.measures[$0] },
        forcePercent: try SpikeTriggeredAnalysis.force(recording, trains: trains),
        parallelism: context.parallelism
      ) { try progress(AnalysisProgress($0)) }
    } catch let error as UnitNumberError {
      throw FollowUpError(path: file, "\(error.description); nothing was added")
    }
    let warnings =
      estimate.flags + estimate.rejected.map { "unit \($0.index) left out: \($0.reason)" }
      + found.reasons.sorted { $0.key < $1.key }.map { "channel \($0.key + 1): \($0.value)" }
    var conditions = [
      "units_used": "\(estimate.units.count)", "channels_used": "\(kept.count)",
    ]
    conditions["force_percent_mvc"] = estimate.forcePercent.map { String(format: "%.1f", $0) }
    let quality: Registry.Measurement.Quality = estimate.flags.isEmpty ? .pass : .warn
    self.init(
      modality: "cmap", method: "de-sta",
      parameters: try Self.json(AveragingParameters(settings: settings, estimate: estimate)),
      seed: settings.errors.seed,
      measurements: [
        Registry.Measurement(
          kind: .staUnitNumber, value: estimate.unitCount,
          standardError: estimate.unitCount * estimate.logStandardError, quality: quality,
          conditions: conditions),
        Registry.Measurement(
          kind: .meanUnitPotential, value: estimate.meanUnitMicrovolts,
          standardError: estimate.meanUnitMicrovolts * estimate.logStandardError,
          quality: quality,
          conditions: conditions.merging(["definition": "mean of peaks"]) { $1 }),
      ], warnings: warnings)
  }

  private struct AveragingParameters: Encodable {
    package let settings: DecompositionEnhancedAveraging
    package let estimate: SpikeTriggeredEstimate
  }
}
