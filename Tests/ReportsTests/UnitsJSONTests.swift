import Foundation
import Testing

@testable import Reports

struct UnitsJSONTests {
  @Test func documentIsReadableAndComplete() throws {
    let expected = """
      {
        "schemaVersion": 1,
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
            "times_s": [0.0104, 0.0996],
            "silhouette": 0.93,
            "round": 1,
            "tentative": false
          },
          {
            "id": "2,b",
            "samples": [50],
            "times_s": [0.05]
          },
          {
            "id": "3",
            "samples": [],
            "times_s": []
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

  @Test func contradictionsAreRefused() throws {
    let text = ExportValues.decomposition().unitsJSON()
    for (old, new, place) in [
      ("\"schemaVersion\": 1", "\"schemaVersion\": 2", "schemaVersion"),
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
