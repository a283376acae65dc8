import Foundation
import Signal

/// Potentials at electrodes inside the muscle: near fibres one by one, far bundles as a whole.
///
/// Waves pass from the end-plates towards the electrode along infinite fibres; the arrival at the
/// tendons, far away in an intramuscular recording, is left out.
struct IntramuscularModel: Sendable {
  /// Bundles nearer than this (mm) to an electrode are split into their fibres.
  static let nearDistance = 4.0

  func potential(
    of unit: SimulatedMotorUnit, at electrodes: [ElectrodeLayout.Electrode], grid: PotentialGrid
  ) -> UnitPotential {
    let count = grid.count
    var values = [Float](repeating: 0, count: count * electrodes.count)
    let centre = unit.centre
    // Fibres scatter around their bundle as widely as the bundles lie apart.
    let spread =
      (unit.bundles.reduce(0) {
        $0 + ($1.y - centre.y) * ($1.y - centre.y) + ($1.z - centre.z) * ($1.z - centre.z)
      } / Double(max(unit.bundles.count, 1))).squareRoot()
    for bundle in unit.bundles {
      let nearest = electrodes.map { Self.distance(bundle, $0) }.min() ?? 0
      for fibre in fibres(of: bundle, scatter: spread / 2, isNear: nearest < Self.nearDistance) {
        for (channel, electrode) in electrodes.enumerated() {
          let distance = Self.distance(fibre, electrode)
          guard distance < 25 else { continue }
          FibrePotential.add(
            profile: FibrePotential.shared.profile(at: max(distance, 0.06)),
            strength: Float(fibre.fibres),
            arrival: abs(electrode.x - fibre.endPlate) / fibre.conductionVelocity,
            velocity: fibre.conductionVelocity, perMillisecond: grid.perMillisecond, to: &values,
            range: channel * count..<(channel + 1) * count)
        }
      }
    }
    return UnitPotential(values: values, count: count, channels: electrodes.count)
  }

  private static func distance(
    _ bundle: FibreBundle, _ electrode: ElectrodeLayout.Electrode
  ) -> Double {
    let y = bundle.y - electrode.y
    let z = bundle.z - electrode.z
    return (y * y + z * z).squareRoot()
  }

  /// The single fibres of a near bundle, or the bundle itself; the same on every call.
  private func fibres(of bundle: FibreBundle, scatter: Double, isNear: Bool) -> [FibreBundle] {
    let count = Int(bundle.fibres.rounded())
    guard isNear, count > 1 else { return [bundle] }
    var random = SeededGenerator(seed: bundle.y.bitPattern, stream: bundle.z.bitPattern)
    return (0..<count).map { _ in
      var fibre = bundle
      fibre.fibres = bundle.fibres / Double(count)
      fibre.y += scatter * random.normal()
      fibre.z = max(0, fibre.z + scatter * random.normal())
      fibre.endPlate += 0.5 * random.normal()
      fibre.conductionVelocity *= 1 + 0.02 * random.normal()
      return fibre
    }
  }
}
