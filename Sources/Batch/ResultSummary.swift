import Foundation

/// What the tables of a group tell of one finished result: small, kept in its `done.json`, so that gathering
/// thousands of results need not read every discharge again.
struct ResultSummary: Sendable, Equatable, Codable {
  struct Unit: Sendable, Equatable, Codable {
    var id: String
    /// Number of discharges.
    var discharges: Int
    /// Mean discharge rate in Hz.
    var meanRateHertz: Double?
    /// Coefficient of variation of the inter-discharge intervals.
    var isiCoV: Double?
    var silhouette: Double?
    var pulseToNoiseDecibels: Double?
    var predictedAgreement: Double?
    var amplitudeMicrovolts: Double?
  }

  /// Length of the recording in s.
  var seconds: Double?
  var channelCount: Int?
  /// Share of the power that the units do not explain.
  var residualPowerShare: Double?
  /// Most identified active units in a window; nil without counts.
  var peakActive: Int?
  var units: [Unit]

  /// The summary of a result that was read whole.
  init(_ result: DecompositionResult) {
    seconds = result.seconds
    channelCount = result.channelCount
    residualPowerShare = result.residualPowerShare
    peakActive = result.peakActive
    units = result.units.map {
      Unit(
        id: $0.id, discharges: $0.samples.count, meanRateHertz: $0.meanRate,
        isiCoV: $0.isiCoV, silhouette: $0.silhouette,
        pulseToNoiseDecibels: $0.pulseToNoise, predictedAgreement: $0.predictedAgreement,
        amplitudeMicrovolts: $0.amplitude)
    }
  }

  /// The summary of a finished folder: from `done.json`, or from the whole result where another version wrote
  /// it; nil where the folder holds no result.
  init?(folder: String) {
    guard let data = FileManager.default.contents(atPath: folder + "/done.json") else { return nil }
    if let summary = (try? JSONDecoder().decode(BatchResult.Done.self, from: data))?.summary {
      self = summary
    } else if let result = try? DecompositionResult(folder: folder) {
      self.init(result)
    } else {
      return nil
    }
  }
}
