import MotorUnits
import Reports
import Tables

extension FollowedUnitsSummary {
  /// The summary for people, without the caveat.
  package var text: String {
    let again = identities.count { $0.members.count > 1 }
    var lines = [
      "\(identities.count) identified units over \(recordings.count) recordings, \(again) of them seen "
        + "more than once (joined from a probability of \(Formatting.plain(configuration.acceptedFrom)))"
    ]
    lines += warnings.map { "Warning: \($0)" }
    lines += survivalLines
    var table = TextTable(["Unit"] + recordings + ["Probability"])
    for identity in identities where identity.members.count > 1 {
      let cells = recordings.indices.map { visit in
        identity.members.first { $0.visit == visit }?.unit ?? "-"
      }
      table.add(
        [String(identity.identity)] + cells + [Formatting.fixed(identity.probability, 3)])
    }
    if again > 0 { lines += ["", table.text] }
    if !notTrackable.isEmpty {
      let words = notTrackable.map {
        "\($0.member.unit) of \(recordings[$0.member.visit]) (\($0.obstacle.rawValue))"
      }
      lines += ["", "Not trackable: " + words.joined(separator: ", ")]
    }
    return lines.joined(separator: "\n")
  }

  private var survivalLines: [String] {
    guard let survival else { return [] }
    var table = TextTable(["Recording", "Seen", "New", "Paused", "Survival", "90 % interval"])
    for point in survival.points {
      table.add([
        recordings[point.visit], String(point.seen), String(point.new), String(point.paused),
        Formatting.fixed(point.survival, 2),
        point.visit == 0 ? "-" : Self.range(point.bounds),
      ])
    }
    return [
      "", table.text,
      "a living unit is found with a chance of \(Formatting.fixed(survival.detection, 2)) ("
        + Self.range(survival.detectionBounds) + ")",
    ]
  }

  private static func range(_ bounds: [Double]) -> String {
    "\(Formatting.fixed(bounds[0], 2)) to \(Formatting.fixed(bounds[1], 2))"
  }
}
