import Foundation

/// Surface potentials as parametric travelling waves (simulator B).
///
/// Amplitude decays exponentially with the distance from fibre to electrode, the wave widens
/// linearly with it, and a non-travelling wave marks the arrival at either tendon. The shape is an
/// asymmetric second derivative of a Gaussian (a Hermite-Rodriguez function of order 2; Lo Conte et
/// al. 1994, IEEE TBME 41:1147). No charge balance, no conductor, no power law: nothing of the
/// tripole model is shared but the places of the fibres.
struct TravellingWaveModel: Sendable {
  let muscle: MuscleConfiguration

  /// Length over which amplitudes fall by e, in mm.
  static let decay = 6.5
  /// Delay in ms that lets the widest wave begin at zero at the instant of discharge.
  static let delay = 16.0
  /// Peak amplitude of one fibre at distance zero in uV.
  static let fibreAmplitude = 0.95

  func potential(
    of unit: SimulatedMotorUnit, at electrodes: [ElectrodeLayout.Electrode], grid: PotentialGrid
  ) -> UnitPotential {
    let count = grid.count
    var values = [Float](repeating: 0, count: count * electrodes.count)
    // Ten bundles of the unit show its spread; more add nothing to these smooth waves.
    let stride = max(1, unit.bundles.count / 10)
    let kept = Swift.stride(from: 0, to: unit.bundles.count, by: stride).map { unit.bundles[$0] }
    let scale = unit.fibreCount / max(kept.reduce(0) { $0 + $1.fibres }, 1e-12)
    for bundle in kept {
      for (channel, electrode) in electrodes.enumerated() {
        let height = muscle.fatThickness + bundle.z
        let across = electrode.y - bundle.y
        let distance = (across * across + height * height).squareRoot()
        let amplitude =
          scale * bundle.fibres * Self.fibreAmplitude * exp(-distance / Self.decay)
        let width = min(3.5, 1.1 + 0.09 * distance)
        for (length, direction) in [(bundle.lengthForward, 1.0), (bundle.lengthBackward, -1.0)] {
          let along = (electrode.x - bundle.endPlate) * direction
          // The wave exists between end-plate and tendon only, blurred by the viewing distance.
          let blur = 2 + 0.35 * distance
          let seen = Self.step(along / blur) * Self.step((length - along) / blur)
          Self.add(
            amplitude * seen, centre: max(along, 0) / bundle.conductionVelocity, width: width,
            asymmetry: 0.35, grid: grid, to: &values, at: channel * count, count: count)
          let toEnd = abs(length - along)
          Self.add(
            -0.3 * amplitude * exp(-toEnd / 45), centre: length / bundle.conductionVelocity,
            width: 1.3 * width, asymmetry: 0, grid: grid, to: &values, at: channel * count,
            count: count)
        }
      }
    }
    return UnitPotential(values: values, count: count, channels: electrodes.count)
  }

  private static func step(_ x: Double) -> Double { 1 / (1 + exp(-2 * x)) }

  /// Adds `-(1 - u^2)(1 + asymmetry u) exp(-u^2 / 2)`, u = (t - centre - delay) / width.
  private static func add(
    _ amplitude: Double, centre: Double, width: Double, asymmetry: Double, grid: PotentialGrid,
    to values: inout [Float], at start: Int, count: Int
  ) {
    guard abs(amplitude) > 1e-5 else { return }
    let first = max(0, Int((centre + delay - 4.5 * width) * grid.perMillisecond))
    let last = min(count - 1, Int((centre + delay + 4.5 * width) * grid.perMillisecond))
    guard first <= last else { return }
    for index in first...last {
      let u = (Double(index) / grid.perMillisecond - centre - delay) / width
      values[start + index] += Float(
        -amplitude * (1 - u * u) * (1 + asymmetry * u) * exp(-u * u / 2))
    }
  }
}
