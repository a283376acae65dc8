import Decomposition
import Testing

@testable import MotorUnits

@Suite struct ActiveUnitCountsTests {
  private func train(from start: Double, to end: Double, rate: Double) -> SpikeTrain {
    let times = Array(stride(from: start, to: end, by: 1 / rate))
    return SpikeTrain(times: times.map { $0 * 1_000 }, samplingRate: 1_000)
  }

  @Test func countsUnitsWithEnoughDischarges() {
    let trains = [
      train(from: 0.5, to: 9.5, rate: 10), train(from: 4.05, to: 8, rate: 8),
      train(from: 0, to: 10, rate: 1),
    ]
    let counts = ActiveUnitCounts(trains: trains, duration: 10)
    #expect(counts.windows.count == 9)
    #expect(counts.windows.first?.start == 0 && counts.windows.last?.end == 10)
    #expect(counts.windows.map(\.identifiedActive) == [1, 1, 1, 2, 2, 2, 2, 2, 1])
    #expect(counts.peak == 2 && counts.median == 2)
    #expect(abs((counts.windows[0].meanRate ?? 0) - 10) < 1e-6)
  }

  @Test func shortRecordingsAreOneWindow() {
    let counts = ActiveUnitCounts(trains: [train(from: 0, to: 1.5, rate: 10)], duration: 1.5)
    #expect(counts.windows.count == 1 && counts.windows[0].end == 1.5 && counts.peak == 1)
    #expect(ActiveUnitCounts(trains: [], duration: 5).median == 0)
  }

  @Test func completenessFollowsTheResidual() {
    // Two seconds of rest with noise of power 1, then signal of power 101 with 21 left over.
    let trace = PowerTrace(
      binDuration: 0.5, signal: [1, 1, 1, 1, 101, 101, 101, 101],
      residual: [1, 1, 1, 1, 21, 21, 21, 21])
    #expect(trace.restPower(firstDischarge: 2.15) == 1)
    #expect(trace.restPower(firstDischarge: 0.5) == nil)
    let share = trace.completeness(from: 2, to: 4, noise: 1)
    #expect(abs((share ?? 0) - 0.8) < 1e-12)
    #expect(trace.completeness(from: 0, to: 2, noise: 1) == nil)
  }

  @Test func settingsLayTheWindows() {
    let trains = [train(from: 0.5, to: 9.5, rate: 10), train(from: 0, to: 10, rate: 1)]
    var settings = CountSettings()
    #expect(settings.counts(trains: trains, duration: 10).map(\.windows.count) == [9, 19])
    settings.windowSeconds = [5]
    settings.stepShare = 1
    let counts = settings.counts(trains: trains, duration: 10)
    #expect(counts.count == 1 && counts[0].windows.map(\.identifiedActive) == [2, 2])
    settings.fewestDischarges = 6
    #expect(
      settings.counts(trains: trains, duration: 10)[0].windows.map(\.identifiedActive) == [1, 1])
    settings.windowSeconds = []
    #expect(throws: DecompositionError.self) { try settings.validate() }
  }
}
