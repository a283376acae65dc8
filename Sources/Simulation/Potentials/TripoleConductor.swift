import Foundation

/// Surface potentials of tripoles in an anisotropic half space (simulator A).
///
/// A fibre's action potential is three point currents, which leave the end-plate in both directions,
/// keep their distances while they travel, and pile up at the tendons, where they cancel: the sum of
/// currents is zero at every instant, which gives generation and end-of-fibre effects (Merletti et
/// al. 1999, IEEE TBME 46:810; Griep et al. 1982). Conductivities 0.33 S/m along and 0.063 S/m across
/// the fibres (Andreassen and Rosenfalck 1981); air above doubles the potential. Fat counts as an
/// isotropic part of the path from fibre to electrode, which weakens and smooths.
struct TripoleConductor: Sendable {
  let muscle: MuscleConfiguration

  /// Conductivity across the fibres in S/m.
  static let radialConductivity = 0.063
  /// Square root of the ratio of the conductivities along and across.
  static let anisotropy = (0.33 / 0.063).squareRoot()
  /// Currents of the three poles in uA for a fibre of 50 um; their sum and first moment vanish.
  static let currents: [Double] = [0.17, -0.2446, 0.0746]
  /// Distances of the poles behind the wave front in mm.
  static let delays: [Double] = [0, 2.1, 2.1 + 2.1 * 0.17 / 0.0746]

  func potential(
    of unit: SimulatedMotorUnit, at electrodes: [ElectrodeLayout.Electrode], grid: PotentialGrid
  ) -> UnitPotential {
    let count = grid.count
    var values = [Float](repeating: 0, count: count * electrodes.count)
    var track = [Float](repeating: 0, count: count)
    for bundle in unit.bundles {
      let radii = electrodes.map { Float(squaredDistance(from: bundle, to: $0)) }
      for (length, direction) in [(bundle.lengthForward, 1.0), (bundle.lengthBackward, -1.0)] {
        for (current, delay) in zip(Self.currents, Self.delays) {
          for index in 0..<count {
            let travelled =
              bundle.conductionVelocity * Double(index) / grid.perMillisecond - delay
            track[index] = Float(
              bundle.endPlate + direction * min(length, max(0, travelled)))
          }
          // uA / (S/m * mm) = mV: factor 1000 to uV.
          let strength =
            bundle.fibres * current * 1000 / (2 * Double.pi * Self.radialConductivity)
          for channel in electrodes.indices {
            addPointSource(
              track: track, electrode: Float(electrodes[channel].x),
              squaredDistance: radii[channel], strength: Float(strength),
              to: &values, at: channel * count)
          }
        }
      }
    }
    return UnitPotential(values: values, count: count, channels: electrodes.count)
  }

  /// Squared transverse distance in mm^2, muscle stretched by the anisotropy and fat taken as it is.
  private func squaredDistance(
    from bundle: FibreBundle, to electrode: ElectrodeLayout.Electrode
  ) -> Double {
    let height = muscle.fatThickness + bundle.z
    let across = electrode.y - bundle.y
    let stretch =
      (bundle.z * Self.anisotropy + muscle.fatThickness) / max(height, 1e-6)
    let distance = max(0.5, (across * across + height * height).squareRoot() * stretch)
    return distance * distance
  }
}
