import Reports
import Tables

extension PatientSummary {
  /// The summary for people.
  ///
  /// - Parameter advice: what to do where there are no visits yet, in the words of the program; nil for
  ///   none.
  package func text(withoutVisits advice: String? = nil) -> String {
    var lines = [patient.pseudonym + (patient.arm.map { ", arm \($0)" } ?? "")]
    if let onset = patient.onset {
      lines.append("onset \(onset)" + (patient.onsetSite.map { ", \($0)" } ?? ""))
    }
    for (name, value) in patient.attributes.sorted(by: { $0.key < $1.key }) {
      lines.append("\(name): \(value)")
    }
    for therapy in patient.therapies ?? [] {
      lines.append(
        "therapy \(therapy.kind)\(therapy.name.map { " (\($0))" } ?? "") from \(therapy.start)"
          + (therapy.stop.map { " to \($0)" } ?? "")
          + (therapy.placeText.isEmpty ? "" : ", \(therapy.placeText)")
          + (therapy.doseText.isEmpty ? "" : ", \(therapy.doseText)"))
    }
    for event in events {
      lines.append("\(event.kind) \(event.date)" + (event.detail.map { ": \($0)" } ?? ""))
    }
    lines += warnings.map(\.line)
    let visits = patient.visits ?? []
    lines.append("")
    if visits.isEmpty {
      lines.append("no visits yet" + (advice.map { "; \($0)" } ?? ""))
      return lines.joined(separator: "\n")
    }
    var visitTable = TextTable(["Visit", "Protocol", "Status"])
    for visit in visits {
      visitTable.add([
        visit.date ?? "-", visit.nominal ?? "-",
        visit.status + (visit.missingReason.map { ": \($0)" } ?? ""),
      ])
    }
    lines.append(visitTable.text)
    if !measures.isEmpty {
      var table = TextTable(["Measure", "Name", "Unit", "Values"])
      for item in measures {
        table.add([item.kind, item.name, item.unit, String(item.values)])
      }
      lines += ["", table.text]
    }
    return lines.joined(separator: "\n")
  }
}
