import MethodComparison
import Signal
import TestSupport
import Testing
import UnitNumber

@testable import Analyses

@Suite struct PoolMethodTests {
  @Test func everyStimulationMethodIsScoredOnce() {
    let names = PoolMethod.all.map(\.name)
    #expect(Set(names).count == names.count)
    for method in StimulationMethod.allCases { #expect(names.contains(method.facts.onPools.name)) }
    #expect(names.first == PoolMethod.scan.name && names.last == PoolMethod.gridAveraging.name)
  }

  /// A method of another package takes part by a name and what it makes of a session.
  @Test func ownMethodsAreScored() throws {
    let own = PoolMethod("twice the levels") { session in
      let levels = try session.levels(site: 0, count: 3)
      let cmap = try session.cmap().amplitudeMillivolts
      return PoolResult(count: 2 * cmap / (levels[2] / 3))
    }
    let refusing = PoolMethod("none") { _ in
      throw UnitNumberError(.tooLittleData, source: "pool", found: "0", expected: "1")
    }
    let table = try PoolTable(
      PoolTable.Configuration(pools: 1, stages: [20], methods: [own, refusing]),
      estimator: try CMAPScanEstimator(fewUnits: nil), parallelism: .single)
    #expect(table.rows.map(\.method) == ["twice the levels", "none"])
    let ratio = try #require(table.rows[0].medianRatios[0])
    #expect(ratio > 0)
    #expect(table.rows[0].refused == 0 && table.rows[1].refused == 2)
  }

  @Test func tablesEndWhereProgressThrows() throws {
    // The first of two sessions, and the first pool when it is done.
    for call in [1, 3] {
      let canceller = Canceller(at: call)
      #expect(throws: CancellationError.self) {
        try PoolTable(
          PoolTable.Configuration(pools: 3, stages: [10], methods: [.stepIndex]),
          estimator: try CMAPScanEstimator(fewUnits: nil), parallelism: .single
        ) { try canceller.receive($0) }
      }
      #expect(canceller.count == call)
    }
  }
}
