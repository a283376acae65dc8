import Foundation
import TestSupport
import Testing

@testable import Recordings

@Suite struct EDFHeaderTests {
  private func file() -> EDFBytes {
    var file = EDFBytes(isBDF: false, records: 2, duration: "1")
    file.add("EMG", unit: "uV", perRecord: 4, physical: ("-100", "100"))
    return file
  }

  @Test(arguments: [
    (184, "300     ", "byte 184"), (236, "x       ", "byte 236"), (236, "-7      ", "byte 236"),
    (244, "0       ", "byte 244"), (244, "nan     ", "byte 244"), (252, "0   ", "byte 252"),
    (252, "9999", "byte 184"), (252, "2147", "byte 184"), (252, "1e3 ", "byte 184"),
    (252, "1 X ", "byte 252"), (256 + 104, "one     ", "byte 360"),
    (256 + 104, "100     ", "physical minimum and maximum are both"),
    (256 + 120, "32767   ", "digital minimum and maximum are both"),
    (256 + 216, "-4      ", "byte 472"), (256 + 216, "4.5     ", "byte 472"),
  ])
  func aMalformedFieldIsNamed(_ offset: Int, _ text: String, _ place: String) throws {
    let folder = try TemporaryFolder()
    var file = file()
    file.patches = [(offset, text)]
    let path = try folder.write("a.edf", file.bytes { _, _, index in index })
    let error = thrown { try Recording.open(path) }
    #expect(error?.kind == .malformed)
    #expect(error?.description.contains(place) == true, "\(String(describing: error))")
  }

  @Test func aHeaderThatClaimsHugeRecordsIsTruncatedNotAllocated() throws {
    let folder = try TemporaryFolder()
    var file = file()
    file.patches = [(236, "99999999"), (244, "100     "), (256 + 216, "99999999")]
    let path = try folder.write("a.edf", file.bytes { _, _, index in index })
    #expect(thrown { try Recording.open(path) }?.kind == .truncated)
  }

  @Test func shiftedHeadersAreErrors() throws {
    // Both files lack one character of a field, which moves everything behind it.
    for name in ["emg/sub-01_task-pullstand_emg.edf", "eeg/sub-01_task-pullstand_eeg.edf"] {
      let path = "data/formats/bids-emg/emg_Multimodal/sub-01/\(name)"
      let url = try SharedData.file(path)
      let error = thrown { try Recording.open(url.path) }
      #expect(error?.kind == .malformed)
      #expect(error?.place.contains("byte 252 (number of signals)") == true)
    }
  }

  @Test func readsDates() {
    func date(_ day: String, _ time: String, _ recording: String = "") -> Double? {
      EDFHeader.date(day, time, recording: recording)?.timeIntervalSince1970
    }
    #expect(date("02.03.26", "10.20.30") == 1_772_446_830)
    #expect(date("01.01.85", "00.00.00") == 473_385_600)
    // Two digits cannot tell 1984 from 2084; the EDF+ start date can.
    #expect(date("31.12.84", "23.59.59", "Startdate 31-DEC-1984 X X X") == 473_385_599)
    #expect(date("00.00.00", "00.00.00") == nil)
    #expect(date("..", "10.20.30") == nil)
  }
}
