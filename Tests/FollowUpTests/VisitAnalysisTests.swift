import Analyses
import Foundation
import Recordings
import Registry
import Simulation
import Testing

@testable import FollowUp

@Suite("The files of a visit, analysed together")
struct VisitAnalysisTests {
  /// Everything that a visit can bring, named in an order in which nothing finds what it needs before it.
  @Test func everyGroupIsAnalysedOnceWhateverTheOrder() throws {
    let visit = try SimulatedVisit()
    let session = visit.session(1)
    var files: [(path: String, use: VisitFileUse)] = []
    for (name, text) in try session.responseTables() {
      let method: StimulationMethod =
        switch name {
        case "levels.csv": .incremental
        case "sites.csv": .multipoint
        case "units.csv": .singleUnits
        default: .statistical
        }
      files.append((try visit.write(text, name), .responses(method)))
    }
    files += [
      (try visit.write(session.interferencePatterns(), "sip1.edf"), .patterns),
      (try visit.write(visit.session(2).interferencePatterns(), "sip2.edf"), .patterns),
      (try visit.write(session.gridCMAP(), "grid-cmap.edf"), .arrayCMAP),
      (try visit.write(session.grid().recording, "grid.edf"), .byContent),
      (try visit.write(session.cmap(), "cmap.edf"), .cmap),
    ]
    let opened = try visit.open(files)
    var order: [Int] = []
    let analysis = try VisitAnalysis(opened, context: visit.context) { index in
      order.append(index)
      return { _ in }
    }
    // The array, its CMAP, the efforts, then the tables.
    #expect(order == [7, 6, 4, 0, 1, 2, 3])
    #expect(analysis.files.map(\.name) == opened.map(\.source.fileName))
    let kinds = analysis.files.map { Set($0.entry.measurements.map(\.kind)) }
    #expect(
      Array(kinds[0..<4]) == StimulationMethod.allCases.map { [$0.kind] },
      "a table each in the order of their files")
    #expect(kinds[4] == [.munix, .musix])
    #expect(kinds[5].isEmpty, "the first recording of efforts carries the values of all")
    #expect(kinds[6] == [.staUnitNumber, .meanUnitPotential])
    #expect(kinds[7].contains(.identifiedUnitsMaximum))
    #expect(kinds[8] == [.cmapAmplitude])
    // Both recordings of efforts went in: more epochs than one alone has.
    let both = try #require(
      analysis.files[4].entry.measurements[0].conditions["epochs_used"].flatMap { Int($0) })
    let alone = try VisitAnalysis([opened[4], opened[8]], context: visit.context) { _ in { _ in } }
    let one = try #require(
      alone.files[0].entry.measurements[0].conditions["epochs_used"].flatMap { Int($0) })
    #expect(both > one)

    let stored = try visit.registry.storeVisit(
      subject: visit.subject.id, date: CivilDate(dayNumber: 19_000),
      recordings: analysis.files.map { $0.entry(doubts: []) })
    #expect(stored.runs.count == files.count)
    #expect(stored.runs[7].units.count == analysis.files[7].entry.units.count)
  }

  @Test func whatIsMissingIsSaid() throws {
    let visit = try SimulatedVisit()
    let session = visit.session(1)
    let efforts = try visit.open([
      (try visit.write(session.interferencePatterns(), "sip.edf"), .patterns)
    ])
    let first = #expect(throws: FollowUpError.self) {
      _ = try VisitAnalysis(efforts, context: visit.context) { _ in { _ in } }
    }
    #expect(first.map { "\($0)" }?.contains("no CMAP") == true)
    let arrays = try visit.open([
      (try visit.write(session.gridCMAP(), "grid-cmap.edf"), .arrayCMAP)
    ])
    let second = #expect(throws: FollowUpError.self) {
      _ = try VisitAnalysis(arrays, context: visit.context) { _ in { _ in } }
    }
    #expect(second.map { "\($0)" }?.contains("no decomposed recording") == true)
  }

  @Test func whatTheReceiverThrowsEndsTheWalk() throws {
    struct Enough: Error {}
    let visit = try SimulatedVisit()
    let opened = try visit.open([
      (try visit.write(visit.session(1).grid().recording, "grid.edf"), .byContent)
    ])
    #expect(throws: Enough.self) {
      _ = try VisitAnalysis(opened, context: visit.context) { _ in { _ in throw Enough() } }
    }
  }
}
