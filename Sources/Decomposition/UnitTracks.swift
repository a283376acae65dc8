/// One unit over the segments of a long recording.
struct UnitTrack: Sendable {
  /// What one segment holds of the unit.
  struct Piece: Sendable {
    var segment: Int
    /// Discharges in samples of the recording, as the segment has them.
    var times: [Double]
    var unit: MotorUnit
    /// Samples by which the segment's times follow those of the track.
    var lag: Double
  }

  let id: Int
  var pieces: [Piece]

  /// The piece seen last.
  var last: Piece? { pieces.last }
}

/// Links the units of neighbouring segments to tracks.
///
/// A unit continues a track if the two trains agree over the common stretch, or, where the unit is
/// not active there or the track paused for some segments, if the potentials are alike.
struct UnitTracks: Sendable {
  let configuration: SegmentConfiguration
  let samplingRate: Double
  private(set) var tracks: [UnitTrack] = []

  init(configuration: SegmentConfiguration, samplingRate: Double) {
    self.configuration = configuration
    self.samplingRate = samplingRate
  }

  /// Units to look for in the next segment, as they were last seen.
  var known: [KnownUnit] {
    let order = tracks.sorted {
      let (a, b) = ($0.last?.segment ?? -1, $1.last?.segment ?? -1)
      return a != b ? a > b : $0.id < $1.id
    }
    return order.prefix(configuration.knownLimit).compactMap { track in
      track.last.map { KnownUnit(id: track.id, template: $0.unit.template) }
    }
  }

  /// Adds a segment's units; `links` are the known units that they started from.
  mutating func add(
    _ units: [MotorUnit], links: [Int?], segment: Int, range: Range<Int>, overlap: Range<Int>
  ) {
    struct Pair {
      var unit: Int
      var track: Int
      var score: Double
      var lag: Double
    }
    let times = units.map { unit in unit.train.times.map { $0 + Double(range.lowerBound) } }
    var pairs: [Pair] = []
    for (place, unit) in units.enumerated() {
      for (index, track) in tracks.enumerated() {
        guard let last = track.last else { continue }
        if let common = agreement(last, times[place], segment: segment, overlap: overlap) {
          // Both fire in the common stretch: the trains decide.
          if common.rate < configuration.agreementLimit { continue }
          pairs.append(
            Pair(unit: place, track: index, score: 2 + common.rate, lag: last.lag + common.lag))
          continue
        }
        let shape = TemplateSimilarity(last.unit.template, unit.template)
        let isContinued = links[place] == track.id
        if isContinued || shape.cosine >= configuration.similarityLimit {
          // A potential that comes later after its discharges has earlier discharges.
          let lag = Double(shape.shift) * samplingRate / unit.template.samplingRate
          pairs.append(
            Pair(
              unit: place, track: index, score: shape.cosine + (isContinued ? 1 : 0),
              lag: last.lag - lag))
        }
      }
    }
    pairs.sort {
      $0.score != $1.score ? $0.score > $1.score : ($0.unit, $0.track) < ($1.unit, $1.track)
    }
    var owner = [Pair?](repeating: nil, count: units.count)
    var taken = Set<Int>()
    for pair in pairs where owner[pair.unit] == nil && !taken.contains(pair.track) {
      owner[pair.unit] = pair
      taken.insert(pair.track)
    }
    for (place, unit) in units.enumerated() {
      var piece = UnitTrack.Piece(segment: segment, times: times[place], unit: unit, lag: 0)
      if let pair = owner[place] {
        piece.lag = pair.lag
        tracks[pair.track].pieces.append(piece)
      } else {
        tracks.append(UnitTrack(id: tracks.count, pieces: [piece]))
      }
    }
  }

  /// The agreement of a track with a train over the common stretch; nil where either is silent.
  private func agreement(
    _ last: UnitTrack.Piece, _ times: [Double], segment: Int, overlap: Range<Int>
  ) -> TrainAgreement? {
    if last.segment != segment - 1 { return nil }
    let inside = { (time: Double) in
      time >= Double(overlap.lowerBound) && time < Double(overlap.upperBound)
    }
    let first = last.times.filter(inside)
    let second = times.filter(inside)
    if first.count < 8 || second.count < 8 { return nil }
    // Filters may lock onto any two parts of one potential.
    let template = last.unit.template
    let length = Double(template.channels.map(\.count).max() ?? 0)
    let longest = length / template.samplingRate * samplingRate
    return TrainAgreement(
      first, second, tolerance: max(1, 0.000_5 * samplingRate), longestLag: longest)
  }

  /// The whole train of a track: each segment up to the middle of its overlaps with the next.
  ///
  /// Where only one of two segments holds the unit, its part of the overlap is taken whole.
  static func train(
    of track: UnitTrack, segments: [Range<Int>], samplingRate: Double, refractory: Double
  ) -> SpikeTrain {
    let held = Set(track.pieces.map(\.segment))
    var result: [Double] = []
    for piece in track.pieces {
      let index = piece.segment
      var low = -Double.infinity
      var high = Double.infinity
      if held.contains(index - 1) {
        low = Double(segments[index].lowerBound + segments[index - 1].upperBound) / 2
      }
      if held.contains(index + 1) {
        high = Double(segments[index + 1].lowerBound + segments[index].upperBound) / 2
      }
      for time in piece.times.map({ $0 - piece.lag }) where time >= low && time < high {
        // A discharge on the seam may be in both, a fraction of a sample apart.
        if let last = result.last, time - last < refractory { continue }
        result.append(time)
      }
    }
    return SpikeTrain(times: result, samplingRate: samplingRate)
  }
}
