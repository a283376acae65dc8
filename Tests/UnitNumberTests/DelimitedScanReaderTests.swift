import Foundation
import Testing

@testable import UnitNumber

struct DelimitedScanReaderTests {
  static func parse(_ text: String) throws -> CMAPScan {
    try DelimitedScanReader.parse(TextLines(data: Data(text.utf8), fileName: "s.csv"))
  }

  @Test(
    "separators, decimal commas, comments, line ends",
    arguments: [
      "stimulus,cmap\n12.5,3.75\n12,3.5\n", "# scan\r\n12.5\t3.75\r\n12\t3.5", "12.5 3.75\r12 3.5",
      "stimulus_mA;cmap_mV\n12,5;3,75\n12;3,5", "12,5\t3,75\n12,0\t3,50\n",
      "\u{FEFF}stimulus,cmap,\n12.5,3.75,\n12,3.5,\n", "\"stimulus\",\"cmap\"\n12.5,3.75\n12,3.5",
    ])
  func forms(_ text: String) throws {
    let scan = try Self.parse(text)
    #expect(scan.stimulusMilliamps == [12.5, 12])
    #expect(scan.responseMillivolts == [3.75, 3.5])
  }

  @Test("responses in uV become mV")
  func microvolts() throws {
    #expect(try Self.parse("stimulus_mA,cmap_uV\n10,2500\n").responseMillivolts == [2.5])
  }

  @Test("UTF-16 with its mark, as spreadsheets save it", arguments: [true, false])
  func wideText(_ bigEndian: Bool) throws {
    let text = "stimulus_mA\tcmap_mV\n12,5\t3,75\n"
    let encoding = bigEndian ? String.Encoding.utf16BigEndian : .utf16LittleEndian
    let data = Data(bigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]) + text.data(using: encoding)!
    let scan = try DelimitedScanReader.parse(TextLines(data: data, fileName: "s.txt"))
    #expect(scan.stimulusMilliamps == [12.5] && scan.responseMillivolts == [3.75])
  }

  @Test("numbers that no stimulator or amplifier gives are refused", arguments: [1e308, 1e6])
  func extremes(_ value: Double) {
    var scan = ScanCurveTests.staircase()
    scan.responseMillivolts[33] = value
    #expect { try scan.validate() } throws: { "\($0)".contains("point 34") }
    scan.responseMillivolts[33] = 1
    scan.stimulusMilliamps[33] = value
    #expect { try scan.validate() } throws: { "\($0)".contains("point 34") }
  }

  @Test(
    "what cannot be read is named",
    arguments: [
      ("stimulus,cmap\n10,1\n9\n", "s.csv: line 3: found \"9\""),
      ("stimulus,cmap\n10,abc\n", "line 2: found \"10,abc\""),
      ("cmap,stimulus\n1,10\n", "first column \"cmap\""),
      ("stimulus,cmap\n0,1\n", "expected a current above 0 mA"),
      ("stimulus,cmap\n10,nan\n", "line 2"), ("", "found no number"),
      ("stimulus,cmap\n10,1,3\n", "line 2"),
    ])
  func damage(_ text: String, _ message: String) {
    #expect { try Self.parse(text) } throws: { "\($0)".contains(message) }
  }

  @Test("a missing file is named")
  func missing() {
    #expect {
      try CMAPScan.open(URL(fileURLWithPath: "/nonexistent/x.csv"))
    } throws: { ($0 as? UnitNumberError)?.kind == .cannotOpen }
  }
}
