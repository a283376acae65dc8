import Foundation
import Testing

@testable import Recordings

@Suite struct RecordingWriteTests {
  @Test(arguments: Recording.writableExtensions)
  func everyExtensionGivesItsFormatAndTheSameSignal(_ kind: String) throws {
    let folder = try TemporaryFolder()
    let original = SyntheticEMG.recording(channels: 4, samples: 2048)
    let path = folder.path("a.\(kind)")
    try original.write(to: path)
    let options = kind == "w64" ? RecordingOptions(millivoltsAtFullScale: 1) : RecordingOptions()
    let read = try Recording.open(path, options: options)
    #expect(read.source.formatName.lowercased().hasPrefix(kind == "rf64" ? "rf64" : kind))
    #expect(read.samplingRate == 2048)
    #expect(read.hasPhysicalAmplitude)
    // The coarsest of the formats has steps of 0.01 uV for these amplitudes.
    #expect(
      SyntheticEMG.largestDifference(try original.emgSamples(), try read.emgSamples()) < 0.01)
  }

  @Test func otherExtensionsAreRefused() throws {
    let folder = try TemporaryFolder()
    let original = SyntheticEMG.recording(channels: 1, samples: 10)
    let error = thrown { try original.write(to: folder.path("a.xyz")) }
    #expect(error?.description.contains("can be written: wav") == true)
    #expect(folder.names.isEmpty)
  }
}
