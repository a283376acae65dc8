import Analyses
import Decomposition
import Foundation
import Recordings

/// The separation filters of an array's run, as `motorpool decompose --save-model` writes them.
enum RunModel {
  /// The file in a run's folder.
  static let fileName = "separation.filters"

  /// Filters of a decomposition that was just made; nil where no unit was identified.
  ///
  /// - `samples`: decomposed channels x samples in microvolts of a range of the recording.
  /// - Throws: what `samples` throws.
  static func make(
    _ decomposition: ArrayDecomposition, run: StoredRun, recording: Recording,
    samples: (Range<Int>) throws -> [[Float]]
  ) throws -> Data? {
    if decomposition.units.isEmpty { return nil }
    return try SeparationModel(
      decomposition, setUp: ChannelSetUp(recording, channels: run.channels),
      provenance: provenance(run, recording), samples: samples
    ).encoded()
  }

  /// Filters made from the trains of a run, for one that was edited or comes from elsewhere.
  ///
  /// They are taken from the minute in which the most discharges fall; a unit that is silent there
  /// is not among them.
  ///
  /// - Throws: `ViewerError` where the run can have none.
  static func make(_ run: StoredRun, recording: Recording) throws -> Data {
    if run.needle != nil {
      throw ViewerError.unusable(
        "a needle's run has no separation filters: its sources come from the potentials of its "
          + "trains")
    }
    do {
      return try SeparationModel(
        trains: run.units.map(\.times), ids: run.units.map(\.id),
        qualities: run.units.map { quality($0, samplingRate: run.samplingRate) },
        sampleCount: run.sampleCount, setUp: ChannelSetUp(recording, channels: run.channels),
        configuration: run.configuration, provenance: provenance(run, recording)
      ) { range in
        DecompositionJob.silencing(
          run.excludedSeconds, in: try recording.samples(channels: run.channels, range: range),
          start: range.lowerBound, samplingRate: run.samplingRate)
      }.encoded()
    } catch let error as DecompositionError {
      throw ViewerError.unusable("no separation filters: \(error.description)")
    }
  }

  private static func provenance(
    _ run: StoredRun, _ recording: Recording
  ) -> SeparationModel.Provenance {
    SeparationModel.Provenance(
      // A kept model travels to other patients: file names often hold names.
      software: SoftwareVersion.text, recording: recording.source.codeName, sha256: run.sha256)
  }

  private static func quality(_ unit: StoredRun.Unit, samplingRate: Double) -> UnitQuality {
    let train = SpikeTrain(times: unit.times, samplingRate: samplingRate)
    return UnitQuality(
      silhouette: unit.silhouette ?? 0, pulseToNoise: unit.pulseToNoise ?? 0,
      isiCoV: train.isiCoV, meanRate: train.meanRate,
      predictedAgreement: unit.predictedAgreement, round: 0)
  }
}
