import MotorUnits
import Reports

/// Links of units of two recordings, as `track` and `visit link` print them.
package struct TrackingSummary: Encodable {
  /// One accepted or rejected pair.
  package struct Item: Encodable {
    package let first: String
    package let second: String
    package let probability: Double
    package let similarity: Double
    package let margin: Double
    package let amplitudeRatio: Double

    package init(_ link: UnitMatching.Link) {
      first = link.first
      second = link.second
      probability = link.probability
      similarity = link.evidence.similarity
      margin = link.evidence.margin
      amplitudeRatio = link.amplitudeRatio
    }
  }

  /// A unit that cannot be tracked, and why.
  package struct Obstacle: Encodable {
    package let unit: String
    package let reason: String
  }

  package let firstUnits: Int
  package let secondUnits: Int
  package let trackable: Int
  package let links: [Item]
  package let notAccepted: [Item]
  package let notTrackableFirst: [Obstacle]
  package let notTrackableSecond: [Obstacle]
  package let mounting: GridMounting?
  package let coveredElectrodes: Double
  package let acceptedFrom: Double
  package let configuration: UnitMatching.Configuration
  package let survival: MatchedUnitSurvival?
  /// What makes the links doubtful as a whole; a sentence each.
  package let warnings: [String]
  package let note = Self.caveat

  /// What has to be said with links.
  package static let caveat =
    "Linked units are identified ones, which are large and superficial; a unit that was not found "
    + "again is not thereby lost. Research use only; not for diagnosis."

  /// Links between the recordings of two folders that `decompose` wrote.
  ///
  /// - Parameters:
  ///   - sameDay: folder of a repeat on the day of the first; nil without one.
  ///   - progress: what it throws ends the search.
  /// - Throws: `AnalysisError` for a folder without templates; what `progress` throws.
  package init(
    folders first: String, _ second: String, sameDay: String? = nil,
    configuration: UnitMatching.Configuration, progress: AnalysisProgressHandler = { _ in }
  ) throws {
    let files = try ([first, second] + [sameDay].compactMap { $0 }).map {
      (folder: $0, file: try TemplateFile.read($0))
    }
    let searches = Double(files.count - 1)
    try progress(AnalysisProgress(0))
    let found = try files.indices.dropFirst().map { index in
      try UnitMatching(
        files[0].file.recording, files[index].file.recording, configuration: configuration
      ) { try progress(AnalysisProgress((Double(index - 1) + $0) / searches)) }
    }
    self.init(
      found[0], sameDay: found.dropFirst().first, warnings: TemplateFile.repeated(files))
  }

  /// Trackable units of either recording from which it is odd that none is found again.
  static let fewestForDoubt = 4

  /// The summary of a matching.
  package init(
    _ matching: UnitMatching, sameDay: UnitMatching? = nil, warnings: [String] = []
  ) {
    var warnings = warnings
    if matching.links.isEmpty && matching.trackableCount >= Self.fewestForDoubt
      && matching.second.count(where: \.isTrackable) >= Self.fewestForDoubt
    {
      warnings.append(
        "the recordings seem to have no unit in common; are they of one muscle and side, with the "
          + "array in nearly the same place?")
    }
    self.warnings = warnings
    firstUnits = matching.first.count
    secondUnits = matching.second.count
    trackable = matching.trackableCount
    links = matching.links.map(Item.init)
    notAccepted = matching.rejected.map(Item.init)
    func obstacles(_ outcomes: [UnitMatching.Outcome]) -> [Obstacle] {
      outcomes.compactMap { outcome in
        outcome.obstacle.map { Obstacle(unit: outcome.unit, reason: $0.rawValue) }
      }
    }
    notTrackableFirst = obstacles(matching.first)
    notTrackableSecond = obstacles(matching.second)
    mounting = matching.mounting
    coveredElectrodes = matching.coveredElectrodes
    acceptedFrom = matching.configuration.acceptedFrom
    configuration = matching.configuration
    survival = MatchedUnitSurvival(matching, sameDay: sameDay)
  }
}
