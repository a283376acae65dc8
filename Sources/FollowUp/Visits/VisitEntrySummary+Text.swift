import Analyses
import Reports
import Tables

extension VisitEntrySummary {
  /// A modality as people read it.
  static func name(of modality: String) -> String {
    switch modality {
    case ScanAnalysis.modality: "CMAP scan"
    case "cmap": "CMAP"
    case "surface-interference-pattern": "surface interference patterns"
    default: modality.replacing("-", with: " ")
    }
  }

  /// The summary for people.
  package var text: String {
    var lines = [
      "\(patient), \(date), \([muscle, side].compactMap { $0 }.joined(separator: ", ")): "
        + "\(files.count) recording\(files.count == 1 ? "" : "s") stored"
    ]
    for file in files {
      lines += [
        "",
        file.file
          + (file.identifiedUnits.map { ": \($0) motor units identified" }
            ?? ": " + Self.name(of: file.modality)),
      ]
      var table = TextTable(["Measure", "Value", "Unit"])
      for item in file.measurements {
        table.add([
          item.name, NumberText.significant(item.value, 4), item.unit == "1" ? "" : item.unit,
        ])
      }
      lines.append(table.text)
      lines += file.warnings.map { "Warning: \($0)" }
    }
    lines += ["", note]
    return lines.joined(separator: "\n")
  }
}

extension VisitLinkSummary {
  /// The summary for people.
  package var text: String {
    [
      "\(patient), \(muscle), \(side), \(from) to \(to): "
        + (hasRepeat ? "with" : "without") + " a same-day repeat",
      matching.text, "", TrackingSummary.caveat,
    ].joined(separator: "\n")
  }
}

extension VisitFollowingSummary {
  /// The summary for people.
  package var text: String {
    [
      "\(patient), \(muscle), \(side), \(visits.count) visits", following.text, "",
      FollowedUnitsSummary.caveat,
    ].joined(separator: "\n")
  }
}

extension VisitSummary {
  /// The visit for people.
  package var text: String {
    var lines = [
      "\(visit.date ?? "no date")\(visit.nominal.map { " (\($0))" } ?? ""): \(visit.status)"
        + (visit.missingReason.map { ", \($0)" } ?? "")
    ]
    for item in recordings {
      let place = [item.muscle, item.side].compactMap { $0 }.joined(separator: ", ")
      lines.append(
        "  recording \(item.recording): \(item.modality), \(place), "
          + "\(item.channels ?? 0) channels, \(Formatting.duration(item.duration ?? 0)), "
          + "SHA-256 \(item.sha256.prefix(12))")
    }
    lines += measurements.map { "  " + $0.text }
    lines += outcomes.map { "  " + $0.text(": ") }
    lines += warnings.map { "  " + $0.line }
    return lines.joined(separator: "\n")
  }
}
