import Analyses
import Foundation
import Registry
import Reports
import UnitNumber

extension ScanAnalysis {
  /// The modality under which scans are stored.
  package static let modality = "cmap-scan"

  /// The scan as the registry stores it: recording, run and measurements with their errors.
  package func entry(
    muscle: String, side: BodySide, device: String?, rater: String?
  ) throws -> RecordingEntry {
    RecordingEntry(
      recording: StoredRecording(
        visit: 0, muscle: muscle, side: side, modality: Self.modality, device: device,
        rater: rater, sha256: inputHash, fileFormat: source.formatName),
      run: AnalysisRun(
        recording: 0, method: estimate.method, softwareVersion: SoftwareVersion.text,
        parameters: try parameters),
      measurements: measurements, units: [])
  }

  /// The values that can be followed over visits; flagged estimates are stored with a warning.
  private var measurements: [Registry.Measurement] {
    let quality: Registry.Measurement.Quality = estimate.flags.isEmpty ? .pass : .warn
    func value(
      _ kind: MeasurementKind, _ value: Double, _ error: Double, _ repeated: Double?
    ) -> Registry.Measurement {
      Registry.Measurement(
        kind: kind, value: value, standardError: error, quality: quality,
        conditions: repeated.map {
          [VisitChange.repeatCondition: String(format: "%.4f", $0)]
        } ?? [:])
    }
    let cmap = value(.cmapAmplitude, estimate.cmapMillivolts, cmapStandardError, nil)
    guard estimate.noEstimateReason == nil else { return [cmap] }
    return [
      value(
        .scanUnitCount, estimate.unitCount, estimate.unitCount * estimate.logStandardError,
        estimate.repeatLogStandardError),
      value(
        .scanN50, estimate.n50, estimate.n50 * estimate.n50LogStandardError,
        estimate.n50RepeatLogStandardError),
      cmap,
    ]
  }

  private struct Parameters: Encodable {
    package let weights: String
    package let configuration: ScanConfiguration
    package let interval90: [Double]
    package let n50Interval90: [Double]
    package let flags: [ScanFlag]
    package let pointCounts: [Int]
    package let cleaning: ScanCleaningReport
    package let meanCurve: ScanOverlay.MeanCurve
  }

  private var parameters: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let parameters = Parameters(
        weights: training, configuration: configuration, interval90: estimate.interval90,
        n50Interval90: estimate.n50Interval90,
        flags: estimate.flags, pointCounts: estimate.pointCounts, cleaning: estimate.cleaning,
        meanCurve: overlay.meanCurve(points: 120))
      return String(decoding: try encoder.encode(parameters), as: UTF8.self)
    }
  }
}
