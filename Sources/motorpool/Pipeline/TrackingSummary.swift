import MotorUnits
import Reports

/// Links of units of two recordings, as `track` and `visit link` print them.
struct TrackingSummary: Encodable {
  /// One accepted or rejected pair.
  struct Item: Encodable {
    let first: String
    let second: String
    let probability: Double
    let similarity: Double
    let margin: Double
    let amplitudeRatio: Double

    init(_ link: UnitMatching.Link) {
      first = link.first
      second = link.second
      probability = link.probability
      similarity = link.evidence.similarity
      margin = link.evidence.margin
      amplitudeRatio = link.amplitudeRatio
    }
  }

  /// A unit that cannot be tracked, and why.
  struct Obstacle: Encodable {
    let unit: String
    let reason: String
  }

  let firstUnits: Int
  let secondUnits: Int
  let trackable: Int
  let links: [Item]
  let notAccepted: [Item]
  let notTrackableFirst: [Obstacle]
  let notTrackableSecond: [Obstacle]
  let mounting: GridMounting?
  let coveredElectrodes: Double
  let acceptedFrom: Double
  let survival: MatchedUnitSurvival?
  let note = Self.caveat

  /// What has to be said with links.
  static let caveat =
    "Linked units are identified ones, which are large and superficial; a unit that was not found "
    + "again is not thereby lost. Research use only; not for diagnosis."

  init(_ matching: UnitMatching, sameDay: UnitMatching? = nil) {
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
    survival = MatchedUnitSurvival(matching, sameDay: sameDay)
  }

  /// The summary for people, without the caveat.
  var text: String {
    var lines = [
      "\(links.count) of \(trackable) trackable units found again "
        + "(\(firstUnits) and \(secondUnits) identified units, links accepted from a probability "
        + "of \(Formatting.plain(acceptedFrom)))"
    ]
    if let survival {
      lines.append("share found again " + Self.range(survival.share, survival.shareBounds))
      if let normalised = survival.normalised, let bounds = survival.normalisedBounds {
        lines.append(
          "normalised by the same-day repeat "
            + Self.range(normalised, bounds))
      }
    }
    if let mounting {
      lines.append(
        "second array shifted by \(Formatting.signed(mounting.shiftAlong, 1)) mm along and "
          + "\(Formatting.signed(mounting.shiftAcross, 1)) mm across, turned by "
          + "\(Formatting.signed(mounting.rotationDegrees, 1)) degrees")
    } else {
      lines.append("electrode places unknown: both arrays are taken to lie in the same place")
    }
    lines.append("")
    var table = TextTable([
      "First", "Second", "Probability", "Similarity", "Margin", "Amplitude ratio",
    ])
    for item in links {
      table.add([
        item.first, item.second, Formatting.fixed(item.probability, 3),
        Formatting.fixed(item.similarity, 3), Formatting.fixed(item.margin, 2),
        Formatting.fixed(item.amplitudeRatio, 2),
      ])
    }
    lines.append(table.text)
    for (name, list) in [("first", notTrackableFirst), ("second", notTrackableSecond)]
    where !list.isEmpty {
      let words = list.map { "\($0.unit) (\($0.reason))" }.joined(separator: ", ")
      lines += ["", "Not trackable, \(name) recording: \(words)"]
    }
    return lines.joined(separator: "\n")
  }

  private static func range(_ value: Double, _ bounds: [Double]) -> String {
    "\(Formatting.fixed(value, 2)) [\(Formatting.fixed(bounds[0], 2)) to "
      + "\(Formatting.fixed(bounds[1], 2)), 90 %]"
  }
}
