import Decomposition
import Recordings
import Signal
import TestSupport
import Testing

@testable import Analyses

@Suite struct CancellationTests {
  @Test(arguments: [1, 2]) func arrayEndsAtTheCallThatThrows(_ call: Int) throws {
    let recording = try #require(SimulatedFixtures.grid)
    let canceller = Canceller(at: call)
    #expect(throws: CancellationError.self) {
      try ArrayAnalysis(recording, progress: { try canceller.receive($0) })
    }
    #expect(canceller.count == call)
  }

  @Test func segmentsAreLeftWithinARound() throws {
    let recording = try #require(SimulatedFixtures.grid)
    var segmentation = SegmentConfiguration()
    segmentation.automaticAbove = 3
    segmentation.length = 5
    segmentation.overlap = 2
    let canceller = Canceller(at: 1)
    #expect(throws: CancellationError.self) {
      try ArrayAnalysis(
        recording, segmentation: segmentation, progress: { try canceller.receive($0) })
    }
    // The first round of the first segment already tells.
    #expect(canceller.count == 1)
  }

  @Test func needleEndsBetweenPasses() throws {
    let recording = try #require(SimulatedFixtures.needle)
    let canceller = Canceller(at: 1)
    #expect(throws: CancellationError.self) {
      try NeedleAnalysis(
        recording, parallelism: .single, progress: { try canceller.receive($0) })
    }
    #expect(canceller.count == 1)
  }

  @Test func keptFiltersEndAtTheCallThatThrows() throws {
    let recording = try #require(SimulatedFixtures.grid)
    let model = try SeparationModel(
      ArrayAnalysis(recording).decomposition, setUp: ChannelSetUp(recording),
      provenance: .init(software: "", recording: "", sha256: "")
    ) { try recording.emgSamples(in: $0) }
    for call in [1, 2] {
      let applying = Canceller(at: call)
      #expect(throws: CancellationError.self) {
        try AppliedModel(
          model, to: recording, parallelism: .single, progress: { try applying.receive($0) })
      }
      #expect(applying.count == call)
      let streaming = Canceller(at: call)
      #expect(throws: CancellationError.self) {
        try StreamedAnalysis(
          recording, model: model, modelFile: "", blockMilliseconds: 100,
          progress: { try streaming.receive($0) })
      }
      #expect(streaming.count == call)
    }
  }
}
