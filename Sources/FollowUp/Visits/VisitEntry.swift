import Analyses
import Registry

/// Files of one muscle at one visit on their way into a registry: first what speaks against them, then what
/// they hold, all stored together or nothing.
package struct VisitEntry {
  /// The files.
  package let opened: [VisitFile.Opened]
  /// What speaks against each file and is to be stored with it.
  package let doubts: [[EntryDoubt]]
  private let subject: Subject
  private let date: CivilDate
  private let registry: PatientRegistry

  /// Looks what speaks against files.
  ///
  /// - Parameter checked: the doubts about a file that are to be stored; throws where the file is not.
  /// - Throws: `RegistryError`, and what `checked` throws.
  package init(
    _ opened: [VisitFile.Opened], of subject: Subject, on date: CivilDate, muscle: String,
    side: BodySide, registry: PatientRegistry,
    checked: ([EntryDoubt], String) throws -> [EntryDoubt]
  ) throws {
    self.opened = opened
    self.subject = subject
    self.date = date
    self.registry = registry
    doubts = try opened.map { file in
      try checked(
        try EntryDoubts.file(
          file, subject: subject, date: date, muscle: muscle, side: side, registry: registry),
        file.source.fileName)
    }
  }

  /// Analyses the files and stores what they hold.
  ///
  /// - Parameters:
  ///   - context: how they are analysed.
  ///   - nominal: name of the visit in the protocol.
  ///   - visitDoubts: what speaks against the visit itself.
  ///   - reason: why results that are stored already are replaced; nil where there are none.
  ///   - progress: gives the receiver of the progress of a file by its index.
  /// - Throws: `RecordingError`, `AnalysisError`, `FollowUpError`, `UnitNumberError` naming a file,
  ///   `RegistryError`, and what a receiver throws; then nothing is stored.
  package func store(
    _ context: VisitFile.Context, nominal: String? = nil, visitDoubts: [EntryDoubt] = [],
    replacing reason: String? = nil, progress: (Int) -> AnalysisProgressHandler
  ) throws -> VisitEntrySummary {
    let files = try VisitAnalysis(opened, context: context, progress: progress).files
    let stored = try registry.storeVisit(
      subject: subject.id, date: date, nominal: nominal,
      recordings: zip(files, doubts).map { $0.entry(doubts: $1) }, doubts: visitDoubts,
      replacing: reason)
    return VisitEntrySummary(
      subject, stored, files: files,
      warnings: zip(doubts, files).map { $0.map(\.text) + $1.warnings })
  }
}
