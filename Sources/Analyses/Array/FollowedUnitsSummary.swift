import MotorUnits

/// Units followed over several recordings, as `track` and `visit link` print them.
package struct FollowedUnitsSummary: Encodable {
  /// One motor unit over the recordings.
  package struct Identity: Encodable {
    /// Number of the identity, from 0.
    package let identity: Int
    /// Recordings, by number from 0, with the name of the unit in each.
    package let members: [UnitIdentities.Member]
    package let probability: Double
    /// Recordings between the first and the last sighting at which it was not seen.
    package let pausedAt: [Int]
  }

  /// The recordings: folders or days.
  package let recordings: [String]
  package let identities: [Identity]
  package let links: [UnitIdentities.Link]
  package let doubts: [UnitIdentities.Doubt]
  package let notTrackable: [UnitIdentities.Untracked]
  package let survival: FollowedUnitSurvival?
  package let matching: UnitMatching.Configuration
  package let configuration: UnitIdentities.Configuration
  /// What makes the links doubtful as a whole; a sentence each.
  package let warnings: [String]
  package let note = Self.caveat

  /// What has to be said with units followed over visits.
  package static let caveat =
    "Followed units are identified ones, which are large and superficial. Survival is that of units "
    + "that can be recognised: one that changed beyond recognition counts as lost, and a change of "
    + "noise, fat or force lowers the chance to find a unit. Research use only; not for diagnosis."

  package init(
    _ followed: FollowedUnits, recordings: [String], matching: UnitMatching.Configuration,
    warnings: [String] = []
  ) {
    self.recordings = recordings
    self.matching = matching
    self.warnings = warnings + Self.strangers(followed.identities, recordings)
    identities = followed.identities.identities.enumerated().map { number, identity in
      let seen = identity.members.map(\.visit)
      return Identity(
        identity: number, members: identity.members, probability: identity.probability,
        pausedAt: (0..<followed.identities.visits).filter { visit in
          !seen.contains(visit) && (seen.first ?? visit) < visit && visit < (seen.last ?? visit)
        })
    }
    links = followed.identities.links
    doubts = followed.identities.doubts
    notTrackable = followed.identities.untracked
    survival = followed.survival
    configuration = followed.identities.configuration
  }

  /// A sentence on each recording whose units are seen in no other one.
  private static func strangers(_ followed: UnitIdentities, _ recordings: [String]) -> [String] {
    let linked = Set(followed.links.flatMap { [$0.first.visit, $0.second.visit] })
    let alone = recordings.indices.filter { visit in
      let units = followed.identities.count { $0.members.contains { $0.visit == visit } }
      return !linked.contains(visit) && units >= TrackingSummary.fewestForDoubt
    }
    if alone.isEmpty { return [] }
    let names =
      alone.count == recordings.count
      ? "the recordings"
      : alone.map { recordings[$0] }
        .joined(separator: ", ")
    return [
      "\(names): no unit is seen in another recording; are all of one muscle and side, with the array "
        + "in nearly the same place?"
    ]
  }
}
