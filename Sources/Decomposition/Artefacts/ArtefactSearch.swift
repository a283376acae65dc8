import Signal

/// Finds and mends pulses and jumps: samples that stand off what those around them say farther
/// than muscle activity does, in one channel or in all at once.
///
/// Muscle activity reaches its electrodes through tissue: it is smooth in time, spread over
/// neighbouring channels and different from channel to channel. A sample that the others of its
/// channel contradict (an additive outlier; Fox 1972, J. R. Stat. Soc. B 34) is an artefact where
/// the contradiction is on that channel alone or alike on all.
struct ArtefactSearch: Sendable {
  let models: [AutoregressiveModel?]
  let samplingRate: Double
  let configuration: ArrayConfiguration
  let potentialsAreLocal: Bool
  let parallelism: Parallelism

  var settings: ArrayConfiguration.Artefacts { configuration.artefacts }

  /// A stretch of a channel that is not what its surroundings say.
  struct Find: Sendable {
    var places: [Int]
    /// Largest deviation over the least one of an artefact.
    var strength: Float
    /// The place that stands off farthest.
    var top: Int
    /// Whether it rises over several samples, as a potential does.
    var isSmooth = false
  }

  /// Mends channels x samples in place and tells what was there.
  func mend(_ channels: inout [[Float]]) -> [SignalArtefact] {
    if channels.first?.count ?? 0 <= 4 * settings.order { return [] }
    var artefacts: [SignalArtefact] = []
    // A small artefact beside a large one shows once that one is gone.
    let usable = models.indices.filter { models[$0] != nil }
    let combinations = usable.count >= 4 ? combinations(channels, usable: usable) : []
    let whitening =
      usable.count >= 4
      ? ChannelWhitening(usable.map { channels[$0] }, settings: settings) : nil
    for _ in 0..<settings.passes {
      let found = pass(
        &channels, combinations: combinations, usable: usable, whitening: whitening)
      artefacts += found
      if found.isEmpty { break }
    }
    artefacts += mendBesideNeighbours(&channels, usable: usable, known: artefacts)
    return SignalArtefact.merged(artefacts)
  }

  private func pass(
    _ channels: inout [[Float]], combinations: [[Float]], usable: [Int],
    whitening: ChannelWhitening?
  ) -> [SignalArtefact] {
    let count = channels[0].count
    var artefacts: [SignalArtefact] = []
    for combination in combinations {
      artefacts += mendCommon(
        &channels, combination: combination, usable: usable, whitening: whitening)
    }
    let found = parallelism.map(channels.count) { [channels] index in
      models[index].map { finds(in: channels[index], model: $0) } ?? []
    }
    // What stands at one time in several channels is judged together.
    var all = found.enumerated().flatMap { channel, finds in finds.map { (channel, $0) } }
    all.sort { ($0.1.places[0], $0.0) < ($1.1.places[0], $1.0) }
    var accepted: [SignalArtefact] = []
    var mended: [Int: [Int]] = [:]
    var common: [[Int]] = []
    var groups: [[(Int, Find)]] = []
    var index = 0
    while index < all.count {
      var end = index + 1
      var last = all[index].1.places.last ?? 0
      while end < all.count && all[end].1.places[0] <= last + 2 {
        last = max(last, all[end].1.places.last ?? 0)
        end += 1
      }
      let group = Array(all[index..<end])
      index = end
      if isArtefact(group, in: channels, usable: usable) { groups.append(group) }
    }
    if potentialsAreLocal {
      groups = withoutTrains(withoutActivity(groups, found: found, in: channels), in: channels)
    }
    for group in groups {
      let start = group[0].1.places[0]
      let last = group.compactMap(\.1.places.last).max() ?? start
      let isCommon = Set(group.map(\.0)).count * 2 > usable.count && usable.count >= 4
      accepted.append(
        SignalArtefact(
          kind: isCommon ? .commonPulse : .pulse,
          start: start, end: last + 1, channels: Set(group.map(\.0)).sorted(),
          sampleCount: group.reduce(0) { $0 + $1.1.places.count }))
      if isCommon {
        common.append(Set(group.flatMap(\.1.places)).sorted())
      } else {
        for (channel, find) in group { mended[channel, default: []] += find.places }
      }
    }
    if Double(accepted.count) > settings.highestRate * Double(count) / samplingRate {
      return artefacts
    }
    takeOutCommon(&channels, at: common, usable: usable, whitening: whitening)
    fill(&channels, at: mended, usable: usable)
    return artefacts + accepted
  }

  /// Puts in what neighbours and surroundings say.
  func fill(_ channels: inout [[Float]], at places: [Int: [Int]], usable: [Int]) {
    if places.isEmpty { return }
    var isMissing = [[Bool]](repeating: [], count: channels.count)
    for (channel, own) in places {
      isMissing[channel] = [Bool](repeating: false, count: channels[channel].count)
      for place in own { isMissing[channel][place] = true }
    }
    let prediction = NeighbourPrediction(
      channels, usable: usable, isMissing: isMissing, configuration: configuration)
    for channel in places.keys.sorted() {
      let own = isMissing[channel].indices.filter { isMissing[channel][$0] }
      models[channel]?.mend(&channels[channel], at: own)
      if potentialsAreLocal { continue }
      _ = prediction.fill(channel, at: own, in: &channels, isMissing: isMissing)
    }
  }

