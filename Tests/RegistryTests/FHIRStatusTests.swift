import Foundation
import Testing

@testable import Registry

@Suite("FHIR bundles of other systems")
struct FHIRStatusTests {
  private func observation(
    _ value: String = "\"valueQuantity\":{\"value\":8.1,\"unit\":\"mV\",\"code\":\"mV\"}",
    status: String = "final", subject: String = "\"reference\":\"Patient/1\"",
    time: String = "\"effectiveDateTime\":\"2025-01-10\""
  ) -> String {
    """
    {"resource":{"resourceType":"Observation","status":"\(status)","subject":{\(subject)},
    "code":{"coding":[{"system":"http://loinc.org","code":"98713-1"}]},\(time),\(value)}}
    """
  }

  private func bundle(_ entries: [String], patient: String = "Patient/1") throws -> FHIRImport {
    let all =
      [
        """
        {"fullUrl":"http://ehr.example/fhir/\(patient)","resource":{"resourceType":"Patient",
        "id":"1","identifier":[{"system":"urn:x","value":"P01"}]}}
        """
      ] + entries
    let text = "{\"resourceType\":\"Bundle\",\"entry\":[\(all.joined(separator: ","))]}"
    return try FHIRImport(data: Data(text.utf8), source: "b.json")
  }

  @Test(arguments: ["entered-in-error", "cancelled", "registered"])
  func whatWasNotDoneOrDoesNotHoldIsPassedOverWithACount(status: String) throws {
    let read = try bundle([observation(status: status), observation(status: "amended")])
    #expect(read.document.values.map(\.value) == [8.1])
    #expect(read.problems.map(\.severity) == [.warning])
    #expect(read.problems[0].message.contains("1 of Observation with status \(status)"))
  }

  @Test func proceduresThatWereNotDoneAreNoTherapies() throws {
    let read = try bundle([
      """
      {"resource":{"resourceType":"Procedure","status":"not-done","subject":{"reference":"Patient/1"},
      "performedPeriod":{"start":"2025-01-10"}}}
      """,
      """
      {"resource":{"resourceType":"Procedure","status":"completed","code":{"text":"infusion"},
      "subject":{"reference":"Patient/1"},"performedDateTime":"2025-02-10T09:00:00Z"}}
      """,
    ])
    #expect(read.document.interventions.map(\.startDate.description) == ["2025-02-10"])
  }

  @Test(arguments: [
    "\"effectivePeriod\":{\"start\":\"2025-01-10T09:00:00Z\"}",
    "\"effectiveInstant\":\"2025-01-10T09:00:00.000+01:00\"",
  ])
  func timesOfEveryKindAreRead(time: String) throws {
    let read = try bundle([observation(time: time)])
    #expect(read.document.values.map(\.date.description) == ["2025-01-10"])
  }

  @Test(arguments: [
    "\"reference\":\"Patient/1/_history/3\"", "\"reference\":\"http://ehr.example/fhir/Patient/1\"",
    "\"reference\":\"https://other.example/r4/Patient/1/_history/2\"",
    "\"identifier\":{\"system\":\"urn:x\",\"value\":\"P01\"}",
  ])
  func referencesOfEveryKindFindTheirPatient(subject: String) throws {
    let read = try bundle([observation(subject: subject)])
    #expect(read.document.values.map(\.subject) == ["P01"])
  }

  @Test func oneUnusableEntryIsAWarningAndTheOthersAreRead() throws {
    let read = try bundle([
      observation("\"dataAbsentReason\":{\"coding\":[{\"code\":\"not-performed\"}]}"),
      observation("\"valueQuantity\":{\"value\":\"eight\"}"),
      observation(subject: "\"reference\":\"Patient/9\""),
      observation(time: "\"effectiveDateTime\":\"2025-01\""), "{}", observation(),
    ])
    #expect(read.document.values.map(\.value) == [8.1])
    #expect(read.problems.allSatisfy { $0.severity == .warning })
    #expect(read.problems.contains { $0.message.contains("not-performed") })
    #expect(read.problems.contains { $0.message.contains("valueQuantity.value") })
    #expect(Set(read.problems.compactMap(\.line)) == [2, 3, 4, 5, 6])
  }
}
