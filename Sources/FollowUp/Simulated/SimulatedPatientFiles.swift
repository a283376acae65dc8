import Analyses
import Foundation
import Recordings
import Registry
import Reports
import Simulation

/// The visits of a simulated patient as files of one folder, with `visits.csv`, which lists them.
package struct SimulatedPatientFiles {
  /// The patient.
  package let patient: SimulatedPatient
  /// Day of the first visit.
  package var firstDay: CivilDate
  /// Formats of the visits in turn, as extensions of files.
  package var extensions: [String]
  /// Muscle that the list names.
  package var muscle: String
  /// Side that the list names.
  package var side: String
  /// Whether each visit also has a CMAP scan and supramaximal responses of the same units.
  package var hasStimulation: Bool

  /// Makes them from their parts.
  ///
  /// - Throws: `FollowUpError` where there is no format, or one that cannot be written.
  package init(
    _ patient: SimulatedPatient, firstDay: CivilDate, extensions: [String], muscle: String,
    side: String, hasStimulation: Bool
  ) throws {
    guard !extensions.isEmpty, extensions.allSatisfy(RecordingFile.extensions.contains) else {
      throw FollowUpError(
        .wrongSetting,
        "formats \(extensions.joined(separator: ",").quoted): expected wav, edf, bdf, csv or mat")
    }
    self.patient = patient
    self.firstDay = firstDay
    self.extensions = extensions
    self.muscle = muscle
    self.side = side
    self.hasStimulation = hasStimulation
  }

  /// Simulates and writes all visits, one after the other.
  ///
  /// - Parameters:
  ///   - folder: an existing folder.
  ///   - progress: what it throws ends the work; what was written until then stays in the folder.
  /// - Throws: `SimulationError`, `RecordingError`, `AnalysisError`; what `progress` throws.
  package func write(
    to folder: String, progress: @escaping AnalysisProgressHandler = { _ in }
  ) throws {
    let folder = URL(fileURLWithPath: folder)
    var list =
      "file,truth,date,month,muscle,side,living_units,active_units"
      + (hasStimulation ? ",scan,cmap\n" : "\n")
    let count = patient.visitCount
    for index in 0..<count {
      let visit = try patient.visit(index) {
        try progress(AnalysisProgress((Double(index) + $0) / Double(count)))
      }
      let day = firstDay.adding(days: visit.day)
      let name = "visit\(String(format: "%02d", index + 1))"
      let file = "\(name).\(extensions[index % extensions.count])"
      var recording = visit.recording.recording
      recording.startTime = Self.morning(of: day)
      try RecordingFile.write(recording, to: folder.appendingPathComponent(file).path)
      try AtomicFile.write(
        visit.recording.truthTable, to: folder.appendingPathComponent("\(name)-truth.csv").path)
      list +=
        "\(file),\(name)-truth.csv,\(day),\(Formatting.fixed(visit.month, 2)),\(muscle),\(side),"
        + "\(visit.aliveUnits),\(visit.activeUnits)"
      if hasStimulation {
        let files = try stimulate(visit: index, name: name, folder: folder, day: day)
        list += ",\(files.scan),\(files.cmap)"
      }
      list += "\n"
    }
    try AtomicFile.write(list, to: folder.appendingPathComponent("visits.csv").path)
  }

  /// Writes the CMAP scan and the CMAPs of a visit; returns their file names.
  private func stimulate(
    visit index: Int, name: String, folder: URL, day: CivilDate
  ) throws -> (scan: String, cmap: String) {
    let seed = patient.configuration.seed
    var nerve = NerveConfiguration()
    nerve.seed = seed
    // A CMAP of some 8 mV in the healthy muscle.
    nerve.meanAmplitudeMicrovolts =
      8_000 / Double(patient.configuration.recording.pool.unitCount)
    let axons = try patient.nerve(atMonth: patient.configuration.visitMonths[index], nerve)
    var session = CMAPScanConfiguration()
    session.seed = seed &* 1_000 &+ UInt64(index)
    let scan = try simulateCMAPScan(of: axons, session)
    var responses = StimulatedResponseConfiguration()
    responses.seed = session.seed
    responses.samplingRate = 5_000
    responses.leadMilliseconds = 30
    responses.spanMilliseconds = 90
    let strong = axons.supramaximalMilliamperes
    var cmap = SharedPoolSession.recording(
      try simulateResponses(
        of: axons, stimuliMilliamperes: [strong, strong, strong, strong], responses))
    cmap.startTime = Self.morning(of: day)
    let files = (scan: "\(name)-scan.csv", cmap: "\(name)-cmap.edf")
    try AtomicFile.write(scan.table, to: folder.appendingPathComponent(files.scan).path)
    try RecordingFile.write(cmap, to: folder.appendingPathComponent(files.cmap).path)
    return files
  }

  /// Nine o'clock of a day.
  private static func morning(of day: CivilDate) -> Date {
    Date(timeIntervalSince1970: Double(day.dayNumber) * 86_400 + 9 * 3_600)
  }
}
