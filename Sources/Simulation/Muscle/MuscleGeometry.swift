import Foundation
import Signal

/// Settings of the muscle under the electrodes; lengths in millimetres, speeds in m/s.
///
/// Axes: x along the fibres, y across them parallel to the skin, z into the depth from the surface
/// of the muscle. The origin lies under the centre of the undisturbed grid.
public struct MuscleConfiguration: Codable, Sendable, Equatable {
  /// Extent across the fibres in mm.
  public var width = 44.0
  /// Extent into the depth in mm.
  public var thickness = 22.0
  /// Fat and skin between muscle and electrodes in mm: weakens and smooths all potentials.
  public var fatThickness = 3.0
  /// Mean distance from the innervation zone to either tendon in mm.
  public var halfFibreLength = 65.0
  /// SD of the tendon position between fibres in mm.
  public var tendonSpread = 7.0
  /// Centre of the innervation zone along the fibres in mm.
  public var innervationZone = 8.0
  /// SD of the innervation zone between units in mm.
  public var innervationZoneSpread = 4.0
  /// SD of the end-plates of one unit around its innervation zone in mm.
  public var endPlateSpread = 3.0
  /// Mean conduction velocity in m/s.
  public var conductionVelocity = 4.0
  /// SD of the conduction velocity between units in m/s (values are kept within 2.5 to 5.5).
  public var conductionVelocitySpread = 0.3
  /// Diameter of the territory of a unit of mean size in mm; it grows with the fourth root of size.
  public var territoryDiameter = 9.0
  /// Bundles of fibres that stand for all fibres of a unit in surface potentials.
  public var bundlesPerUnit = 20

  /// Makes a muscle of the size of a tibialis anterior.
  public init() {}

  func validate() throws(SimulationError) {
    try SimulationError.require("muscle.width", width, in: 1...500)
    try SimulationError.require("muscle.thickness", thickness, in: 1...200)
    try SimulationError.require("muscle.fatThickness", fatThickness, in: 0...60)
    try SimulationError.require("muscle.halfFibreLength", halfFibreLength, in: 10...300)
    try SimulationError.require("muscle.tendonSpread", tendonSpread, in: 0...50)
    try SimulationError.require("muscle.innervationZone", innervationZone, in: -300...300)
    try SimulationError.require("muscle.innervationZoneSpread", innervationZoneSpread, in: 0...50)
    try SimulationError.require("muscle.endPlateSpread", endPlateSpread, in: 0...50)
    try SimulationError.require("muscle.conductionVelocity", conductionVelocity, in: 2.5...5.5)
    try SimulationError.require(
      "muscle.conductionVelocitySpread", conductionVelocitySpread, in: 0...2)
    try SimulationError.require("muscle.territoryDiameter", territoryDiameter, in: 0.5...100)
    try SimulationError.require("muscle.bundlesPerUnit", Double(bundlesPerUnit), in: 1...1000)
  }
}

/// Neighbouring muscle fibres of one unit that act together.
public struct FibreBundle: Sendable, Equatable {
  /// Position across the fibres in mm.
  public var y: Double
  /// Depth below the surface of the muscle in mm.
  public var z: Double
  /// Position of the end-plates along the fibres in mm.
  public var endPlate: Double
  /// Distance from the end-plates to the tendon at smaller x in mm.
  public var lengthBackward: Double
  /// Distance from the end-plates to the tendon at larger x in mm.
  public var lengthForward: Double
  /// Conduction velocity in m/s (equal to mm/ms).
  public var conductionVelocity: Double
  /// Muscle fibres in the bundle; fractions occur after reinnervation.
  public var fibres: Double
}

/// One motor unit of a simulated muscle: its neuron and the places of its fibres.
public struct SimulatedMotorUnit: Sendable, Equatable {
  /// Number of the unit in the healthy pool, in order of recruitment; never reused.
  public let id: Int
  /// The neuron.
  public var neuron: MotorNeuron
  /// The fibres.
  public var bundles: [FibreBundle]
  /// Muscle fibres of the unit in the healthy muscle.
  public let healthyFibreCount: Double

  /// Muscle fibres of the unit.
  public var fibreCount: Double { bundles.reduce(0) { $0 + $1.fibres } }

  /// Centre of the fibres: across (y) and in depth (z), in mm.
  public var centre: (y: Double, z: Double) {
    let total = max(fibreCount, 1e-12)
    return (
      bundles.reduce(0) { $0 + $1.fibres * $1.y } / total,
      bundles.reduce(0) { $0 + $1.fibres * $1.z } / total
    )
  }

