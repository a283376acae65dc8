import MotorUnits
import Reports
import Tables

extension TrackingSummary {
  /// The summary for people, without the caveat.
  package var text: String {
    var lines = [
      "\(links.count) of \(trackable) trackable units found again "
        + "(\(firstUnits) and \(secondUnits) identified units, links accepted from a probability "
        + "of \(Formatting.plain(acceptedFrom)))"
    ]
    lines += warnings.map { "Warning: \($0)" }
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
    if !links.isEmpty { lines += ["", table.text] }
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
