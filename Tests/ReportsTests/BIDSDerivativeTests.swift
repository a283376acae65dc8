import Foundation
import Testing

@testable import Reports

struct BIDSDerivativeTests {
  @Test func eventsAscendByOnset() {
    let type = "motor-unit-spike\tmotor-unit-spike"
    #expect(
      ExportValues.decomposition().bidsEventsTSV()
        == "onset\tduration\tsample\tunit_id\tevent_type\tdescription\n"
        + "0.0104000\t0\t10\t1\t\(type)\n0.0500000\t0\t50\t2,b\t\(type)\n"
        + "0.0996000\t0\t100\t1\t\(type)\n")
  }

  @Test func sidecarIsJSON() throws {
    let text = ExportValues.decomposition().bidsEventsJSON()
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["SamplingFrequency"] as? Double == 1000)
    #expect((object["onset"] as? [String: String])?["Units"] == "s")
  }
}
