import Analyses
import Foundation
import Registry
import Simulation
import Testing

@testable import FollowUp

@Suite("CMAP scans of several visits on the page of a patient")
struct ScanCourseTests {
  /// Stores a scan of a nerve of `units` at a visit.
  private func store(_ visit: SimulatedVisit, units: Int, day: Int) throws {
    var settings = NerveConfiguration()
    settings.seed = 11
    settings.unitCount = units
    var session = CMAPScanConfiguration()
    session.seed = UInt64(day)
    let scan = try simulateCMAPScan(of: SimulatedNerve(settings), session)
    let path = try visit.write(scan.table, "scan-\(day).csv")
    let analysis = try VisitAnalysis(
      try visit.open([(path, .byContent)]), context: visit.context
    ) { _ in { _ in } }
    _ = try visit.registry.storeVisit(
      subject: visit.subject.id, date: CivilDate(dayNumber: day),
      recordings: analysis.files.map { $0.entry(doubts: []) })
  }

  @Test("scans are drawn over one another from what the registry keeps, each with its estimate")
  func course() throws {
    let visit = try SimulatedVisit()
    try store(visit, units: 80, day: 19_000)
    #expect(try trends(visit).scanCourses.isEmpty, "one scan is no course")
    try store(visit, units: 50, day: 19_100)
    let trends = try trends(visit)
    let course = try #require(trends.scanCourses.first)
    #expect(trends.scanCourses.count == 1 && course.place.hasPrefix("abductor pollicis brevis"))
    #expect(course.scans.map(\.date) == ["2022-01-08", "2022-04-18"])
    for scan in course.scans {
      #expect(scan.stimulus.count > 100 && scan.stimulus == scan.stimulus.sorted())
      #expect(scan.interval[0] < scan.unitCount && scan.unitCount < scan.interval[1])
      let (first, last) = (try #require(scan.response.first), try #require(scan.response.last))
      #expect(abs(first) < 0.05 && last > 1, "from no response to the CMAP")
    }
    #expect(course.scans[0].unitCount > course.scans[1].unitCount)
    let page = trends.report().html()
    #expect(page.contains("CMAP scans, abductor pollicis brevis"))
    #expect(page.contains("Motor units of the scans, abductor pollicis brevis"))
  }

  private func trends(_ visit: SimulatedVisit) throws -> PatientTrends {
    try PatientTrends("P01", visit.registry, request: .init())
  }
}
