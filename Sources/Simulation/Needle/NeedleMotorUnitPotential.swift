import Foundation
import Signal

/// A unit's potential as the needle sees it: its largest fibres one by one and the sum of the rest.
///
/// The large ones jitter against each other from discharge to discharge, which gives the shape
/// variability (jiggle) of real potentials; the many small ones average theirs out.
struct NeedleMotorUnitPotential: Sendable {
  /// Fibres with a jitter of their own.
  static let singleFibres = 16

  /// The rest and the large fibres, for the needle at its first and at its last place.
  let rest: [PotentialTemplate]
  let singles: [[PotentialTemplate]]
  let fibres: [NeedleFibre]

  /// Computes the potentials for the tip at each of `tips` (first and last place of each channel).
  init(
    fibres all: [NeedleFibre], electrode: NeedleSimulationConfiguration.Electrode,
    tips: [[(y: Double, z: Double)]], grid: PotentialGrid, factor: Int, separate: Bool
  ) {
    func nearness(_ fibre: NeedleFibre) -> Double {
      tips.joined().map { hypot(fibre.y - $0.y, fibre.z - $0.z) }.min() ?? 0
    }
    let order = all.map { ($0, nearness($0)) }.sorted { $0.1 < $1.1 }.map(\.0)
    let own = separate ? Array(order.prefix(Self.singleFibres)) : []
    let others = order.dropFirst(own.count)
    func potential(_ fibres: some Sequence<NeedleFibre>, at places: [(y: Double, z: Double)])
      -> PotentialTemplate
    {
      var values = [Float](repeating: 0, count: grid.count * places.count)
      for fibre in fibres {
        for (channel, tip) in places.enumerated() {
          FibrePotential.add(
            profile: fibre.profile(electrode, tip: tip), strength: 1, arrival: fibre.arrival,
            velocity: fibre.velocity, perMillisecond: grid.perMillisecond, to: &values,
            range: channel * grid.count..<(channel + 1) * grid.count)
        }
      }
      return PotentialTemplate(
        UnitPotential(values: values, count: grid.count, channels: places.count), factor: factor)
    }
    fibres = own
    rest = tips.map { potential(others, at: $0) }
    singles = own.map { fibre in tips.map { potential([fibre], at: $0) } }
  }

  /// Adds the potentials of a train to the channels.
  ///
  /// `times` are sample positions, `gains` the amplitude of each discharge, `progress` how far the
  /// needle has moved at each (0 to 1).
  func add(
    times: [Double], gains: [Double], progress: [Double], samplingRate: Double,
    to signals: inout [[Float]], using random: inout SeededGenerator
  ) {
    func place(_ frames: [PotentialTemplate], _ times: [Double], _ gains: [Double]) {
      for (index, template) in frames.enumerated() {
        // Two frames: the needle's first and last place, mixed as it moves.
        let mixed = zip(gains, progress).map { gain, share in
          Float(frames.count == 1 ? gain : gain * (index == 0 ? 1 - share : share))
        }
        for channel in signals.indices {
          template.add(channel: channel, times: times, gains: mixed, to: &signals[channel])
        }
      }
    }
    place(rest, times, gains)
    for (fibre, frames) in zip(fibres, singles) {
      let scale = fibre.jitter * samplingRate / 1000
      let moved = times.map { $0 + scale * random.normal() }
      let kept = gains.map { random.uniform() < fibre.blocking ? 0 : $0 }
      place(frames, moved, kept)
    }
  }

  /// The potential without jitter at the needle's first place: channels x samples, in uV.
  func template() -> [[Float]] {
    guard let base = rest.first else { return [] }
    var sum = base.sampled()
    for frames in singles {
      for (channel, values) in frames[0].sampled().enumerated() {
        for index in values.indices { sum[channel][index] += values[index] }
      }
    }
    return sum
  }
}
