import Foundation

/// The force of a muscle from its units' discharges, in percent of its own maximum.
///
/// Critically damped twitches whose gain falls as they fuse (Fuglevand, Winter and Patla 1993,
/// eqs. 9 to 16). Twitch force is proportional to the number of fibres of a unit, so a muscle that
/// lost units has its own, smaller maximum; forces are relative to it.
public struct MuscleForce: Sendable {
  private let units: [SimulatedMotorUnit]
  private let forces: [Double]
  private let maximum: Double

  /// Makes the force model of a muscle's living units.
  public init(_ muscle: SimulatedMuscle) {
    units = muscle.units
    let units = muscle.units
    let table = (0...400).map { Self.steady(units, at: Double($0) / 400) }
    maximum = max(table.last ?? 0, 1e-12)
    let top = maximum
    forces = table.map { $0 / top }
  }

  /// The steady force (0 to 1) at an excitation (0 to 1).
  public func force(at excitation: Double) -> Double {
    let position = max(0, min(1, excitation)) * Double(forces.count - 1)
    let index = min(forces.count - 2, Int(position))
    let share = position - Double(index)
    return forces[index] * (1 - share) + forces[index + 1] * share
  }

  /// The excitation (0 to 1) that holds a steady force (0 to 1).
  public func excitation(forForce force: Double) -> Double {
    guard force > 0 else { return 0 }
    var low = 0.0
    var high = 1.0
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if self.force(at: middle) < force { low = middle } else { high = middle }
    }
    return high
  }

  /// Force over time in % MVC: one value per sample.
  ///
  /// `spikeTimes` in seconds per unit, in the order of the muscle's units.
  public func render(spikeTimes: [[Double]], samplingRate: Double, count: Int) -> [Float] {
    var total = [Double](repeating: 0, count: count)
    for (unit, times) in zip(units, spikeTimes) where !times.isEmpty {
      let contraction = unit.neuron.contractionTime
      var impulses = [Double](repeating: 0, count: count)
      var previous = -Double.infinity
      for time in times {
        let index = Int((time * samplingRate).rounded())
        if index >= 0 && index < count {
          impulses[index] += unit.fibreCount * Self.gain(contraction / (time - previous))
        }
        previous = time
      }
      // The twitch t/T exp(1 - t/T) is a double pole: n a^n with a = exp(-1/(T fs)).
      let pole = exp(-1 / (contraction * samplingRate))
      let scale = M_E / (contraction * samplingRate) * pole
      var last = 0.0
      var beforeLast = 0.0
      for index in 0..<count {
        let input = index > 0 ? impulses[index - 1] : 0
        let value = 2 * pole * last - pole * pole * beforeLast + scale * input
        total[index] += value
        beforeLast = last
        last = value
      }
    }
    return total.map { Float(100 * $0 / maximum) }
  }

  private static func steady(_ units: [SimulatedMotorUnit], at excitation: Double) -> Double {
    units.reduce(0) { sum, unit in
      let rate = unit.neuron.rate(at: excitation)
      guard rate > 0 else { return sum }
      let contraction = unit.neuron.contractionTime
      // Mean of a train of twitches: their integral P T e times the rate times the gain.
      return sum + unit.fibreCount * contraction * M_E * rate * gain(contraction * rate)
    }
  }

  /// Gain of a twitch at T / ISI, relative to its value at 0.4.
  ///
  /// Source: Fuglevand et al. 1993, eq. 15.
  private static func gain(_ normalised: Double) -> Double {
    guard normalised > 0.4 else { return 1 }
    func sigmoid(_ x: Double) -> Double { 1 - exp(-2 * x * x * x) }
    return (sigmoid(normalised) / normalised) / (sigmoid(0.4) / 0.4)
  }
}
