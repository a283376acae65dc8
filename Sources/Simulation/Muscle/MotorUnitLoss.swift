import Foundation
import Signal

/// How motor units die and how survivors adopt their fibres.
///
/// A dead unit's fibres stay where they are: an adopted share passes to near survivors (collateral
/// sprouting), whose potentials and forces grow by it; the rest is lost.
public struct MotorUnitLossConfiguration: Codable, Sendable, Equatable {
  /// Which units die first.
  public enum Preference: String, Codable, Sendable, CaseIterable {
    /// All units alike.
    case random
    /// Large units earlier, with a hazard in proportion to size.
    case largeFirst
  }

  /// Which units die first.
  public var preference = Preference.random
  /// Share of a dead unit's fibres that survivors adopt.
  public var adoptedShare = 0.5
  /// Most survivors that share the fibres of one dead unit.
  public var adoptersPerUnit = 3
  /// A unit grows at most to this multiple of its healthy size; fibres beyond it are lost.
  public var growthLimit = 6.0

  /// Makes random loss, half of whose fibres up to three neighbours adopt.
  public init() {}

  func validate() throws(SimulationError) {
    try SimulationError.require("loss.adoptedShare", adoptedShare, in: 0...1)
    try SimulationError.require("loss.adoptersPerUnit", Double(adoptersPerUnit), in: 1...100)
    try SimulationError.require("loss.growthLimit", growthLimit, in: 1...100)
  }
}

/// What a loss of units did to a muscle's fibres.
public struct MotorUnitLossRecord: Sendable, Equatable {
  /// Numbers of the units that died, in order of death.
  public var deadUnits: [Int] = []
  /// Fibres that survivors adopted.
  public var adoptedFibres = 0.0
  /// Fibres left without a neuron.
  public var lostFibres = 0.0
}

extension SimulatedMuscle {
  /// The order in which the units die: an exponential race, weighted by size where asked for.
  ///
  /// Returns unit numbers, the first to die first. The order is drawn from the sizes of the muscle
  /// as it is now; the same seed gives the same order.
  public func deathOrder(_ loss: MotorUnitLossConfiguration, seed: UInt64) -> [Int] {
    let mean = fibreCount / Double(max(units.count, 1))
    let times = units.map { unit -> (id: Int, time: Double) in
      var random = SeededGenerator(seed: seed, stream: 20_000 + UInt64(unit.id))
      let weight = loss.preference == .largeFirst ? unit.fibreCount / mean : 1
      return (unit.id, random.exponential() / weight)
    }
    return times.sorted { ($0.time, $0.id) < ($1.time, $1.id) }.map(\.id)
  }

  /// Removes units one after the other; near survivors adopt a share of the fibres of each.
  ///
  /// Units that are not in the muscle are passed over. Fibres are conserved: those before equal
  /// those after plus `lostFibres`.
  public mutating func lose(
    units dying: [Int], _ loss: MotorUnitLossConfiguration
  ) -> MotorUnitLossRecord {
    var record = MotorUnitLossRecord()
    for id in dying {
      guard let index = units.firstIndex(where: { $0.id == id }) else { continue }
      let dead = units.remove(at: index)
      record.deadUnits.append(id)
      let adopted = adopt(from: dead, loss)
      record.adoptedFibres += adopted
      record.lostFibres += dead.fibreCount - adopted
    }
    return record
  }

  /// Loses a fraction of the living units (0 to 1, rounded to whole units).
  public mutating func lose(
    fraction: Double, _ loss: MotorUnitLossConfiguration = .init(), seed: UInt64
  ) throws(SimulationError) -> MotorUnitLossRecord {
    try SimulationError.require("loss.fraction", fraction, in: 0...1)
    try loss.validate()
    let count = Int((fraction * Double(units.count)).rounded())
    return lose(units: Array(deathOrder(loss, seed: seed).prefix(count)), loss)
  }

  /// Hands a share of a dead unit's bundles to its nearest survivors; returns the fibres adopted.
  private mutating func adopt(
    from dead: SimulatedMotorUnit, _ loss: MotorUnitLossConfiguration
  ) -> Double {
    let centres = units.map(\.centre)
    let home = dead.centre
    func squared(_ index: Int, _ y: Double, _ z: Double) -> Double {
      let dy = centres[index].y - y
      let dz = centres[index].z - z
      return dy * dy + dz * dz
    }
    let near = units.indices.sorted {
      (squared($0, home.y, home.z), $0) < (squared($1, home.y, home.z), $1)
    }
    let adopters = Array(near.prefix(loss.adoptersPerUnit))
    var room = adopters.map { index in
      max(0, loss.growthLimit * units[index].healthyFibreCount - units[index].fibreCount)
    }
    var total = 0.0
    for bundle in dead.bundles {
      var rest = loss.adoptedShare * bundle.fibres
      // The nearest adopter with room takes the bundle; what it cannot take goes to the next.
      let order = adopters.indices.sorted {
        (squared(adopters[$0], bundle.y, bundle.z), $0)
          < (squared(adopters[$1], bundle.y, bundle.z), $1)
      }
      for position in order where rest > 1e-9 && room[position] > 1e-9 {
        var share = bundle
        share.fibres = min(rest, room[position])
        units[adopters[position]].bundles.append(share)
        room[position] -= share.fibres
        rest -= share.fibres
        total += share.fibres
      }
    }
    return total
  }
}
