/// Units that were written for another program.
package struct ExportUnitsSummary: Encodable {
  package let path: String
  package let format: String
  package let units: Int
  package let discharges: Int
  package let samples: Int
  package let channels: Int
  package let warnings: [String]

  /// The summary of units written in a format.
  package init(_ collection: UnitCollection, path: String, format: String) {
    self.path = path
    self.format = format
    units = collection.units.count
    discharges = collection.dischargeCount
    samples = collection.sampleCount
    channels = collection.channels.count
    warnings = collection.warnings
  }
}

/// Units of another program that became a folder of results.
package struct ImportUnitsSummary: Encodable {
  package let output: String
  package let software: String
  package let units: Int
  package let discharges: Int
  package let samplingRate: Double
  package let seconds: Double
  package let hasTemplates: Bool
  package let warnings: [String]

  /// The summary of units written to a folder.
  package init(_ collection: UnitCollection, output: String) {
    self.output = output
    software = collection.software
    units = collection.units.count
    discharges = collection.dischargeCount
    samplingRate = collection.samplingRate
    seconds = Double(collection.sampleCount) / collection.samplingRate
    hasTemplates = collection.units.contains { $0.template != nil }
    warnings = collection.warnings
  }
}

extension UnitCollection {
  /// Discharges of all units.
  package var dischargeCount: Int { units.reduce(0) { $0 + $1.positions.count } }
}

extension ExportUnitsSummary {
  /// The summary for people.
  ///
  /// - Parameter contents: what the format holds.
  package func text(_ contents: String) -> String {
    "\(units) units with \(discharges) discharges written to \(path) (\(contents))"
      + warnings.map { "\nwarning: \($0)" }.joined()
  }
}

extension ImportUnitsSummary {
  /// The summary for people.
  package var text: String {
    "\(units) units of \(software) with \(discharges) discharges, written to \(output)"
      + warnings.map { "\nwarning: \($0)" }.joined()
  }
}

extension UnitCollection {
  /// Refuses units that lack what a format needs.
  ///
  /// - Parameter source: what they were read from.
  /// - Throws: `AnalysisError`, without the signal for a format that holds it, and without a name that
  ///   BIDS knows for its events.
  package func require(for format: any UnitFormat, of source: String) throws {
    if format.needs > .trains, channels.isEmpty {
      throw AnalysisError(
        .wrongSetting, path: source, "\(format.name) holds the signal too", remedy: .nameRecording)
    }
    if format.name == "bids", bidsEntities == nil {
      throw AnalysisError(
        .wrongSetting, path: source, "\(name.quoted) is no name of a BIDS recording",
        remedy: .nameDatasetEntry)
    }
  }
}
