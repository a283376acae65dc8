import Foundation

/// Which physical picture gives the potential of a unit at the electrodes.
public enum PotentialModel: String, Codable, Sendable, CaseIterable {
  /// Current tripoles that travel along finite fibres in an anisotropic conductor (simulator A).
  case tripole
  /// Parametric travelling waves with an exponential decay over distance (simulator B); shares no
  /// spatial law with the tripoles.
  case travellingWave
  /// Potentials of single fibres from their membrane current, for electrodes inside the muscle.
  case singleFibre
}

/// The time grid on which potentials are computed before they are brought to the sampling rate.
struct PotentialGrid: Sendable {
  /// Oversampled rate in samples per millisecond.
  let perMillisecond: Double
  /// Number of samples; the first is at the instant of discharge.
  let count: Int
}

/// One unit's potential at every electrode: channels one after another, `count` samples each, uV.
struct UnitPotential: Sendable {
  var values: [Float]
  let count: Int
  let channels: Int
}

extension PotentialModel {
  /// Computes the potential of one unit at all electrodes on an oversampled time grid.
  func potential(
    of unit: SimulatedMotorUnit, at electrodes: [ElectrodeLayout.Electrode],
    muscle: MuscleConfiguration, grid: PotentialGrid
  ) -> UnitPotential {
    switch self {
    case .tripole:
      TripoleConductor(muscle: muscle).potential(of: unit, at: electrodes, grid: grid)
    case .travellingWave:
      TravellingWaveModel(muscle: muscle).potential(of: unit, at: electrodes, grid: grid)
    case .singleFibre:
      IntramuscularModel().potential(of: unit, at: electrodes, grid: grid)
    }
  }

  /// How long a potential of the muscle's slowest and longest fibre lasts, in milliseconds.
  func duration(of units: [SimulatedMotorUnit], electrodes: [ElectrodeLayout.Electrode]) -> Double {
    var longest = 5.0
    for unit in units {
      for bundle in unit.bundles {
        var reach = max(bundle.lengthBackward, bundle.lengthForward)
        if self == .singleFibre {
          reach = electrodes.map { abs($0.x - bundle.endPlate) }.max() ?? 0
        }
        longest = max(longest, (reach + 10) / bundle.conductionVelocity)
      }
    }
    return longest + (self == .travellingWave ? 2 * TravellingWaveModel.delay : 1)
  }
}
