import Foundation
import Reports

/// What the tables of a group tell of one finished result: small, kept in its `done.json`, so that gathering
/// thousands of results need not read every discharge again.
struct ResultSummary: Sendable, Equatable, Codable {
  struct Unit: Sendable, Equatable, Codable {
    var id: String
    /// Number of discharges.
    var discharges: Int
    /// What is told of it, members of their own in JSON.
    var measures: UnitMeasures

    private enum CodingKeys: String, CodingKey { case id, discharges }

    init(id: String, discharges: Int, measures: UnitMeasures) {
      self.id = id
      self.discharges = discharges
      self.measures = measures
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      id = try fields.decode(String.self, forKey: .id)
      discharges = try fields.decode(Int.self, forKey: .discharges)
      measures = try UnitMeasures(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
      var fields = encoder.container(keyedBy: CodingKeys.self)
      try fields.encode(id, forKey: .id)
      try fields.encode(discharges, forKey: .discharges)
      try measures.encode(to: encoder)
    }
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
      Unit(id: $0.id, discharges: $0.samples.count, measures: $0.measures)
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
