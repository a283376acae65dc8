import Foundation
import Registry
import Testing

@testable import FollowUp

@Suite struct EndpointNameTests {
  @Test func namesAreReadInTheirParts() {
    let plain = EndpointName("munix")
    #expect(plain.first == "munix" && plain.muscle == nil && !plain.isLogarithmic)
    let both = EndpointName("log(munix/tibialis anterior)")
    #expect(both.first == "munix" && both.muscle == "tibialis anterior" && both.isLogarithmic)
    #expect(both.text == "log(munix/tibialis anterior)")
  }

  @Test func inATableANameIsAColumnOrAMuscle() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("endpoints-\(UUID().uuidString).csv").path
    try Data("id,munix,muscle\n1,80,apb\n".utf8).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    func place(_ name: String, muscle: String?, value: String?) throws -> (String?, String?) {
      try EndpointName(name).place(inTable: file, muscleColumn: muscle, valueColumn: value)
    }
    #expect(try place("munix", muscle: nil, value: nil) == ("munix", nil))
    #expect(try place("apb", muscle: "muscle", value: "munix") == (nil, "apb"))
    #expect(try place("munix/apb", muscle: "muscle", value: nil) == ("munix", "apb"))
    #expect(throws: FollowUpError.self) { try place("apb", muscle: nil, value: nil) }
    #expect(throws: FollowUpError.self) { try place("munix/apb", muscle: nil, value: nil) }
  }

  @Test func inARegistryANameIsAMeasureOrAMuscle() throws {
    let visit = try SimulatedVisit()
    let stored = try visit.registry.addVisit(
      subject: visit.subject.id, date: CivilDate(dayNumber: 19_000))
    _ = try visit.registry.addMeasurements([
      Registry.Measurement(visit: stored.id, kind: .munix, value: 80, muscle: "tibialis anterior")
    ])
    let measure = try EndpointName("munix").place(in: visit.registry)
    #expect(measure.measure == "munix" && measure.muscle == nil)
    let muscle = try EndpointName("tibialis anterior").place(in: visit.registry)
    #expect(muscle.measure == nil && muscle.muscle == "tibialis anterior")
    #expect(throws: FollowUpError.self) { try EndpointName("nothing").place(in: visit.registry) }
    #expect(throws: FollowUpError.self) {
      try EndpointName("log(munix)").place(in: visit.registry)
    }
  }
}
