import Signal

/// Joins tracks of a long recording that are pieces of one unit.
///
/// Tracks break where a unit is lost in a segment or ends within one, as potentials move. What
/// makes two trains one unit is that of `PieceJoining`, over the whole recording.
struct TrackJoining: Sendable {
  let segments: [Range<Int>]
  /// Of the recording, in Hz.
  let samplingRate: Double
  /// Shortest interval in samples of the recording.
  let refractory: Double
  /// When two trains are one unit.
  let configuration: ArrayConfiguration

  /// The tracks, those that are one unit as one; identifiers count anew.
  func joined(_ tracks: [UnitTrack]) -> [UnitTrack] {
    var tracks = tracks
    for _ in 0..<configuration.pieces.passes {
      guard let template = tracks.first?.pieces.first?.unit.template else { return tracks }
      let factor = samplingRate / template.samplingRate
      let joining = PieceJoining(
        tolerance: TrainAgreement.usualTolerance(samplingRate: template.samplingRate),
        longestLag: configuration.search.longestLag * template.samplingRate,
        refractory: refractory / factor,
        channelCount: template.channels.count, settings: configuration.pieces)
      let joins = joining.joins(
        tracks.map { piece($0, length: Self.length(of: template), factor: factor) })
      if joins.isEmpty { break }
      for join in joins {
        tracks[join.first] = united(
          tracks[join.first], tracks[join.second], lag: join.lag * factor)
      }
      let gone = Set(joins.map(\.second))
      tracks = tracks.indices.filter { !gone.contains($0) }.map { tracks[$0] }
    }
    return tracks.enumerated().map { UnitTrack(id: $0, pieces: $1.pieces) }
  }

  private static func length(of template: MUAPTemplate) -> Int {
    template.channels.map(\.count).max() ?? 0
  }

  private func piece(_ track: UnitTrack, length: Int, factor: Double) -> PieceJoining.Piece {
    let train = UnitTracks.train(
      of: track, segments: segments, samplingRate: samplingRate, refractory: refractory / 2)
    let (first, last) = (track.pieces[0], track.pieces[track.pieces.count - 1])
    return PieceJoining.Piece(
      times: train.times.map { $0 / factor },
      early: flat(
        first.early ?? first.unit.template, delay: first.lag / factor, length: length),
      late: flat(last.late ?? last.unit.template, delay: last.lag / factor, length: length))
  }

  /// A potential as `[sample][channel]`, its middle at the discharges of the track.
  private func flat(_ template: MUAPTemplate, delay: Double, length: Int) -> [Float] {
    let count = template.channels.count
    let first = template.origin - Int(delay.rounded()) - length / 2
    var result = [Float](repeating: 0, count: length * count)
    for (channel, values) in template.channels.enumerated() {
      for sample in 0..<length where values.indices.contains(first + sample) {
        result[sample * count + channel] = values[first + sample]
      }
    }
    return result
  }

  /// One track of two; the times of the second follow those of the first by `lag` samples.
  private func united(_ first: UnitTrack, _ second: UnitTrack, lag: Double) -> UnitTrack {
    var pieces = first.pieces
    for piece in second.pieces {
      var piece = piece
      piece.lag += lag
      guard let place = pieces.firstIndex(where: { $0.segment == piece.segment }) else {
        pieces.append(piece)
        continue
      }
      // Both have a part of the segment: the longer part stands for it.
      var (main, other) = (pieces[place], piece)
      if other.times.count > main.times.count { swap(&main, &other) }
      let shift = main.lag - other.lag
      let isLater = (other.times.first ?? 0) > (main.times.first ?? 0)
      var times: [Double] = []
      for time in (main.times + other.times.map { $0 + shift }).sorted() {
        if let last = times.last, time - last < refractory { continue }
        times.append(time)
      }
      main.times = times
      if isLater { main.late = other.late } else { main.early = other.early }
      pieces[place] = main
    }
    return UnitTrack(id: first.id, pieces: pieces.sorted { $0.segment < $1.segment })
  }
}
