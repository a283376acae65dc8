import Analyses
import Registry
import Reports

/// What `motorpool visit add` prints.
package struct VisitEntrySummary: Encodable {
  package struct File: Encodable {
    package let file: String
    package let sha256: String
    package let recording: Int64
    package let run: Int64
    /// Nil where the file was not decomposed.
    package let identifiedUnits: Int?
    package let modality: String
    package let measurements: [MeasurementSummary]
    package let warnings: [String]
  }

  package let software = SoftwareVersion.text
  package let patient: String
  package let date: String
  package let muscle: String?
  package let side: String?
  package let files: [File]
  package let note = ReportWording.identifiedCounts

  package init(
    _ subject: Subject, _ stored: StoredVisitEntry, files: [VisitFile], warnings: [[String]]
  ) {
    patient = subject.pseudonym
    date = stored.visit.date?.description ?? ""
    muscle = stored.runs.first?.recording.muscle
    side = stored.runs.first?.recording.side?.rawValue
    self.files = zip(stored.runs, zip(files, warnings)).map { run, file in
      File(
        file: file.0.name, sha256: run.recording.sha256, recording: run.recording.id,
        run: run.run.id,
        identifiedUnits: run.run.method == "decompose" ? run.units.count : nil,
        modality: run.recording.modality,
        measurements: run.measurements.map { MeasurementSummary($0) }, warnings: file.1)
    }
  }
}
