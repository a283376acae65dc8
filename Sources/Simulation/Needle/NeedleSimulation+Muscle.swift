import Foundation
import Signal

/// Where a needle enters a simulated muscle; axes as in `MuscleConfiguration`, in mm.
public struct NeedleInsertion: Codable, Sendable, Equatable {
  /// Position along the fibres.
  public var along = -15.0
  /// Position across the fibres.
  public var across = 0.0
  /// Depth of the tip below the surface of the muscle.
  public var depth = 6.0

  /// Makes an insertion 15 mm from the origin, 6 mm deep.
  public init() {}

  /// Makes an insertion at a place.
  public init(along: Double, across: Double, depth: Double) {
    self.along = along
    self.across = across
    self.depth = depth
  }
}

/// Simulates a needle recording of a given muscle, the one of its array recordings and its nerve.
///
/// Units with a fibre within 1 mm of the tip are truth; farther ones, up to 12 mm, are background.
/// Numbers of units are those of the muscle. Kind, unit counts and rates of the configuration give
/// way to the muscle's; jitter and diameters follow the configuration's kind.
/// `progress` is told the share that is done, 0 to 1; what it throws ends the simulation.
///
/// - Throws: `SimulationError` for settings out of range; what `progress` throws.
public func simulateNeedle(
  _ configuration: NeedleSimulationConfiguration, muscle: SimulatedMuscle,
  insertion: NeedleInsertion = .init(),
  threads: Int = ProcessInfo.processInfo.activeProcessorCount,
  progress: SimulationProgress = { _ in }
) throws -> SimulatedNeedleRecording {
  try configuration.validate()
  try SimulationError.require("insertion.along", insertion.along, in: -500...500)
  try SimulationError.require("insertion.across", insertion.across, in: -500...500)
  try SimulationError.require("insertion.depth", insertion.depth, in: 0...200)
  let trains = simulateDischarges(
    of: muscle, drive: configuration.drive, duration: configuration.duration,
    force: MuscleForce(muscle), seed: configuration.seed)
  var units: [Int: (fibres: [NeedleFibre], train: [Double])] = [:]
  var near: [NeedleScene.Source] = []
  var far: [NeedleScene.Source] = []
  for (unit, train) in zip(muscle.units, trains) where !train.isEmpty {
    let fibres = NeedleFibre.unit(unit, configuration: configuration, insertion: insertion)
    let distance = fibres.map { hypot($0.y, $0.z) }.min() ?? .infinity
    guard distance < 12 else { continue }
    units[unit.id] = (fibres, train)
    if distance < 1 {
      near.append(.init(id: unit.id, isNear: true))
    } else {
      far.append(.init(id: unit.id, isNear: false))
    }
  }
  let drawn = units
  return try NeedleScene(configuration).record(
    near + far, threads: threads, progress: progress
  ) { source, _ in
    drawn[source.id] ?? ([], [])
  }
}

extension NeedleFibre {
  /// The fibres of a muscle's unit, relative to the needle.
  ///
  /// Each bundle is spread over its share of the territory; the same unit gives the same fibres.
  static func unit(
    _ unit: SimulatedMotorUnit, configuration: NeedleSimulationConfiguration,
    insertion: NeedleInsertion
  ) -> [NeedleFibre] {
    let pathology = configuration.pathology
    let centre = unit.centre
    let spread =
      (unit.bundles.reduce(0) {
        $0 + ($1.y - centre.y) * ($1.y - centre.y) + ($1.z - centre.z) * ($1.z - centre.z)
      } / Double(max(unit.bundles.count, 1))).squareRoot()
    return unit.bundles.flatMap { bundle -> [NeedleFibre] in
      var random = SeededGenerator(seed: bundle.y.bitPattern, stream: bundle.z.bitPattern)
      // Fractions of fibres, left by reinnervation, are kept on average.
      let count = Int(bundle.fibres + random.uniform())
      return (0..<count).map { _ in
        // The diameter that belongs to the bundle's conduction velocity, with the kind's scatter.
        let diameter = 55 + (bundle.conductionVelocity - 3.7) / 0.05
        return NeedleFibre(
          y: bundle.y + 0.4 * spread * random.normal() - insertion.across,
          // Along the needle z grows towards its shaft, in the muscle towards the depth.
          z: insertion.depth - (bundle.z + 0.4 * spread * random.normal()),
          distance: max(4, abs(insertion.along - bundle.endPlate)),
          diameter: min(
            110, max(15, diameter * exp(pathology.diameterVariation * random.normal()))),
          jitter: configuration.jitterGain / 1000
            * random.uniform(
              pathology.jitterMicroseconds.lowerBound, pathology.jitterMicroseconds.upperBound),
          blocking: pathology.blocking * random.uniform(0, 2))
      }
    }
  }
}
