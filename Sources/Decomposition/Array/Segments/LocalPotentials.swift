import Signal

/// A unit's potential at the two ends of its train.
///
/// Where electrodes move, one potential for a whole segment is like neither the one before nor the
/// one after it; those of the first and the last discharges are nearer to what comes next.
struct EndPotentials: Sendable, Equatable {
  /// Over the first discharges.
  var early: MUAPTemplate
  /// Over the last discharges.
  var late: MUAPTemplate

  /// The same potential at both ends.
  init(_ template: MUAPTemplate) {
    early = template
    late = template
  }

  init(early: MUAPTemplate, late: MUAPTemplate) {
    self.early = early
    self.late = late
  }
}

extension RoundState {
  /// The potentials at both ends of each unit's train, in the order of `decomposition.units`.
  ///
  /// The fitted potential plus the mean of the residual at the discharges of that end: what the
  /// joint fit could not explain there by one potential for all discharges.
  func endPotentials(
    of decomposition: ArrayDecomposition, settings: SegmentConfiguration
  ) -> [EndPotentials] {
    places(of: decomposition).enumerated().map { index, place in
      let template = decomposition.units[index].template
      guard let place else { return EndPotentials(template) }
      let times = units[place].times
      let count = settings.endCount(times.count)
      if count < settings.fewestEndDischarges { return EndPotentials(template) }
      return EndPotentials(
        early: moved(template, to: times.prefix(count)),
        late: moved(template, to: times.suffix(count)))
    }
  }

  /// How steady potentials stay over the recording: about 1 where they do not move; nil without
  /// units to tell it by.
  ///
  /// The median over units of the cosine of the potentials at the two ends over that of the same
  /// discharges taken in turns, which noise lowers alike and drift does not.
  func steadiness(
    of decomposition: ArrayDecomposition, settings: SegmentConfiguration
  ) -> Double? {
    let shares = places(of: decomposition).enumerated().compactMap { index, place -> Double? in
      guard let place else { return nil }
      let template = decomposition.units[index].template
      let times = units[place].times
      let count = settings.endCount(times.count)
      if count < settings.fewestEndDischarges { return nil }
      let used = times.prefix(count) + times.suffix(count)
      let turns = (0..<2).map { turn in
        moved(
          template,
          to: ArraySlice(used.enumerated().filter { $0.offset % 2 == turn }.map(\.element)))
      }
      let unmoved = TemplateSimilarity(turns[0], turns[1], longestShift: settings.steadyShift)
        .cosine
      if unmoved < settings.leastSteadyCosine { return nil }
      let ends = TemplateSimilarity(
        moved(template, to: times.prefix(count)), moved(template, to: times.suffix(count)),
        longestShift: settings.steadyShift)
      return ends.cosine / unmoved
    }.sorted()
    return shares.count < settings.fewestSteadyUnits ? nil : shares[shares.count / 2]
  }

  /// Where each unit of the finished decomposition stands among `units`; nil for none.
  func places(of decomposition: ArrayDecomposition) -> [Int?] {
    let factor = conditioned.conversion.ratio
    return decomposition.units.map { unit in
      units.firstIndex { state in
        state.times.count == unit.train.times.count
          && zip(state.times, unit.train.times).allSatisfy { $0 * factor == $1 }
      }
    }
  }

  private func moved(_ template: MUAPTemplate, to times: ArraySlice<Double>) -> MUAPTemplate {
    let m = conditioned.channels.count
    var sum = [Float](repeating: 0, count: templateLength * m)
    var used = 0
    for time in times {
      let start = Int(time.rounded()) - templateLength / 2
      if start < -residual.padding
        || start + templateLength > residual.sampleCount + residual.padding
      {
        continue
      }
      residual.addRun(startingAt: start, scale: 1, into: &sum)
      used += 1
    }
    if used == 0 { return template }
    let scale = conditioned.scale / Float(used)
    var result = template
    for (place, channel) in conditioned.channels.enumerated() {
      for sample in 0..<templateLength {
        result.channels[channel][sample] += sum[sample * m + place] * scale
      }
    }
    return result
  }
}
