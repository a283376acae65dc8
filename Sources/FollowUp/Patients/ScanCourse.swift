import Foundation
import Registry
import Reports

/// The CMAP scans of one muscle over the visits, as they are stored: mean curves and estimates.
package struct ScanCourse: Sendable, Equatable {
  /// One scan.
  package struct Scan: Sendable, Equatable {
    /// The day of its visit.
    package let date: String
    /// Stimuli of the mean curve in mA, ascending.
    package let stimulus: [Double]
    /// Mean response in mV.
    package let response: [Double]
    /// Estimated number of units.
    package let unitCount: Double
    /// Its 90 % interval.
    package let interval: [Double]
  }

  /// Muscle and side.
  package let place: String
  /// The scans in the order of their visits.
  package let scans: [Scan]

  /// What a run keeps of a scan for a drawing.
  private struct Stored: Decodable {
    struct Curve: Decodable {
      let stimulusMilliamps: [Double]
      let responseMillivolts: [Double]
    }
    let meanCurve: Curve?
    let interval90: [Double]
  }

  /// The scans of a series of unit numbers; nil for another measure and below two stored curves.
  ///
  /// Runs of versions that kept no curve are left out.
  init?(_ series: PatientSeries, _ registry: PatientRegistry) throws {
    guard series.kind == .scanUnitCount else { return nil }
    let points = series.points.map(\.point)
    var runs: [RecordID: AnalysisRun] = [:]
    for visit in Set(points.map(\.visit)) {
      for recording in try registry.recordings(visit: visit) {
        for run in try registry.runs(recording: recording.id) { runs[run.id] = run }
      }
    }
    place = series.place
    scans = points.compactMap { point in
      guard let run = point.run.flatMap({ runs[$0] }),
        let stored = try? JSONDecoder().decode(Stored.self, from: Data(run.parameters.utf8)),
        let curve = stored.meanCurve, stored.interval90.count == 2,
        curve.stimulusMilliamps.count == curve.responseMillivolts.count
      else { return nil }
      return Scan(
        date: point.date.description, stimulus: curve.stimulusMilliamps,
        response: curve.responseMillivolts, unitCount: point.value, interval: stored.interval90)
    }
    guard scans.count > 1 else { return nil }
  }

  /// Curves over one another, and the estimates side by side in the same colours.
  var figures: [any FigureContent] {
    [
      ScanOverlayFigure(
        scans: scans.map { .init(name: $0.date, stimulus: $0.stimulus, response: $0.response) },
        place: place),
      IntervalFigure(
        title: "Motor units of the scans, \(place)", axis: "Motor units",
        rows: scans.map { .init(name: $0.date, value: $0.unitCount, interval: $0.interval) }),
    ]
  }
}
