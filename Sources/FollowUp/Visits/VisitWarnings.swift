import Foundation
import Registry

/// Signs that a file may belong to another patient or day.
package enum VisitWarnings {
  package static func of(
    _ file: VisitFile.Opened, subject: Subject, date: CivilDate, registry: PatientRegistry
  ) throws -> [String] {
    var warnings: [String] = []
    let others = try registry.recordings(sha256: file.sha256)
    if !others.isEmpty {
      warnings.append("the same file is stored for another patient; one of the two is a mix-up")
    }
    if let start = file.startTime {
      let day = CivilDate(dayNumber: Int((start.timeIntervalSince1970 / 86_400).rounded(.down)))
      // A start time carries no time zone, so that the neighbouring day may be the same one. EDF
      // files whose date was removed bear 1985-01-01.
      if abs(day.dayNumber - date.dayNumber) > 1, day != CivilDate("1985-01-01") {
        warnings.append("the file says it was recorded on \(day), not on \(date)")
      }
    }
    return warnings
  }
}
