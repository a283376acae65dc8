import Testing

@testable import Decomposition

@Suite struct UnitTracksTests {
  private let segments = [0..<20_000, 15_000..<35_000, 30_000..<50_000]

  /// A unit that fires every 100 samples from `phase` on, in one segment's own time.
  private func unit(_ shape: Int, phase: Double, in range: Range<Int>, lag: Double = 0) -> MotorUnit
  {
    var channels = [[Float]](repeating: [Float](repeating: 0, count: 40), count: 4)
    for sample in 10..<20 { channels[shape][sample] = Float(sample - 14) }
    let first = (Double(range.lowerBound) / 100).rounded(.up) * 100 + phase
    let times = stride(from: first, to: Double(range.upperBound), by: 100).map {
      $0 - Double(range.lowerBound) + lag
    }
    return MotorUnit(
      id: 0, train: SpikeTrain(times: times, samplingRate: 1_000),
      template: MUAPTemplate(channels: channels, samplingRate: 1_000, origin: 15),
      quality: UnitQuality(
        silhouette: 0.9, pulseToNoise: 30, isiCoV: 0.1, meanRate: 10, round: 1))
  }

  private func tracks() -> UnitTracks {
    UnitTracks(configuration: SegmentConfiguration(), samplingRate: 1_000)
  }

  @Test func trainsOverTheCommonStretchDecide() {
    var tracks = tracks()
    tracks.add(
      [unit(0, phase: 0, in: segments[0]), unit(1, phase: 40, in: segments[0])],
      links: [nil, nil], segment: 0, range: segments[0], overlap: 0..<0)
    // The potentials are exchanged: only the trains tell which is which.
    tracks.add(
      [unit(0, phase: 40, in: segments[1]), unit(1, phase: 0, in: segments[1], lag: 3)],
      links: [0, 1], segment: 1, range: segments[1], overlap: 15_000..<20_000)
    #expect(tracks.tracks.count == 2)
    let train = UnitTracks.train(
      of: tracks.tracks[0], segments: segments, samplingRate: 1_000, refractory: 10)
    // One discharge every 100 samples over both segments, the lag of the second taken out.
    #expect(train.times.count == 350)
    #expect(zip(train.times.dropFirst(), train.times).allSatisfy { abs($0 - $1 - 100) < 1e-6 })
  }

  @Test func aPausedUnitReturnsByItsPotential() {
    var tracks = tracks()
    tracks.add(
      [unit(2, phase: 0, in: segments[0])], links: [nil], segment: 0, range: segments[0],
      overlap: 0..<0)
    tracks.add(
      [unit(1, phase: 50, in: segments[1])], links: [nil], segment: 1, range: segments[1],
      overlap: 15_000..<20_000)
    tracks.add(
      [unit(2, phase: 0, in: segments[2])], links: [nil], segment: 2, range: segments[2],
      overlap: 30_000..<35_000)
    #expect(tracks.tracks.count == 2)
    #expect(tracks.tracks[0].pieces.map(\.segment) == [0, 2])
    let train = UnitTracks.train(
      of: tracks.tracks[0], segments: segments, samplingRate: 1_000, refractory: 10)
    #expect(train.times.filter { $0 >= 20_000 && $0 < 30_000 }.isEmpty)
    #expect(train.times.count == 400)
  }

  @Test func otherTrainsAreOtherUnits() {
    var tracks = tracks()
    tracks.add(
      [unit(0, phase: 0, in: segments[0])], links: [nil], segment: 0, range: segments[0],
      overlap: 0..<0)
    var other = unit(0, phase: 0, in: segments[1])
    other.train.times = stride(from: 33.0, to: 20_000, by: 87).map { $0 }
    tracks.add(
      [other], links: [0], segment: 1, range: segments[1], overlap: 15_000..<20_000)
    // The same potential but both fire at other instants: two units.
    #expect(tracks.tracks.count == 2)
    #expect(tracks.known.map(\.id) == [1, 0])
  }
}
