import Signal

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
    /// Potentials of the first and last discharges; nil once a neighbouring piece is linked there.
    var early: MUAPTemplate?
    var late: MUAPTemplate?
  }

  let id: Int
  /// By segment.
  var pieces: [Piece]

  /// The piece seen last.
  var last: Piece? { pieces.last }

  /// The place of a segment's piece.
  func place(of segment: Int) -> Int? { pieces.firstIndex { $0.segment == segment } }
}

/// Links the units of neighbouring segments to tracks.
///
/// A unit continues a track if the two trains agree over the common stretch, or, where one is not
/// active there or the track paused for some segments, if the potentials that meet are alike.
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
      track.last.map { KnownUnit(id: track.id, template: $0.late ?? $0.unit.template) }
    }
  }

  /// Units that the segment after `segment` holds and `segment` lacks, as they are seen first.
  func missing(in segment: Int) -> [KnownUnit] {
    tracks.compactMap { track in
      guard track.place(of: segment) == nil, let next = track.place(of: segment + 1) else {
        return nil
      }
      let piece = track.pieces[next]
      return KnownUnit(id: track.id, template: piece.early ?? piece.unit.template)
    }
  }

  /// The pieces that a segment holds, with their tracks.
  func held(in segment: Int) -> [(track: Int, piece: UnitTrack.Piece)] {
    tracks.compactMap { track in
      track.place(of: segment).map { (track.id, track.pieces[$0]) }
    }
  }

  private struct Pair {
    var unit: Int
    var track: Int
    var score: Double
    var lag: Double
  }

  /// Adds the units of the segment after all others; `links` are the known units that they started
  /// from, `overlap` is its common stretch with the segment before.
  mutating func add(
    _ units: [MotorUnit], links: [Int?], ends: [EndPotentials]? = nil, segment: Int,
    range: Range<Int>, overlap: Range<Int>
  ) {
    let ends = ends ?? units.map { EndPotentials($0.template) }
    let pieces = zip(units, ends).map { unit, ends in
      Self.piece(unit, ends: ends, segment: segment, range: range)
    }
    var pairs: [Pair] = []
    for (place, piece) in pieces.enumerated() {
      for (index, track) in tracks.enumerated() {
        guard let last = track.last else { continue }
        let link = link(
          last, piece, lastEnd: last.late, pieceEnd: piece.early,
          isContinued: links[place] == track.id, overlap: overlap)
        if let link {
          pairs.append(Pair(unit: place, track: index, score: link.score, lag: link.lag))
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
    for (place, piece) in pieces.enumerated() {
      var piece = piece
      if let pair = owner[place] {
        piece.lag = pair.lag
        tracks[pair.track].insert(piece)
      } else {
        tracks.append(UnitTrack(id: tracks.count, pieces: [piece]))
      }
    }
  }

  /// Puts in the units of a segment that was looked at again from the one after it.
  ///
  /// `links` are the tracks that the units started from; `overlap` is the common stretch with the
  /// segment after. A train that was there before is replaced if it is the same one.
  mutating func insert(
    _ units: [MotorUnit], links: [Int?], ends: [EndPotentials], segment: Int, range: Range<Int>,
    overlap: Range<Int>
  ) {
    for (place, unit) in units.enumerated() {
      guard let id = links[place] else { continue }
      var piece = Self.piece(unit, ends: ends[place], segment: segment, range: range)
      if let there = tracks[id].place(of: segment) {
        let before = tracks[id].pieces[there]
        let agreement = agreement(before.times, piece.times, template: unit.template)
        if agreement.rate < configuration.agreementLimit { continue }
        piece.lag = before.lag + agreement.lag
        if before.early == nil { piece.early = nil }
        if before.late == nil { piece.late = nil }
        tracks[id].pieces[there] = piece
      } else if let next = tracks[id].place(of: segment + 1) {
        let after = tracks[id].pieces[next]
        guard
          let link = link(
            after, piece, lastEnd: after.early, pieceEnd: piece.late, isContinued: true,
            overlap: overlap)
        else { continue }
        piece.lag = link.lag
        tracks[id].insert(piece)
      }
    }
  }

  /// Replaces the tracks, as their joining does.
  mutating func replace(with tracks: [UnitTrack]) { self.tracks = tracks }

  private static func piece(
    _ unit: MotorUnit, ends: EndPotentials, segment: Int, range: Range<Int>
  ) -> UnitTrack.Piece {
    UnitTrack.Piece(
      segment: segment, times: unit.train.times.map { $0 + Double(range.lowerBound) },
      unit: unit, lag: 0, early: ends.early, late: ends.late)
  }

  /// Whether a piece is the unit of a linked one, how surely, and the lag of its times.
  private func link(
    _ linked: UnitTrack.Piece, _ piece: UnitTrack.Piece, lastEnd: MUAPTemplate?,
    pieceEnd: MUAPTemplate?, isContinued: Bool, overlap: Range<Int>
  ) -> (score: Double, lag: Double)? {
    let template = piece.unit.template
    var limit =
      isContinued ? configuration.continuedSimilarityLimit : configuration.similarityLimit
    if abs(linked.segment - piece.segment) == 1 {
      let first = Self.inside(overlap, linked.times)
      let second = Self.inside(overlap, piece.times)
      if min(first.count, second.count) >= configuration.fewestCommon {
        // Both fire in the common stretch: the trains decide.
        let common = agreement(first, second, template: template)
        return common.rate < configuration.agreementLimit
          ? nil : (2 + common.rate, linked.lag + common.lag)
      }
      // One fires and the other does not: the potentials have to outweigh that.
      if max(first.count, second.count) > 2 * configuration.fewestCommon {
        limit = configuration.similarityLimit
      }
    }
    let shape = TemplateSimilarity(
      lastEnd ?? linked.unit.template, pieceEnd ?? template)
    if shape.cosine < limit { return nil }
    // A potential that comes later after its discharges has earlier discharges.
    let lag = Double(shape.shift) * samplingRate / template.samplingRate
    return (shape.cosine + (isContinued ? 1 : 0), linked.lag - lag)
  }

  private static func inside(_ overlap: Range<Int>, _ times: [Double]) -> [Double] {
    times.filter { $0 >= Double(overlap.lowerBound) && $0 < Double(overlap.upperBound) }
  }

  /// The agreement of two trains at any lag within a potential: filters may lock onto any two parts
  /// of it.
  private func agreement(
    _ first: [Double], _ second: [Double], template: MUAPTemplate
  ) -> TrainAgreement {
    let length = Double(template.channels.map(\.count).max() ?? 0)
    return TrainAgreement(
      first, second, tolerance: TrainAgreement.usualTolerance(samplingRate: samplingRate),
      longestLag: length / template.samplingRate * samplingRate)
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

extension UnitTrack {
  /// Puts a piece in its place; ends that meet a neighbour are needed no more.
  fileprivate mutating func insert(_ piece: Piece) {
    var piece = piece
    if let before = place(of: piece.segment - 1) {
      pieces[before].late = nil
      piece.early = nil
    }
    if let after = place(of: piece.segment + 1) {
      pieces[after].early = nil
      piece.late = nil
    }
    let at = pieces.firstIndex { $0.segment > piece.segment } ?? pieces.count
    pieces.insert(piece, at: at)
  }
}
