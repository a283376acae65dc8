import Foundation
import Progression
import Registry
import Testing

@testable import FollowUp

@Suite("A cohort compared as it was asked for")
struct CohortRequestTests {
  /// Twelve patients in two arms, six visits each, therapy at month 3; the treated decline by half.
  private func table(controlsStart: Bool = true) throws -> String {
    var text = "id,month,alsfrs,munix,therapy,arm\n"
    for patient in 0..<12 {
      let isTreated = patient % 2 == 0
      for month in 0..<6 {
        let after = Double(max(0, month - 3))
        let noise = Double((patient * 7 + month * 5) % 11 - 5) / 20
        let value =
          40 - Double(patient) / 4 - Double(month) * (1 + Double(patient % 5) / 10)
          + (isTreated ? 0.5 * after : 0) + noise
        let start = isTreated || controlsStart ? "3" : ""
        text += "P\(patient),\(month),\(value),\(2 * value),\(start),"
        text += (isTreated ? "active" : "placebo") + "\n"
      }
    }
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("cohort-\(UUID().uuidString).csv").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  private func request(_ file: String, value: String = "alsfrs") -> CohortRequest {
    let columns = CohortTable.Columns(
      subject: "id", time: "month", value: value, therapy: "therapy", arm: "arm", muscle: nil,
      standardError: nil, covariates: [], death: nil, withdrawal: nil)
    var request = CohortRequest(.table(CohortSource.Table(file: file, columns: columns)))
    request.options.simulations = 0
    request.model.randomEffects = .m1
    request.model.controlArm = "placebo"
    return request
  }

  @Test func aTableIsComparedByItsArms() throws {
    let file = try table()
    defer { try? FileManager.default.removeItem(atPath: file) }
    let request = request(file)
    let values = try request.values()
    #expect(values.model.armEffects == .slopeChange && values.cohort == nil)
    let result = try request.result(of: values)
    let effect = try #require(result.summary.fixed?.first { $0.name == "post:arm" })
    #expect(abs(effect.estimate - 0.5) < 0.2)
    #expect(result.text.hasPrefix("alsfrs: 12 patients, 72 values"))
    #expect(result.summary.endpoints == nil)
  }

  @Test func endpointsAreReadEachFromItsColumn() throws {
    let file = try table()
    defer { try? FileManager.default.removeItem(atPath: file) }
    var request = request(file, value: "")
    request.primary = [EndpointName("alsfrs")]
    request.secondary = [EndpointName("log(munix)")]
    let values = try request.values()
    #expect(!values.data.isLogarithmic)
    let endpoints = try #require(try request.result(of: values).summary.endpoints)
    #expect(endpoints.endpoints.map(\.family) == ["primary", "secondary"])
    #expect(endpoints.endpoints[1].test.quantity.contains("%"))
  }

  @Test func armsWithoutTherapyTimesAreRefused() throws {
    let file = try table(controlsStart: false)
    defer { try? FileManager.default.removeItem(atPath: file) }
    let error = #expect(throws: FollowUpError.self) { try request(file).values() }
    #expect(error?.remedy == .stateControlStart)
    #expect(error?.problem.hasPrefix("arm placebo has no therapy times") == true)
    var visits = request(file)
    visits.randomised = CohortRequest.Randomised(.mmrm)
    #expect(try visits.values().data.table.rows.count == 72)
  }

  @Test func severalMusclesNeedAChoice() throws {
    let visit = try SimulatedVisit()
    for (index, muscle) in ["tibialis anterior", "abductor pollicis brevis"].enumerated() {
      let stored = try visit.registry.addVisit(
        subject: visit.subject.id, date: CivilDate(dayNumber: 19_000 + index))
      _ = try visit.registry.addMeasurements([
        Registry.Measurement(visit: stored.id, kind: .munix, value: 80, muscle: muscle)
      ])
    }
    var selection = CohortSource.Selection()
    selection.measure = "munix"
    let error = #expect(throws: FollowUpError.self) {
      try CohortRequest(.registry(visit.registry, selection)).values()
    }
    #expect(error?.remedy == .chooseMuscle && error?.kind == .wrongSetting)
    selection.muscle = "tibialis anterior"
    #expect(
      try CohortRequest(.registry(visit.registry, selection)).values().data.table.rows.count == 1)
  }

  @Test func earlierTrialsInPercentBecomeLogarithms() throws {
    var trials = EarlierTrials([(-4.2, 0.5)])
    trials.betweenTrials = 1
    let shown = try trials.controls(isLogarithmic: false)
    #expect(shown.trials[0].mean == -4.2)
    let own = try trials.controls(isLogarithmic: true)
    #expect(abs(own.trials[0].mean - log(0.958)) < 1e-12)
    #expect(abs(own.trials[0].standardError - 0.5 / 95.8) < 1e-12)
    trials.slopes = [(-95, 0.5)]
    #expect(throws: FollowUpError.self) { try trials.controls(isLogarithmic: true) }
  }
}
