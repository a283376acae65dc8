extension ArtefactSearch {
  /// The groups that stand far above all that does not stand out.
  ///
  /// The largest potentials in the muscle are as steep as some artefacts. What is no more than a few times as high as
  /// other activity does little harm, and may be a unit that is near.
  func withoutActivity(
    _ groups: [[(Int, Find)]], found: [[Find]], in channels: [[Float]]
  ) -> [[(Int, Find)]] {
    let rest = channels.indices.map { channel -> Double in
      let samples = channels[channel]
      var isFound = [Bool](repeating: false, count: samples.count)
      for place in found[channel].flatMap(\.places) {
        for index in max(0, place - settings.order)..<min(samples.count, place + settings.order) {
          isFound[index] = true
        }
      }
      let mean = models[channel]?.mean ?? 0
      let others = SpikeClustering.ascending(
        samples.indices.filter { !isFound[$0] }.map { abs(samples[$0] - mean) })
      return others.isEmpty ? 0 : Double(others[others.count * 999 / 1000])
    }
    return groups.filter { group in
      group.contains { channel, find in
        guard let model = models[channel] else { return false }
        let height =
          differences(at: find.places, in: channels[channel], model: model).map(abs).max() ?? 0
        return height >= settings.heightOverRest * rest[channel]
      }
    }
  }

  /// The groups without those that are the discharges of a unit.
  ///
  /// In the muscle a potential may rise as steeply as an artefact and stand as far above the rest. A unit
  /// discharges alike and in a steady rhythm of 4 to 33 a second, which pulses and stimulation at other rates do not.
  func withoutTrains(_ groups: [[(Int, Find)]], in channels: [[Float]]) -> [[(Int, Find)]] {
    let courses = groups.map { course($0, in: channels) }
    var isKept = [Bool](repeating: true, count: groups.count)
    var isJudged = isKept.map { !$0 }
    for first in groups.indices where !isJudged[first] {
      let alike = groups.indices.filter {
        !isJudged[$0] && courses[$0].channel == courses[first].channel
          && agreement(courses[first].values, courses[$0].values) >= settings.trainAgreement
      }
      for member in alike { isJudged[member] = true }
      if alike.count < 5 { continue }
      let times = alike.map { Double(courses[$0].top) / samplingRate }
      let intervals = zip(times.dropFirst(), times).map { $0 - $1 }
      let steady = zip(intervals.dropFirst(), intervals).count { own, before in
        (0.03...0.25).contains(own) && (0.03...0.25).contains(before)
          && (0.6...1 / 0.6).contains(own / before)
      }
      guard Double(steady) >= max(3, settings.trainShare * Double(alike.count)) else { continue }
      for member in alike { isKept[member] = false }
    }
    return groups.indices.filter { isKept[$0] }.map { groups[$0] }
  }

  /// The samples about the largest value of a group, on the channel where it is.
  private func course(
    _ group: [(Int, Find)], in channels: [[Float]]
  ) -> (channel: Int, top: Int, values: [Double]) {
    guard let (channel, find) = group.max(by: { $0.1.strength < $1.1.strength }) else {
      return (0, 0, [])
    }
    let samples = channels[channel]
    let mean = models[channel]?.mean ?? 0
    let low = max(0, find.places[0] - 2)
    let high = min(samples.count, (find.places.last ?? 0) + 3)
    var top = find.top
    for place in low..<high where abs(samples[place] - mean) > abs(samples[top] - mean) {
      top = place
    }
    let reach = max(4, Int(0.001 * samplingRate))
    return (
      channel, top,
      (top - reach...top + reach).map {
        samples.indices.contains($0) ? Double(samples[$0] - mean) : 0
      }
    )
  }

  /// Cosine of two courses at the best lag of up to one sample, 0 where one is twice as large.
  private func agreement(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count, a.count > 4 else { return 0 }
    func energy(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }
    let (own, other) = (energy(a), energy(b))
    guard own > 0, other > 0, max(own, other) <= 4 * min(own, other) else { return 0 }
    return (-1...1).map { lag in
      a.indices.reduce(0.0) { sum, index in
        b.indices.contains(index + lag) ? sum + a[index] * b[index + lag] : sum
      } / (own * other).squareRoot()
    }.max() ?? 0
  }
}
