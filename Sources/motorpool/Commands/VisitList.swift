import ArgumentParser
import Registry
import Reports

/// `motorpool visit list`.
struct VisitList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List a patient's visits with their recordings and values.",
    discussion: """
      Examples:
        motorpool visit list P001
        motorpool visit list P001 --json
      """)

  @OptionGroup var patient: PatientArguments

  @OptionGroup var registry: RegistryArguments

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    let values = Dictionary(
      grouping: try registry.measurements(subject: subject.id), by: \.visit)
    let outcomes = Dictionary(
      grouping: try registry.outcomes(subject: subject.id), by: \.visit)
    let visits = try registry.visits(subject: subject.id).map { visit in
      VisitSummary(
        visit, recordings: try registry.recordings(visit: visit.id),
        measurements: values[visit.id] ?? [], outcomes: outcomes[visit.id] ?? [])
    }
    let showsCounts = values.values.joined().contains { MeasuredKinds.isIdentifiedCount($0.kind) }
    let parts =
      visits.map(\.text) + (visits.isEmpty ? ["\(subject.pseudonym): no visits yet"] : [])
      + (showsCounts ? [ReportWording.identifiedCounts] : [])
    try printing.write(visits, text: parts.joined(separator: "\n\n"))
  }
}

/// A visit as `motorpool visit list` prints it.
struct VisitSummary: Encodable {
  struct RecordingItem: Encodable {
    let recording: Int64
    let modality: String
    let muscle: String?
    let side: String?
    let sha256: String
    let format: String?
    let samplingRate: Double?
    let channels: Int?
    let duration: Double?
  }

  let visit: SubjectSummary.VisitItem
  let recordings: [RecordingItem]
  let measurements: [MeasurementSummary]
  let outcomes: [OutcomeSummary]

  init(
    _ visit: Visit, recordings: [StoredRecording], measurements: [Measurement],
    outcomes: [Outcome]
  ) {
    self.visit = SubjectSummary.VisitItem(visit)
    self.recordings = recordings.map {
      RecordingItem(
        recording: $0.id, modality: $0.modality, muscle: $0.muscle, side: $0.side?.rawValue,
        sha256: $0.sha256, format: $0.fileFormat, samplingRate: $0.samplingRate,
        channels: $0.channels, duration: $0.duration)
    }
    self.measurements = measurements.map { MeasurementSummary($0) }
    self.outcomes = outcomes.map { OutcomeSummary($0) }
  }

  /// The visit for people.
  var text: String {
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
    return lines.joined(separator: "\n")
  }
}