  /// Whether what stands out in some channels at one time is no activity.
  private func isArtefact(
    _ group: [(Int, Find)], in channels: [[Float]], usable: [Int]
  ) -> Bool {
    let strength = group.map(\.1.strength).max() ?? 0
    let here = Set(group.map(\.0))
    let places = Set(group.flatMap(\.1.places)).sorted()
    if potentialsAreLocal || usable.count < 4 {
      // Potentials in the muscle rise within several samples: only a jump is none.
      return group.allSatisfy { channel, find in
        guard let model = models[channel] else { return false }
        return isJump(differences(at: find.places, in: channels[channel], model: model))
      }
    }
    if 2 * here.count > usable.count { return strength > settings.unmistakable }
    let parts = differences(at: places, in: channels, channels: usable)
    let energies = parts.map { $0.reduce(0) { $0 + $1 * $1 } }
    let total = energies.reduce(0, +)
    let inside = zip(usable, energies).filter { here.contains($0.0) }.reduce(0) { $0 + $1.1 }
    let few = max(1, Int(settings.fewShare * Double(usable.count)))
    if here.count <= few && inside >= settings.energyShare * total { return true }
    return strength > settings.aloneFactor * settings.unmistakable
      && inside >= settings.energyShare * total
  }

  /// Whether most of a course is reached from one sample to the next.
  func isJump(_ course: [Double]) -> Bool {
    let height = course.map(abs).max() ?? 0
    var before = 0.0
    var step = 0.0
    for value in course + [0] {
      step = max(step, abs(value - before))
      before = value
    }
    return step >= settings.jumpShare * height
  }

  /// What stands off the surroundings of some places, of each of some channels.
  func differences(
    at places: [Int], in channels: [[Float]], channels chosen: [Int]
  ) -> [[Double]] {
    chosen.map { channel in
      guard let model = models[channel] else {
        return [Double](repeating: 0, count: places.count)
      }
      return differences(at: places, in: channels[channel], model: model)
    }
  }

  /// What stands off the surroundings of some places of one channel.
  func differences(
    at places: [Int], in samples: [Float], model: AutoregressiveModel
  ) -> [Double] {
    guard let first = places.first, let last = places.last else { return [] }
    let low = max(0, first - settings.order)
    let high = min(samples.count, last + settings.order + 1)
    let window = samples[low..<high].map { Double($0 - model.mean) }
    var mended = window
    model.mend(&mended, at: places.map { $0 - low })
    return places.map { window[$0 - low] - mended[$0 - low] }
  }

  /// What stands out in one channel, ascending and apart.
  func finds(in samples: [Float], model: AutoregressiveModel) -> [Find] {
    let deviations = model.deviations(of: samples)
    let step = max(1, deviations.count / 20_000)
    var sampled: [Float] = []
    for index in stride(from: settings.order, to: deviations.count, by: step) {
      sampled.append(abs(deviations[index]))
    }
    let ordered = SpikeClustering.ascending(sampled)
    if ordered.isEmpty { return [] }
    let deviation = 1.4826 * ordered[ordered.count / 2]
    let limit = max(
      settings.lowestDeviation * deviation,
      settings.quantileRatio * ordered[ordered.count * 99 / 100])
    if !(deviation > 0) { return [] }
    var result: [Find] = []
    let longest = max(4, Int(settings.longest * samplingRate))
    let margin = 2 * settings.order
    var index = margin
    while index < deviations.count - margin {
      if abs(deviations[index]) <= limit {
        index += 1
        continue
      }
      // The largest of the stretch, then outwards from it as long as something is left.
      var end = index
      var top = index
      while end < min(index + longest, deviations.count - margin) {
        if abs(deviations[end]) > abs(deviations[top]) { top = end }
        if end - top > settings.order { break }
        end += 1
      }
      let places = grown(
        from: top, in: samples, model: model, limit: Double(settings.reach * deviation),
        longest: longest)
      if let last = result.last?.places.last, places[0] <= last {
        result[result.count - 1].places = Set(result[result.count - 1].places + places).sorted()
      } else {
        result.append(Find(places: places, strength: abs(deviations[top]) / limit, top: top))
      }
      index = max(end, (places.last ?? end) + settings.order / 2)
    }
    return result
  }

  /// The samples around one that have to go for the rest to be what their surroundings say.
  private func grown(
    from top: Int, in samples: [Float], model: AutoregressiveModel, limit: Double, longest: Int
  ) -> [Int] {
    let order = settings.order
    let low = max(0, top - longest - 2 * order)
    let high = min(samples.count, top + longest + 2 * order)
    let raw = samples[low..<high].map { Double($0 - model.mean) }
    var first = top - low
    var last = first
    var window = raw
    for _ in 0..<(2 * longest) {
      window = raw
      model.mend(&window, at: Array(first...last))
      // Which side is contradicted more decides which way it grows.
      func worst(_ range: Range<Int>) -> (place: Int, size: Double) {
        var best = (place: range.lowerBound, size: 0.0)
        for place in range.clamped(to: order..<(window.count - order)) {
          let size = abs(model.deviation(at: place, in: window))
          if size > best.size { best = (place, size) }
        }
        return best
      }
      let before = worst((first - order / 2)..<first)
      let after = worst((last + 1)..<(last + 1 + order / 2))
      if max(before.size, after.size) <= limit || last - first >= longest { break }
      // Jumps of a few samples at a time: what lies between is part of it.
      if before.size > after.size {
        first = max(before.place, first - 4)
      } else {
        last = min(after.place, last + 4)
      }
      if first < order || last >= window.count - order { break }
    }
    // What takes long to rise and fall ends in a tail that no longer stands out.
    let tail = last - first > settings.pulseLength ? last - first : 1
    return Array((max(1, first - 1) + low)...(min(window.count - 2, last + tail) + low))
  }
}
