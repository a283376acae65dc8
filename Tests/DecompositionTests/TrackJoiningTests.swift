import Testing

@testable import Decomposition

@Suite struct TrackJoiningTests {
  private let segments = [0..<20_000, 15_000..<35_000]
  private var joining: TrackJoining {
    TrackJoining(segments: segments, samplingRate: 1_000, refractory: 20, configuration: .init())
  }

  private func template(_ shape: Float) -> MUAPTemplate {
    var channels = [[Float]](repeating: [Float](repeating: 0, count: 40), count: 2)
    for sample in 10..<20 {
      channels[0][sample] = Float(sample - 14) * (1 - shape)
      channels[1][sample] = Float(sample - 14) * shape
    }
    return MUAPTemplate(channels: channels, samplingRate: 1_000, origin: 20)
  }

  private func track(
    _ id: Int, _ pieces: [(segment: Int, discharges: Range<Int>, shape: Float)]
  ) -> UnitTrack {
    UnitTrack(
      id: id,
      pieces: pieces.map { segment, discharges, shape in
        // The unit of another shape has a rhythm of its own.
        let interval = shape == 1 ? 97.0 : 100
        let times = discharges.map { Double($0) * interval + Double($0 * 37 % 11) }
        return UnitTrack.Piece(
          segment: segment, times: times,
          unit: MotorUnit(
            id: 0, train: SpikeTrain(times: times, samplingRate: 1_000),
            template: template(shape),
            quality: UnitQuality(
              silhouette: 0.9, pulseToNoise: 30, isiCoV: 0.1, meanRate: 10, round: 1)),
          lag: 0)
      })
  }

  @Test func aTrackThatGoesOnInAnotherIsOne() {
    let joined = joining.joined([
      track(0, [(0, 0..<120, 0.3)]), track(1, [(0, 0..<206, 1), (1, 155..<350, 1)]),
      track(2, [(0, 120..<200, 0.4), (1, 150..<350, 0.5)]),
    ])
    #expect(joined.count == 2)
    #expect(joined.map(\.id) == [0, 1])
    let whole = joined.map { track in
      UnitTracks.train(of: track, segments: segments, samplingRate: 1_000, refractory: 10)
        .times.count
    }
    #expect(whole == [350, 350])
    // The segment that both had a part of is one piece.
    #expect(joined.allSatisfy { $0.pieces.map(\.segment) == [0, 1] })
  }

  @Test func otherUnitsStayApart() {
    let tracks = [
      track(0, [(0, 0..<120, 0)]), track(1, [(0, 124..<206, 1), (1, 155..<350, 1)]),
    ]
    #expect(joining.joined(tracks).count == 2)
    #expect(joining.joined([]).isEmpty)
  }
}
