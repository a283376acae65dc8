import Analyses
import Decomposition
import FollowUp
import Foundation
import Recordings
import Registry
import Reports
import UnitNumber

/// A visit with its files, entered by a child process as `motorpool visit add` does: all of it is stored,
/// or nothing.
public struct VisitJob: Codable, Sendable {
  /// A file and what it is for.
  public struct File: Codable, Sendable {
    /// Where it lies.
    public var path: String
    /// What it is for.
    public var use: Use
  }

  /// What a file is for; `all` is the list of it, with the tables of all stimulation methods.
  public struct Use: RawRepresentable, Codable, Sendable, Hashable {
    /// As it is stored.
    public let rawValue: String

    /// By content: scans are known, other recordings are decomposed.
    public static let recording = Use("recording")
    /// Responses to supramaximal stimuli.
    public static let cmap = Use("cmap")
    /// Responses to supramaximal stimuli on the channels of the decomposed array.
    public static let arrayCMAP = Use("array-cmap")
    /// Graded voluntary efforts, for MUNIX.
    public static let effort = Use("effort")
    /// Belongs to another file, such as the signals of a WFDB header.
    public static let beside = Use("beside")

    /// What people choose from, with words for each.
    static let all: [(use: Use, words: String)] =
      [
        (.recording, "recording or scan"), (.cmap, "CMAP"), (.arrayCMAP, "CMAP on the array"),
        (.effort, "graded efforts (MUNIX)"),
      ] + StimulationMethod.allCases.map { (Use($0.rawValue), "\($0.rawValue) table") } + [
        (.beside, "belongs to another file")
      ]

    /// A use of the list; nil for another text.
    public init?(rawValue: String) {
      guard Self.all.contains(where: { $0.use.rawValue == rawValue }) else { return nil }
      self.init(rawValue)
    }

    private init(_ rawValue: String) { self.rawValue = rawValue }

    /// Nil for what is read with another file.
    var fileUse: VisitFileUse? {
      switch self {
      case .recording: .byContent
      case .cmap: .cmap
      case .arrayCMAP: .arrayCMAP
      case .effort: .patterns
      case let table: StimulationMethod(rawValue: table.rawValue).map { .responses($0) }
      }
    }

    /// The CMAP comes before what needs it.
    var rank: Int { [.recording: 0, .arrayCMAP: 1, .cmap: 2][self] ?? 3 }
  }

  /// The registry.
  public var registry: String
  /// Who enters it.
  public var author: String
  /// Pseudonym of the patient.
  public var patient: String
  /// Day, YYYY-MM-DD.
  public var date: String
  /// Muscle, by name or usual abbreviation.
  public var muscle: String
  /// Side.
  public var side: BodySide
  /// Name of the visit in the protocol.
  public var nominal: String?
  /// Amplifier or electrode.
  public var device: String?
  /// Code of the person who recorded.
  public var rater: String?
  /// What is stated of files that leave it open.
  public var reading: RecordingReading
  /// What the electrodes are.
  public var electrodes: ElectrodeChoice
  /// The files.
  public var files: [File]
  /// Why it is stored although it may be a mix-up; nil where that stops it.
  public var acceptedBecause: String?
  /// Where decomposed recordings are kept; nil keeps none.
  public var keep: String?

