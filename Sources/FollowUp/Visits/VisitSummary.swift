import Analyses
import Registry
import Reports

/// A visit as `motorpool visit list` prints it.
package struct VisitSummary: Encodable {
  package struct RecordingItem: Encodable {
    package let recording: Int64
    package let modality: String
    package let muscle: String?
    package let side: String?
    package let sha256: String
    package let format: String?
    package let samplingRate: Double?
    package let channels: Int?
    package let duration: Double?
  }

  package let visit: SubjectSummary.VisitItem
  package let recordings: [RecordingItem]
  package let measurements: [MeasurementSummary]
  package let outcomes: [OutcomeSummary]
  package let warnings: [WarningSummary]

  package init(
    _ visit: Visit, recordings: [StoredRecording], measurements: [Measurement],
    outcomes: [Outcome], warnings: [StoredWarning] = []
  ) {
    self.warnings = warnings.map { WarningSummary($0) }
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

  /// All visits of a subject for people, with what is to be known of identified counts.
  ///
  /// - Throws: `RegistryError`.
  package static func text(
    _ visits: [VisitSummary], of subject: Subject, in registry: PatientRegistry
  ) throws -> String {
    let showsCounts = try registry.kindCounts(subject: subject.id).contains {
      MeasuredKinds.isIdentifiedCount($0.kind)
    }
    let parts =
      visits.map(\.text) + (visits.isEmpty ? ["\(subject.pseudonym): no visits yet"] : [])
      + (showsCounts ? [ReportWording.identifiedCounts] : [])
    return parts.joined(separator: "\n\n")
  }

  /// All visits of a subject in the order of their days.
  ///
  /// - Throws: `RegistryError`.
  package static func all(_ subject: Subject, _ registry: PatientRegistry) throws -> [VisitSummary]
  {
    let values = Dictionary(
      grouping: try registry.measurements(subject: subject.id), by: \.visit)
    let outcomes = Dictionary(
      grouping: try registry.outcomes(subject: subject.id), by: \.visit)
    let warnings = Dictionary(
      grouping: try registry.openWarnings(subject: subject.id), by: \.visit)
    return try registry.visits(subject: subject.id).map { visit in
      VisitSummary(
        visit, recordings: try registry.recordings(visit: visit.id),
        measurements: values[visit.id] ?? [], outcomes: outcomes[visit.id] ?? [],
        warnings: warnings[visit.id] ?? [])
    }
  }
}
