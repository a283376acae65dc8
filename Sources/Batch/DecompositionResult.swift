import Foundation
import Reports
import Tables

/// What a finished result folder holds, as far as tables of a group need it.
struct DecompositionResult {
  struct Unit: Decodable {
    var id: String
    var samples: [Int]
    var times: [Double]
    var measures: UnitMeasures

    /// Members bear other names in results of other versions.
    private struct Name: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Name.self)
      // Identifiers are text; the numbers of files of other versions are read as well.
      let key = Name(stringValue: "id")
      id =
        try (try? values.decode(String.self, forKey: key))
        ?? "\(values.decode(Int.self, forKey: key))"
      samples = try values.decode([Int].self, forKey: Name(stringValue: "samples"))
      let seconds = ["timesSeconds", "times_s"].lazy.compactMap {
        try? values.decode([Double].self, forKey: Name(stringValue: $0))
      }
      times = seconds.first ?? []
      measures = try UnitMeasures(from: decoder)
    }
  }

  private struct File: Decodable {
    var samplingRate: Double
    var sampleCount: Int?
    var channels: [String]?
    var residualPowerShare: Double?
    var units: [Unit]
  }

  let samplingRate: Double
  let seconds: Double?
  let channelCount: Int?
  let residualPowerShare: Double?
  let units: [Unit]
  /// Most identified active units in a window; nil without counts.
  let peakActive: Int?

  /// Reads `units.json` and `counts.csv`.
  ///
  /// - Throws: `BatchError` where the folder holds no result.
  init(folder: String) throws {
    guard let data = FileManager.default.contents(atPath: folder + "/units.json"),
      let file = try? JSONDecoder().decode(File.self, from: data)
    else { throw BatchError(.refused, "\(folder)/units.json: cannot be read as a result") }
    samplingRate = file.samplingRate
    seconds = file.sampleCount.map { Double($0) / file.samplingRate }
    channelCount = file.channels?.count
    residualPowerShare = file.residualPowerShare
    units = file.units
    let counts = FileManager.default.contents(atPath: folder + "/counts.csv").flatMap {
      try? DelimitedTable(data: $0, source: "counts.csv")
    }
    let place = counts?.header.firstIndex(of: "identified_active_units")
    peakActive = place.flatMap { place in
      counts?.rows.compactMap { Int($0.cells[place]) }.max()
    }
  }
}