  /// Enters the visit.
  ///
  /// - Throws: whatever reading, analysing and storing throw.
  public func run(report: @escaping @Sendable (JobReport) -> Void) throws {
    let registry = try PatientRegistry.open(
      path: registry, author: author, createIfMissing: false, busyTimeout: 60)
    let subject = try registry.subject(pseudonym: patient)
    guard let day = CivilDate(date) else {
      throw ViewerError.badRequest("\"\(date)\" is no date written YYYY-MM-DD")
    }
    var configuration = ArrayConfiguration()
    configuration.electrodes = electrodes.array
    let context = VisitFile.Context(
      reading: reading, electrodes: electrodes, configuration: configuration, muscle: muscle,
      side: side, device: device, rater: rater)
    let named = files.sorted { $0.use.rank < $1.use.rank }.compactMap { file in
      file.use.fileUse.map { (file.path, $0) }
    }
    let opened = try VisitFile.open(named, context: context, subject: subject, registry: registry)
    let entryDoubts =
      try EntryDoubts.visit(day, subject, registry) + EntryDoubts.muscle(muscle, registry)
    let fileDoubts = try opened.map {
      try EntryDoubts.file(
        $0, subject: subject, date: day, muscle: muscle, side: side, registry: registry)
    }
    let grave =
      entryDoubts.filter(\.isMixUp).map(\.text)
      + zip(opened, fileDoubts).flatMap { file, doubts in
        doubts.filter(\.isMixUp).map { "\(file.source.fileName): \($0.text)" }
      }
    if !grave.isEmpty, acceptedBecause == nil {
      report(JobReport(doubts: grave))
      return
    }
    var turn = 0
    let analysed = try VisitAnalysis(opened, context: context) { index in
      let share = 1 / Double(opened.count)
      let place = turn
      turn += 1
      return { progress in
        report(
          JobReport(
            fraction: (Double(place) + progress.fraction) * share,
            detail: "\(opened[index].source.fileName) (\(place + 1) of \(opened.count))"
              + (progress.detail.isEmpty ? "" : ", \(progress.detail)")))
      }
    }.files
    // From here on an end of the process comes after the visit, not within it.
    signal(SIGTERM, SIG_IGN)
    let stored = try registry.storeVisit(
      subject: subject.id, date: day, nominal: nominal,
      recordings: zip(analysed, fileDoubts).map { $0.entry(doubts: $1) }, doubts: entryDoubts)
    if let acceptedBecause {
      try accept(
        grave: entryDoubts + fileDoubts.joined(), of: stored, subject: subject,
        reason: acceptedBecause, registry)
    }
    var warnings = analysed.flatMap(\.warnings)
    if let keep { warnings += keepRecordings(opened, in: keep) }
    report(
      JobReport(
        fraction: 1,
        visit: .init(
          date: day.description, files: zip(analysed, stored.runs).map(Self.line),
          warnings: warnings)))
  }

  private static func line(_ file: VisitFile, _ run: Registry.StoredRun) -> String {
    let count = run.measurements.count
    return file.name
      + (run.run.method == "decompose" ? ": \(run.units.count) motor units identified, " : ": ")
      + "\(count) value\(count == 1 ? "" : "s")"
  }

  /// What may be a mix-up was accepted with a reason: the warnings say so.
  private func accept(
    grave: [EntryDoubt], of stored: StoredVisitEntry, subject: Subject, reason: String,
    _ registry: PatientRegistry
  ) throws {
    let texts = Set(grave.filter(\.isMixUp).map(\.text))
    let recordings = Set(stored.runs.map(\.recording.id))
    for warning in try registry.openWarnings(subject: subject.id)
    where warning.visit == stored.visit.id && texts.contains(warning.text)
      && warning.recording.map(recordings.contains) != false
    {
      try registry.acceptWarning(warning.id, reason: reason)
    }
  }

  /// Keeps decomposed recordings and scans by their hash; without a name, as the registry does.
  private func keepRecordings(_ opened: [VisitFile.Opened], in folder: String) -> [String] {
    if files.contains(where: { $0.use == .beside }) {
      return ["recordings of several files are not kept for looking at them"]
    }
    var warnings: [String] = []
    for file in opened {
      let kept = KeptRecordings(folder: folder)
      do {
        switch file.content {
        case .recording: try kept.keep(file.path, sha256: file.sha256, reading: reading)
        case .scan(let scan):
          try kept.keep(.init(scan), sha256: file.sha256)
        case .cmap, .patterns, .arrayCMAP, .responses: break
        }
      } catch {
        warnings.append("\(file.source.fileName) could not be kept: \(ViewerError(error))")
      }
    }
    return warnings
  }

  /// What the child process does: reads the job from a file, prints reports, ends with an exit code.
  public static func perform(_ path: String) -> Int32 {
    ChildProcessLimits.set(memory: nil, seconds: nil)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path + "/"
    @Sendable func put(_ report: JobReport) {
      guard var data = try? JSONEncoder().encode(report) else { return }
      data.append(0x0A)
      try? FileHandle.standardOutput.write(contentsOf: data)
    }
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      try JSONDecoder().decode(VisitJob.self, from: data).run(report: put)
      return 0
    } catch {
      let known = ViewerError(error)
      put(JobReport(error: known.description.replacingOccurrences(of: folder, with: "")))
      return known.exitCode
    }
  }
}
