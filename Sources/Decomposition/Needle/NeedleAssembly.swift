import Foundation
import Synchronization

extension NeedleDecomposition {
  /// Joins the units of all segments into trains of the whole recording.
  static func assemble(_ segments: [NeedleSegment], into result: inout NeedleResult) {
    let rate = result.samplingRate
    result.segments = segments.map(\.range)
    let channels = segments.first?.noise.count ?? 0
    result.noiseMicrovolts = (0..<channels).map { channel in
      median(segments.map { $0.noise[channel] })
    }
    let spikes = segments.reduce(0.0) { $0 + $1.spikeEnergy }
    let left = segments.reduce(0.0) { $0 + $1.residualSpikeEnergy }
    result.residualSpikeShare = spikes > 0 ? left / spikes : 0
    let seconds = segments.reduce(0.0) { $0 + Double($1.range.count) / rate }
    result.spikeRate = Double(segments.reduce(0) { $0 + $1.spikeCount }) / max(1e-9, seconds)
    let cuts = segments.indices.map { index in
      index == 0
        ? 0.0
        : Double(segments[index].range.lowerBound + segments[index - 1].range.upperBound) / 2
    }
    let law = NeedleAccuracy(
      prediction: result.configuration.prediction, acceptance: result.configuration.acceptance)
    let chains = linkedChains(
      segments, samplingRate: rate, limits: result.configuration.linking)
    var units = chains.compactMap { chain in
      unit(
        chain, segments: segments, cuts: cuts, rate: rate,
        unexplained: result.residualSpikeShare > result.configuration.residualShareLimit,
        law: law)
    }
    let found = units.count
    units.removeAll { $0.predictedAgreement < law.acceptance.leastAgreement }
    units.sort { a, b in
      let first = a.train.times.first ?? 0
      let second = b.train.times.first ?? 0
      return first != second ? first < second : a.energy > b.energy
    }
    for index in units.indices { units[index].id = index }
    result.units = units
    addFlags(segments, unlikely: found - units.count, to: &result)
  }

  private static func unit(
    _ chain: NeedleChain, segments: [NeedleSegment], cuts: [Double], rate: Double,
    unexplained: Bool, law: NeedleAccuracy
  ) -> NeedleUnit? {
    // The potential is shown as it is in the segment of most firings, and all firings refer to it.
    guard
      let main = chain.members.max(by: { a, b in
        segments[a.segment].units[a.unit].times.count
          < segments[b.segment].units[b.unit].times.count
      })
    else { return nil }
    let entries = firings(of: chain, from: main, segments: segments, cuts: cuts)
    if entries.count < 2 { return nil }
    let parts = chain.members.map { segments[$0.segment].units[$0.unit] }
    let weights = parts.map { Double($0.times.count) }
    let total = weights.reduce(0, +)
    func mean(_ values: [Double]) -> Double {
      var sum = 0.0
      for (value, weight) in zip(values, weights) { sum += value * weight }
      return sum / max(1, total)
    }
    let segment = segments[main.segment]
    let statistics = parts.map(\.statistics)
    let evidence = parts.map(\.evidence)
    let accuracy = mean(evidence.map { law.estimate($0) })
    let completeness = mean(statistics.map(\.completeness))
    let variation = mean(statistics.map(\.intervals.variation))
    let template = MUAPTemplate(
      channels: segment.units[main.unit].potential, samplingRate: segment.potentialRate,
      origin: segment.origin)
    let reservations = law.reservations(
      accuracy: accuracy, evidence: evidence, firings: entries.count, unexplained: unexplained)
    let doublets = entries.indices.filter { entries[$0].doublet }
    return NeedleUnit(
      id: 0, train: SpikeTrain(times: entries.map(\.time), samplingRate: rate),
      template: template, amplitudes: entries.map(\.amplitude), doublets: doublets,
      meanInterval: mean(statistics.map(\.intervals.mean)), isiCoV: variation,
      shortIntervalShare: mean(statistics.map(\.shortShare)), completeness: completeness,
      regularity: mean(statistics.map(\.regularity)), energy: mean(statistics.map(\.energy)),
      amplitudeOverSignal: mean(evidence.map(\.amplitudeOverSignal)),
      misfit: mean(evidence.map(\.misfit)),
      amplitudeSpread: mean(evidence.map(\.amplitudeSpread)),
      separation: mean(evidence.map(\.separation)), predictedAgreement: accuracy,
      reservations: reservations)
  }

