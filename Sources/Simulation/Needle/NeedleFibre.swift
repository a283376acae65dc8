import Foundation
import Signal

/// A muscle fibre in the plane of the needle tip, which lies at the origin; lengths in mm.
struct NeedleFibre: Sendable, Equatable {
  /// Position across the fibres.
  var y: Double
  /// Position along the needle, towards its shaft.
  var z: Double
  /// Distance from the end-plate to the plane of the needle.
  var distance: Double
  /// Diameter in um.
  var diameter: Double
  /// SD of the latency from discharge to discharge in ms.
  var jitter: Double
  /// Probability that the fibre fails to respond.
  var blocking: Double

  /// Conduction velocity in m/s: 3.7 m/s at 55 um, 0.05 m/s per um (Nandedkar and Stalberg 1983).
  var velocity: Double { min(6, max(1.5, 3.7 + 0.05 * (diameter - 55))) }

  /// Time from the discharge to the passing of the wave, in ms.
  var arrival: Double { distance / velocity }

  /// Mean consecutive difference of the interval between two fibres over the SD of each one's latency.
  ///
  /// Of normal latencies of SD s the interval has the variance 2 s^2 and its consecutive difference
  /// 4 s^2, whose mean absolute value is 2 s sqrt(2 / pi).
  static let consecutiveDifference = 2 * (2 / Double.pi).squareRoot()

  /// Draws the fibres of a unit whose territory has its centre at a place.
  static func unit(
    _ pathology: NeedleSimulationConfiguration.Pathology, centre: (y: Double, z: Double),
    jitterGain: Double, using random: inout SeededGenerator
  ) -> [NeedleFibre] {
    let count = max(4, Int(pathology.fibres * exp(0.35 * random.normal())))
    let radius = pathology.territoryRadius * max(0.7, 1 + 0.12 * random.normal())
    // One axonal branching point per unit: all its end-plates lie around one distance.
    let home = 18 + 3 * random.normal()
    func place() -> (y: Double, z: Double) {
      let angle = random.uniform(0, 2 * Double.pi)
      let distance = radius * random.uniform().squareRoot()
      return (centre.y + distance * cos(angle), centre.z + distance * sin(angle))
    }
    var cluster = place()
    var clusterLeft = 0
    return (0..<count).map { _ in
      var position = place()
      if random.uniform() < pathology.clusteredShare {
        // Groups of reinnervated fibres: 4 to 10 neighbours within some 0.2 mm.
        if clusterLeft == 0 {
          cluster = position
          clusterLeft = 4 + random.index(below: 7)
        }
        position = (cluster.y + 0.1 * random.normal(), cluster.z + 0.1 * random.normal())
        clusterLeft -= 1
      }
      let diameter =
        pathology.diameter * exp(pathology.diameterVariation * random.normal())
      return NeedleFibre(
        y: position.y, z: position.z,
        distance: max(4, home + pathology.endPlateSpread * random.normal()),
        diameter: min(110, max(15, diameter)),
        jitter: jitterGain / 1000 / consecutiveDifference
          * random.uniform(
            pathology.jitterMicroseconds.lowerBound, pathology.jitterMicroseconds.upperBound),
        blocking: pathology.blocking * random.uniform(0, 2))
    }
  }

  /// The axial profile that one channel of an electrode sees of the fibre, in uV.
  ///
  /// The potential is averaged over points of the recording surface; for a concentric needle the
  /// average over the cannula is subtracted.
  func profile(
    _ electrode: NeedleSimulationConfiguration.Electrode, tip: (y: Double, z: Double)
  ) -> [Float] {
    let dy = y - tip.y
    let dz = z - tip.z
    func mean(_ offsets: [Double], _ limit: Double) -> [Float] {
      var sum: [Float] = []
      for offset in offsets {
        let radial = max(limit, (dy * dy + (dz - offset) * (dz - offset)).squareRoot())
        let part = FibrePotential.shared.profile(at: radial)
        if sum.isEmpty {
          sum = part
        } else {
          for index in sum.indices { sum[index] += part[index] }
        }
      }
      let scale = Float(
        pow(diameter / FibrePotential.referenceDiameter, 2) / Double(offsets.count))
      return sum.map { $0 * scale }
    }
    switch electrode {
    case .concentric:
      let core = mean([-0.24, -0.12, 0, 0.12, 0.24], 0.08)
      let cannula = mean([0.5, 0.8, 1.2, 1.7, 2.4, 3.3, 4.5, 6, 8, 11, 15, 20], 0.25)
      return zip(core, cannula).map { $0 - $1 }
    case .monopolar:
      return mean([-0.12, 0, 0.12], 0.1)
    case .fineWire:
      return mean([0], 0.06)
    }
  }
}
