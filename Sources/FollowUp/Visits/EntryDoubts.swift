import Foundation
import Recordings
import Registry
import UnitNumber

/// What speaks against an entry.
package enum EntryDoubts {
  /// Of the day of a visit.
  package static func visit(
    _ date: CivilDate, _ subject: Subject, _ registry: PatientRegistry
  ) throws -> [EntryDoubt] {
    EntryDoubt.day(
      date, of: subject, events: try registry.events(subject: subject.id), today: .today)
  }

  /// Of a muscle's name.
  package static func muscle(_ name: String?, _ registry: PatientRegistry) throws -> [EntryDoubt] {
    guard let name else { return [] }
    return EntryDoubt.muscle(name, known: try registry.muscles())
  }

  /// Of outcomes.
  package static func outcomes(_ svc: Double?, _ litres: Double?) -> [EntryDoubt] {
    (svc.map { EntryDoubt.value($0, of: .slowVitalCapacity) } ?? [])
      + (litres.map { EntryDoubt.value($0, of: .slowVitalCapacityLitres) } ?? [])
  }

  /// Of a file: another patient's, another day's, another muscle's or side's.
  package static func file(
    _ file: VisitFile.Opened, subject: Subject, date: CivilDate, muscle: String, side: BodySide,
    registry: PatientRegistry
  ) throws -> [EntryDoubt] {
    var doubts: [EntryDoubt] = []
    let own = try registry.recording(subject: subject.id, sha256: file.sha256)
    if try registry.recordings(sha256: file.sha256).contains(where: { $0.id != own?.id }) {
      doubts.append(
        EntryDoubt(
          "recording-of-another-patient",
          "the same file is stored for another patient; one of the two is a mix-up"))
    }
    if let start = file.startTime {
      let day = CivilDate(dayNumber: Int((start.timeIntervalSince1970 / 86_400).rounded(.down)))
      // A start time carries no time zone, so that the neighbouring day may be the same one. EDF
      // files whose date was removed bear 1985-01-01.
      if abs(day.dayNumber - date.dayNumber) > 1, day != CivilDate("1985-01-01") {
        doubts.append(
          EntryDoubt("date-differs", "the file says it was recorded on \(day), not on \(date)"))
      }
    }
    return doubts
      + EntryDoubt.place(
        muscle: muscle, side: side, texts: file.places.texts, statedMuscle: file.places.muscle)
  }
}

extension VisitFile.Opened {
  /// What the file says in words of muscle and side.
  package var places: (muscle: String?, texts: [String]) {
    switch content {
    case .scan(let scan):
      let site = scan.acquisition
      return (site.muscle, [site.sites, site.comments].compactMap { $0 })
    case .recording(let recording), .cmap(_, let recording), .patterns(let recording),
      .arrayCMAP(let recording):
      // Channels of other kinds (a reference on the other side) tell nothing of the muscle.
      return (nil, recording.emgChannels.map { recording.channels[$0].name } + recording.remarks)
    case .responses: return (nil, [])
    }
  }
}
