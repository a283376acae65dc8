import Foundation
import Testing

@testable import Reports

struct UnitsJSONTests {
  @Test func documentIsReadableAndComplete() throws {
    let expected = """
      {
        "schemaVersion": 2,
        "software": "MotorPool",
        "version": "1.2.3",
        "seed": 7,
        "parameters": {
          "bandpass": [20, 500],
          "name": "a\\"b\\n"
        },
        "input": {
          "name": "a.wav",
          "sha256": "00ff"
        },
        "samplingRate": 1000,
        "sampleCount": 5000,
        "channels": ["1", "2"],
        "badChannels": [
          {
            "name": "2",
            "reason": "constant"
          }
        ],
        "units": [
          {
            "id": "1",
            "samples": [10, 100],
            "timesSeconds": [0.0104, 0.0996],
            "silhouette": 0.93,
            "round": 1,
            "tentative": false
          },
          {
            "id": "2,b",
            "samples": [50],
            "timesSeconds": [0.05]
          },
          {
            "id": "3",
            "samples": [],
            "timesSeconds": []
          }
        ],
        "residualPowerShare": 0.25,
        "notes": ["note"]
      }

      """
    #expect(ExportValues.decomposition().unitsJSON() == expected)
  }

  @Test(arguments: [UInt64.max, 9_007_199_254_740_993, nil] as [UInt64?])
  func readingGivesTheSameValueBack(seed: UInt64?) throws {
    var original = ExportValues.decomposition(seed: seed)
    original.units[0].pulseToNoise = nil
    original.parameters = .object([.init("a", .integer(1)), .init("b", .null)])
    let data = Data(original.unitsJSON().utf8)
    #expect(try DecompositionExport.reading(unitsJSON: data, name: "u.json") == original)
  }

  @Test(arguments: [
    ("", "text that is not JSON"), ("{}", "no member \"schemaVersion\""),
    ("{\"schemaVersion\": \"x\"}", "another type at \"schemaVersion\""),
  ])
  func badDocumentsNameTheFault(text: String, fault: String) {
    #expect {
      _ = try DecompositionExport.reading(unitsJSON: Data(text.utf8), name: "u.json")
    } throws: { error in
      "\(error)".hasPrefix("u.json: JSON: found \(fault), expected")
    }
  }

  @Test func namesOfEarlierVersionsAreRead() throws {
    let text = """
      {"schemaVersion": 1, "software": "MotorPool", "version": "0.1.0", "parameters": {},
       "samplingRate": 1000, "sampleCount": 5000, "channels": ["1"], "badChannels": [], "notes": [],
       "units": [{"id": "1", "samples": [10, 100], "times_s": [0.0104, 0.0996],
         "silhouette": 0.93, "pulseToNoise_dB": 31.5, "isiCoV": 0.1, "meanRate_Hz": 11.2,
         "predictedAccuracy": 0.97, "amplitude_uV": 250, "round": 1, "tentative": false}]}
      """
    let export = try DecompositionExport.reading(unitsJSON: Data(text.utf8), name: "u.json")
    let unit = try #require(export.units.first)
    #expect(export.schemaVersion == 1 && unit.times == [0.0104, 0.0996])
    #expect(unit.pulseToNoise == 31.5 && unit.meanRate == 11.2 && unit.isiCoV == 0.1)
    #expect(unit.predictedAgreement == 0.97 && unit.amplitudeMicrovolts == 250)
    var written = export
    written.schemaVersion = DecompositionExport.currentSchema
    let again = try DecompositionExport.reading(
      unitsJSON: Data(written.unitsJSON().utf8), name: "u.json")
    #expect(again == written)
  }

  @Test func contradictionsAreRefused() throws {
    let text = ExportValues.decomposition().unitsJSON()
    for (old, new, place) in [
      ("\"schemaVersion\": 2", "\"schemaVersion\": 3", "schemaVersion"),
      ("\"samplingRate\": 1000", "\"samplingRate\": 0", "samplingRate"),
      ("\"samples\": [10, 100]", "\"samples\": [10]", "unit 1"),
    ] {
      let changed = text.replacingOccurrences(of: old, with: new)
      #expect {
        _ = try DecompositionExport.reading(unitsJSON: Data(changed.utf8), name: "u.json")
      } throws: { "\($0)".hasPrefix("u.json: \(place): ") }
    }
  }
}
