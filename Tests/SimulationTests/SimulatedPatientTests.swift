import Foundation
import Testing

@testable import Simulation

@Suite struct SimulatedPatientTests {
  private func settings() -> SimulatedPatientConfiguration {
    var settings = SimulatedPatientConfiguration()
    settings.recording = ArrayExamples.small()
    settings.recording.pool.unitCount = 40
    settings.visitMonths = [0, 3, 6, 9, 12]
    settings.therapyMonth = 6
    settings.lossPercentPerMonthBefore = 8
    settings.lossPercentPerMonthAfter = 1
    return settings
  }

  @Test func countsFollowTheRatesOfLoss() throws {
    let patient = try SimulatedPatient(settings())
    let counts = [0.0, 3, 6, 9, 12].map { patient.aliveUnits(atMonth: $0) }
    #expect(counts[0] == 40)
    #expect(counts[2] == Int((40 * pow(0.92, 6)).rounded()))
    #expect(counts[4] == Int((40 * pow(0.92, 6) * pow(0.99, 6)).rounded()))
    for month in [3.0, 9] {
      #expect(patient.muscle(atMonth: month).units.count == patient.aliveUnits(atMonth: month))
    }
  }

  @Test func withoutTherapyTheLossGoesOnInTheSameOrder() throws {
    let treated = try SimulatedPatient(settings())
    var plain = settings()
    plain.therapyMonth = nil
    let untreated = try SimulatedPatient(plain)
    #expect(treated.muscle(atMonth: 6) == untreated.muscle(atMonth: 6))
    #expect(treated.aliveUnits(atMonth: 12) > untreated.aliveUnits(atMonth: 12))
    let left = Set(untreated.muscle(atMonth: 12).units.map(\.id))
    #expect(left.isSubset(of: treated.muscle(atMonth: 12).units.map(\.id)))
  }

  @Test func visitsCarryTheirTruthAndRepeatExactly() throws {
    let patient = try SimulatedPatient(settings())
    let first = try patient.visit(4, threads: 1)
    let again = try patient.visit(4, threads: 3)
    #expect(first.recording.signals == again.recording.signals)
    #expect(first.month == 12 && first.day == 365)
    #expect(first.aliveUnits == patient.aliveUnits(atMonth: 12))
    #expect(first.recording.units.count == first.aliveUnits)
    #expect(first.activeUnits <= first.aliveUnits && first.activeUnits > 3)
  }

  @Test func repeatsMoveTheGridButNotTheMuscle() throws {
    let patient = try SimulatedPatient(settings())
    let visit = try patient.visit(0)
    let second = try patient.visit(0, repetition: 1)
    #expect(visit.recording.electrodes != second.recording.electrodes)
    #expect(visit.recording.units.map(\.depth) == second.recording.units.map(\.depth))
    let shift = hypot(
      visit.recording.electrodes[0].x - second.recording.electrodes[0].x,
      visit.recording.electrodes[0].y - second.recording.electrodes[0].y)
    #expect(shift > 0.05 && shift < 15)
  }

  @Test func noVisitsAreRefused() {
    var empty = settings()
    empty.visitMonths = []
    #expect(throws: SimulationError.self) { try SimulatedPatient(empty) }
    empty.visitMonths = [3, 1]
    #expect(throws: SimulationError.self) { try SimulatedPatient(empty) }
  }

  @Test func theNerveLosesTheUnitsOfTheMuscle() throws {
    let patient = try SimulatedPatient(settings())
    let early = try patient.nerve(atMonth: 0)
    let late = try patient.nerve(atMonth: 12)
    #expect(early.axons.count == 40)
    #expect(late.axons.map(\.id) == patient.muscle(atMonth: 12).units.map(\.id))
    // Reinnervation keeps the CMAP above the share of units that are left.
    let left = late.summedAmplitudeMicrovolts / early.summedAmplitudeMicrovolts
    #expect(left < 1 && left > Double(late.axons.count) / 40)
  }
}