  /// Mean conduction velocity of the fibres in m/s.
  public var conductionVelocity: Double {
    bundles.reduce(0) { $0 + $1.fibres * $1.conductionVelocity } / max(fibreCount, 1e-12)
  }
}

/// A muscle with all its motor units: the truth behind every recording of it.
public struct SimulatedMuscle: Sendable, Equatable {
  /// The settings of the pool.
  public let poolConfiguration: MotorNeuronPoolConfiguration
  /// The settings of the anatomy.
  public var configuration: MuscleConfiguration
  /// The living units in order of recruitment.
  public var units: [SimulatedMotorUnit]

  /// Draws a muscle: a pool of neurons and, for each, fibres scattered over a territory.
  ///
  /// The same seed gives the same muscle.
  ///
  /// - Throws: `SimulationError` for settings out of range.
  public init(
    pool: MotorNeuronPoolConfiguration = .init(), muscle: MuscleConfiguration = .init(),
    seed: UInt64
  ) throws(SimulationError) {
    try pool.validate()
    try muscle.validate()
    var random = SeededGenerator(seed: seed, stream: 1)
    let neurons = MotorNeuronPool(pool, using: &random)
    poolConfiguration = pool
    configuration = muscle
    units = neurons.neurons.indices.map { index in
      // A stream per unit: a unit's anatomy does not depend on how many came before it.
      var own = SeededGenerator(seed: seed, stream: 1000 + UInt64(index))
      return SimulatedMotorUnit(
        id: index, neuron: neurons.neurons[index],
        bundles: Self.bundles(
          fibres: Double(neurons.fibreCounts[index]),
          relativeSize: Double(neurons.fibreCounts[index]) / pool.meanFibresPerUnit,
          muscle: muscle, using: &own),
        healthyFibreCount: Double(neurons.fibreCounts[index]))
    }
  }

  /// Muscle fibres of all living units.
  public var fibreCount: Double { units.reduce(0) { $0 + $1.fibreCount } }

  private static func bundles(
    fibres: Double, relativeSize: Double, muscle: MuscleConfiguration,
    using random: inout SeededGenerator
  ) -> [FibreBundle] {
    let centre = pointInEllipse(muscle, using: &random)
    let radius = muscle.territoryDiameter / 2 * pow(relativeSize, 0.25)
    let zone = muscle.innervationZone + muscle.innervationZoneSpread * random.normal()
    let velocity = min(
      5.5,
      max(
        2.5, muscle.conductionVelocity + muscle.conductionVelocitySpread * random.normal()))
    let count = max(1, min(muscle.bundlesPerUnit, Int(fibres)))
    return (0..<count).map { _ in
      var y = centre.y
      var z = centre.z
      // Fibres are uniform over the part of the territory that lies inside the muscle.
      for _ in 0..<50 {
        let angle = random.uniform(0, 2 * Double.pi)
        let distance = radius * random.uniform().squareRoot()
        let tryY = centre.y + distance * cos(angle)
        let tryZ = centre.z + distance * sin(angle)
        if isInside(y: tryY, z: tryZ, muscle) {
          y = tryY
          z = tryZ
          break
        }
      }
      return FibreBundle(
        y: y, z: z, endPlate: zone + muscle.endPlateSpread * random.normal(),
        lengthBackward: max(8, muscle.halfFibreLength + muscle.tendonSpread * random.normal()),
        lengthForward: max(8, muscle.halfFibreLength + muscle.tendonSpread * random.normal()),
        conductionVelocity: velocity * (1 + 0.015 * random.normal()),
        fibres: fibres / Double(count))
    }
  }

  private static func isInside(y: Double, z: Double, _ muscle: MuscleConfiguration) -> Bool {
    let u = y / (muscle.width / 2)
    let v = (z - muscle.thickness / 2) / (muscle.thickness / 2)
    // 0.5 mm of fascia keeps fibres from touching the surface.
    return u * u + v * v <= 1 && z >= 0.5
  }

  private static func pointInEllipse(
    _ muscle: MuscleConfiguration, using random: inout SeededGenerator
  ) -> (y: Double, z: Double) {
    for _ in 0..<200 {
      let y = random.uniform(-0.5, 0.5) * muscle.width
      let z = random.uniform() * muscle.thickness
      if isInside(y: y, z: z, muscle) { return (y, z) }
    }
    return (0, muscle.thickness / 2)
  }
}
