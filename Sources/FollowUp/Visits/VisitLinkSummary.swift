import Analyses
import MotorUnits
import Registry

/// What `motorpool visit link` prints.
package struct VisitLinkSummary: Encodable {
  package let software = SoftwareVersion.text
  package let patient: String
  package let from: String
  package let to: String
  package let muscle: String
  package let side: String
  package let hasRepeat: Bool
  package let matching: TrackingSummary

  package init(_ link: VisitLinking) {
    patient = link.subject.pseudonym
    from = link.from.description
    to = link.to.description
    muscle = link.muscle
    side = link.side.rawValue
    hasRepeat = link.repeated != nil
    matching = TrackingSummary(link.later, sameDay: link.repeated)
  }
}
