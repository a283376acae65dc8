import Foundation
import Testing

@testable import Recordings

@Suite struct TableWriterTests {
  @Test(arguments: [("a.csv", 2048.0), ("a.tsv", 1259.2592592592594)])
  func roundTripIsExact(_ name: String, _ rate: Double) throws {
    let folder = try TemporaryFolder()
    var original = SyntheticEMG.recording(channels: 3, samples: 5000, samplingRate: rate)
    original.channels[2].role = .force
    original.channels[2].unit = .newton
    original.channels[2].name = "Force, left [1]"
    try TableWriter.write(original, to: folder.path(name))
    let read = try Recording.open(folder.path(name))
    #expect(abs(read.samplingRate / rate - 1) < 1e-9)
    #expect(read.channels.map(\.unit) == original.channels.map(\.unit))
    #expect(read.channels.map(\.role) == original.channels.map(\.role))
    let difference = SyntheticEMG.largestDifference(
      try original.samples(channels: [0, 1, 2], range: 0..<5000),
      try read.samples(channels: [0, 1, 2], range: 0..<5000))
    #expect(difference == 0)
    #expect(folder.names == [name])
  }
}
