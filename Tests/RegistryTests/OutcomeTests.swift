import Testing

@testable import Registry

@Suite struct OutcomeTests {
  @Test func impossibleOutcomesAreRefused() {
    let full = Dictionary(uniqueKeysWithValues: MeasurementKind.alsfrsItemNames.map { ($0, 2.0) })
    var wrongTotal = Outcome.alsfrs(visit: 1, items: full)
    #expect(wrongTotal.total == 24)
    wrongTotal.total = 25
    let bad = [
      wrongTotal,
      Outcome.alsfrs(visit: 1, items: ["speech": 5]),
      Outcome.alsfrs(visit: 1, items: ["speach": 3]),
      Outcome.alsfrs(visit: 1, items: [:]),
      Outcome(visit: 1, instrument: "ALSFRS-R", total: 49, unit: "points"),
      Outcome(visit: 1, instrument: "ALSFRS-R", total: 40, unit: "%"),
      Outcome(visit: 1, instrument: "SVC", total: -1, unit: "%"),
      Outcome(visit: 1, instrument: "other", total: .nan, unit: "1"),
      Outcome(visit: 1, instrument: " ", total: 1, unit: "1"),
    ]
    for outcome in bad {
      #expect(throws: RegistryError.self, "\(outcome)") { try outcome.fields() }
    }
  }

  @Test func incompleteItemsHaveNoTotal() throws {
    let outcome = Outcome.alsfrs(visit: 1, items: ["speech": 3])
    #expect(outcome.total == nil)
    let fields = try outcome.fields()
    #expect(try Outcome(id: 0, fields: fields) == outcome)
  }
}
