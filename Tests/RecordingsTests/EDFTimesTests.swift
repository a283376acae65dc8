import Foundation
import Testing

@testable import Recordings

@Suite struct EDFTimesTests {
  private func file(_ kind: String, _ lists: [String], isBDF: Bool = false) -> [UInt8] {
    var file = EDFBytes(isBDF: isBDF, records: lists.count, duration: "1")
    file.reserved = kind
    file.add("EMG", unit: "uV", perRecord: 10, physical: ("-32768", "32767"))
    file.addAnnotations(lists, perRecord: 40)
    return file.bytes { _, record, index in record * 10 + index }
  }

  @Test(arguments: [("EDF+D", false), ("BDF+D", true)])
  func findsGapsAndMovesAnnotations(_ kind: String, _ isBDF: Bool) throws {
    let folder = try TemporaryFolder()
    let bytes = file(
      kind,
      [
        "+0.25\u{14}\u{14}\0", "+1.25\u{14}\u{14}\0+1.5\u{15}0.75\u{14}twitch\u{14}\0",
        "+7.25\u{14}\u{14}\0+7.75\u{14}press\u{14}release\u{14}\0", "+8.25\u{14}\u{14}\0",
      ], isBDF: isBDF)
    let recording = try Recording.open(try folder.write("a.edf", bytes))
    #expect(recording.source.formatName == kind)
    #expect(recording.gaps == [Gap(position: 2, onset: 2, duration: 5)])
    #expect(
      recording.annotations == [
        Annotation(onset: 1.25, duration: 0.75, text: "twitch"),
        Annotation(onset: 7.5, text: "press"), Annotation(onset: 7.5, text: "release"),
      ])
    #expect(recording.duration == 4)
    #expect(recording.time(ofRecordedSecond: 1.9) == 1.9)
    #expect(recording.time(ofRecordedSecond: 3) == 8)
    // 10:20:30 and the quarter second of the first record.
    #expect(recording.startTime == Date(timeIntervalSince1970: 1_772_446_830.25))
    #expect(try recording.samples(channel: 0).count == 40)
  }

  @Test func aDiscontinuousFileMustTellItsTimes() throws {
    let folder = try TemporaryFolder()
    let bytes = file("EDF+D", ["+0\u{14}\u{14}\0", "garbage", "+2\u{14}\u{14}\0"])
    let error = thrown { try Recording.open(try folder.write("a.edf", bytes)) }
    #expect(error?.place == "data record 2")
  }

  @Test func overlappingRecordsAreErrors() throws {
    let folder = try TemporaryFolder()
    let bytes = file("EDF+D", ["+0\u{14}\u{14}\0", "+0.5\u{14}\u{14}\0"])
    #expect(thrown { try Recording.open(try folder.write("a.edf", bytes)) }?.kind == .malformed)
  }

  @Test func continuousFilesWithAJumpAreWarnedAbout() throws {
    let folder = try TemporaryFolder()
    let bytes = file("EDF+C", ["+0\u{14}\u{14}\0", "+1.001\u{14}\u{14}\0", "+9\u{14}\u{14}\0"])
    let recording = try Recording.open(try folder.write("a.edf", bytes))
    #expect(recording.gaps.count == 1)
    #expect(recording.warnings.contains { $0.contains("1 gaps") })
  }

  @Test func malformedAnnotationsAreCountedNotFatal() throws {
    let folder = try TemporaryFolder()
    let bytes = file("EDF+C", ["+0\u{14}\u{14}\0nonsense\0+1\u{14}ok\u{14}\0", "+1\u{14}\u{14}\0"])
    let recording = try Recording.open(try folder.write("a.edf", bytes))
    #expect(recording.annotations == [Annotation(onset: 1, text: "ok")])
    #expect(recording.warnings.contains { $0.hasPrefix("1 annotations") })
  }
}