  /// The firings of all segments, each up to its cuts, at the instant that those of `main` mark.
  static func firings(
    of chain: NeedleChain, from main: NeedleChain.Member, segments: [NeedleSegment],
    cuts: [Double]
  ) -> [(time: Double, amplitude: Float, doublet: Bool)] {
    var entries: [(time: Double, amplitude: Float, doublet: Bool)] = []
    let last = Double((segments.last?.range.upperBound ?? 1) - 1)
    for member in chain.members {
      let unit = segments[member.segment].units[member.unit]
      let low = cuts[member.segment]
      let high = member.segment + 1 < cuts.count ? cuts[member.segment + 1] : Double.infinity
      let seconds = Set(unit.doublets)
      for (index, own) in unit.times.enumerated() {
        let time = min(max(0, own + member.shift - main.shift), last)
        if time < low || time >= high { continue }
        entries.append((time, unit.amplitudes[index], seconds.contains(index)))
      }
    }
    return entries
  }

  private static func addFlags(
    _ segments: [NeedleSegment], unlikely: Int, to result: inout NeedleResult
  ) {
    let share = result.residualSpikeShare
    let discarded = segments.reduce(0) { $0 + $1.discarded }
    if result.spikeRate > 1, share > result.configuration.residualShareLimit {
      result.flags.append(
        NeedleFlag(
          kind: .unexplainedSpikes,
          message: String(
            format: "%.0f %% of the energy of the spikes is not explained: units are missing",
            100 * share)))
      if result.spikeRate > 60 {
        result.flags.append(
          NeedleFlag(
            kind: .densePattern,
            message: String(
              format: "%.0f spikes/s overlap: an interference pattern, use its own measures",
              result.spikeRate)))
      }
    }
    func trains(_ count: Int) -> String {
      count == 1 ? "1 train was discarded" : "\(count) trains were discarded"
    }
    if discarded > 0 {
      result.flags.append(
        NeedleFlag(
          kind: .discardedTrains,
          message: trains(discarded) + " for irregular intervals"))
    }
    if unlikely > 0 {
      result.flags.append(
        NeedleFlag(
          kind: .discardedTrains,
          message: trains(unlikely)
            + String(
              format: " for a predicted agreement with true discharges below %.1f",
              result.configuration.acceptance.leastAgreement)))
    }
    if !result.units.isEmpty { return }
    if result.spikeRate < 1 {
      result.refusal = String(
        format: "no motor unit activity: %.1f spikes/s above five times the noise",
        result.spikeRate)
    } else if result.spikeRate > 60 {
      result.refusal = String(
        format: "%.0f spikes/s: the interference pattern is too dense to be decomposed; "
          + "ask for a weaker contraction", result.spikeRate)
    } else {
      result.refusal = String(
        format: "%.0f spikes/s, but none of their trains is that of a unit", result.spikeRate)
    }
  }
}

/// Counts finished segments from several threads and reports the share done.
final class ProgressCounter: Sendable {
  private let total: Int
  private let finished = Mutex(0)
  private let report: (@Sendable (Double) throws -> Void)?
  private let failure = Mutex<(any Error)?>(nil)

  init(total: Int, report: (@Sendable (Double) throws -> Void)?) {
    self.total = total
    self.report = report
  }

  /// One more is done.
  func step() {
    let count = finished.withLock { value in
      value += 1
      return value
    }
    tell(count)
  }

  /// Tells the receiver, unless it has asked to end.
  private func tell(_ count: Int) {
    if failure.withLock({ $0 != nil }) { return }
    do {
      try report?(Double(count) / Double(max(1, total)))
    } catch {
      failure.withLock { $0 = $0 ?? error }
    }
  }

  /// Whether the receiver of the progress asks to end; tells it how far the work has come.
  func isCancelled() -> Bool {
    if failure.withLock({ $0 != nil }) { return true }
    tell(finished.withLock { $0 })
    return failure.withLock { $0 != nil }
  }

  /// Throws what the receiver of the progress threw.
  func check() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
