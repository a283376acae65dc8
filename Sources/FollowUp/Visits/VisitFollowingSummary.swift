import Analyses
import Registry

/// What `motorpool visit link` prints of three to ten visits.
package struct VisitFollowingSummary: Encodable {
  package let software = SoftwareVersion.text
  package let patient: String
  package let visits: [String]
  package let muscle: String
  package let side: String
  package let following: FollowedUnitsSummary

  package init(_ link: VisitFollowing) {
    patient = link.subject.pseudonym
    visits = link.dates.map(\.description)
    muscle = link.muscle
    side = link.side.rawValue
    following = FollowedUnitsSummary(
      link.followed, recordings: link.dates.map(\.description), matching: link.matching)
  }
}
