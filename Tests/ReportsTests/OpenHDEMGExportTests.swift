import Foundation
import Testing

@testable import Reports

struct OpenHDEMGExportTests {
  private let export = OpenHDEMGExport(
    fileName: "a \"1\".mat", samplingRate: 2048, interElectrodeMillimetres: 8,
    signal: [[1, -2.5, .nan], [4, 5, 6]], reference: [0.5, 0, 1], discharges: [[0, 2], []],
    silhouettes: [0.9])

  private func members(_ export: OpenHDEMGExport) throws -> [String: String] {
    let object = try JSONSerialization.jsonObject(with: Data(export.json()))
    return try #require(object as? [String: String])
  }

  @Test func allMembersAreJSONInsideJSON() throws {
    let members = try members(export)
    #expect(members.count == 13)
    #expect(members["FILENAME"] == "\"a \\\"1\\\".mat\"")
    #expect(members["MUPULSES"] == "[[0,2],[]]")
    #expect(members["FSAMP"] == "2048")
    #expect(members["EMG_LENGTH"] == "3")
    #expect(members["NUMBER_OF_MUS"] == "2")
    #expect(
      members["RAW_SIGNAL"]
        == "{\"columns\":[0,1],\"index\":[0,1,2],\"data\":[[1,4.0],[-2.5,5.0],[null,6.0]]}")
    #expect(
      members["BINARY_MUS_FIRING"]
        == "{\"columns\":[0,1],\"index\":[0,1,2],\"data\":[[1,0],[0,0],[1,0]]}")
    #expect(members["ACCURACY"] == "{\"columns\":[0],\"index\":[0,1],\"data\":[[0.9],[null]]}")
    #expect(members["EXTRAS"] == "{\"columns\":[0],\"index\":[],\"data\":[]}")
    #expect(try export.data().count > 500)
  }

  @Test func disagreeingLengthsAreRefused() {
    var other = export
    other.discharges = [[3]]
    #expect(throws: ReportsError.self) { _ = try other.data() }
    other = export
    other.signal[1].removeLast()
    #expect(throws: ReportsError.self) { _ = try other.data() }
    other = export
    other.reference = [1]
    #expect(throws: ReportsError.self) { _ = try other.data() }
    other = export
    other.pulseTrains = [[1, 2, 3]]
    #expect(throws: ReportsError.self) { _ = try other.data() }
    other = export
    other.signal = []
    #expect(throws: ReportsError.self) { _ = try other.data() }
  }
}
