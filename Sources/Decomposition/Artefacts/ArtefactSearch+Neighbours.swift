import Signal

/// What one channel has and its neighbours know nothing of.
extension ArtefactSearch {
  /// Searches what the neighbours leave of each channel, where an artefact of one channel stands out
  /// although the activity of that channel is as large; mends in place and tells what was there.
  ///
  /// The channels around lack what the artefact adds to their own predictions, so that of several
  /// that stand out at one time only the first is believed, and only where it leads by far: what
  /// several channels have is activity. In the muscle, where a potential may be on one channel alone,
  /// nothing is done.
  ///
  /// - Parameter known: What was found before; what follows it on its channel is its tail.
  func mendBesideNeighbours(
    _ channels: inout [[Float]], usable: [Int], known: [SignalArtefact]
  ) -> [SignalArtefact] {
    if potentialsAreLocal || usable.count < 4 { return [] }
    var starts = [[Int]](repeating: [], count: channels.count)
    for artefact in known {
      for channel in artefact.channels { starts[channel].append(artefact.start) }
    }
    var artefacts: [SignalArtefact] = []
    for _ in 0..<settings.passes {
      let found = passBesideNeighbours(&channels, usable: usable, starts: starts)
      artefacts += found
      if found.isEmpty { break }
      for artefact in found { starts[artefact.channels[0]].append(artefact.start) }
    }
    return artefacts
  }

  private func passBesideNeighbours(
    _ channels: inout [[Float]], usable: [Int], starts: [[Int]]
  ) -> [SignalArtefact] {
    let count = channels[usable[0]].count
    let whole = [[Bool]](repeating: [], count: channels.count)
    // For finding them the samples beside an instant say enough.
    var lean = configuration
    lean.filling.reach = min(1, configuration.filling.reach)
    lean.filling.fitted = min(4_000, configuration.filling.fitted)
    let prediction = NeighbourPrediction(
      channels, usable: usable, isMissing: whole, configuration: lean)
    let tail = Int(settings.tailLength * samplingRate)
    let found = parallelism.map(usable.count) { [channels] index -> [Find] in
      guard let rest = prediction.rest(of: usable[index], in: channels, isMissing: whole),
        let model = AutoregressiveModel(rest, settings: settings)
      else { return [] }
      return finds(in: rest, model: model).map { find in
        var find = find
        // What rises over several samples may be a potential, but for the tail of what is known.
        let isTail = starts[usable[index]].contains {
          $0 <= find.top && find.top <= $0 + tail
        }
        find.isSmooth =
          !isTail && !isJump(differences(at: find.places, in: rest, model: model))
        return find
      }
    }
    var all = found.enumerated().flatMap { index, finds in finds.map { (usable[index], $0) } }
    all.sort { ($0.1.top, $0.0) < ($1.1.top, $1.0) }
    var artefacts: [SignalArtefact] = []
    var mended: [Int: [Int]] = [:]
    var index = 0
    while index < all.count {
      // The neighbours of a channel lack its artefact at the same instant.
      var end = index + 1
      while end < all.count && all[end].1.top <= all[end - 1].1.top + 2 { end += 1 }
      let group = all[index..<end].sorted { $0.1.strength > $1.1.strength }
      index = end
      let (channel, find) = group[0]
      let second = group.first { $0.0 != channel }?.1.strength ?? 0
      if find.isSmooth || second > settings.neighbourShare * find.strength { continue }
      mended[channel, default: []] += find.places
      artefacts.append(
        SignalArtefact(
          kind: .pulse, start: find.places[0], end: (find.places.last ?? 0) + 1,
          channels: [channel], sampleCount: find.places.count))
    }
    if Double(artefacts.count) > settings.highestRate * Double(count) / samplingRate { return [] }
    fill(&channels, at: mended, usable: usable)
    return artefacts
  }
}
