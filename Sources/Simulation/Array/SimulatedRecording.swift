import Foundation

/// A simulated recording with the truth behind it.
public struct SimulatedRecording: Sendable {
  /// The truth about one unit of the muscle.
  public struct Unit: Sendable {
    /// Number of the unit in the healthy pool, in order of recruitment.
    public let id: Int
    /// Discharge times as sample positions (fractional, 0-based, ascending), within the recording.
    public let spikeTimes: [Double]
    /// Potential per channel in uV at the sampling rate for a discharge that falls on a sample.
    ///
    /// Empty for units without a discharge. With template drift: at the start of the recording.
    public let template: [[Float]]
    /// Samples of `template` before the instant of discharge.
    public let templateLead: Int
    /// Recruitment threshold in % of the muscle's maximal force.
    public let recruitmentThresholdPercentMVC: Double
    /// Muscle fibres.
    public let fibreCount: Double
    /// Mean position of the fibres across the grid in mm.
    public let centreAcross: Double
    /// Mean depth of the fibres below the surface of the muscle in mm.
    public let depth: Double
    /// Conduction velocity in m/s.
    public let conductionVelocity: Double

    /// Whether the unit discharges at least `minimum` times.
    public func isActive(minimum: Int = 4) -> Bool { spikeTimes.count >= minimum }
  }

  /// Signals in uV: channels x samples.
  public let signals: [[Float]]
  /// Sampling rate in Hz.
  public let samplingRate: Double
  /// Force in % MVC, one value per sample.
  public let forcePercentMVC: [Float]
  /// The target force in % MVC, one value per sample.
  public let targetPercentMVC: [Float]
  /// The electrodes in the order of the channels.
  public let electrodes: [ElectrodeLayout.Electrode]
  /// All living units in order of recruitment, discharging or not.
  public let units: [Unit]
  /// RMS of the added noise on an ordinary channel in uV.
  public let noiseMicrovolts: Double
  /// The settings that made it.
  public let configuration: ArraySimulationConfiguration

  /// Samples per channel.
  public var sampleCount: Int { signals.first?.count ?? 0 }

  /// Units that discharge at least four times in the recording.
  public var activeUnits: [Unit] { units.filter { $0.isActive() } }

  /// Units with at least `minimum` discharges in a window of sample positions.
  public func activeCount(in window: Range<Double>, minimum: Int = 4) -> Int {
    units.filter { unit in
      unit.spikeTimes.filter { window.contains($0) }.count >= minimum
    }.count
  }

  /// The truth as lines `unit,sample,time_s`: the whole sample and the sub-sample time.
  public var truthTable: String {
    var text = "unit,sample,time_s\n"
    for unit in units {
      for time in unit.spikeTimes {
        let seconds = String(format: "%.7f", time / samplingRate)
        text += "\(unit.id),\(Int(time.rounded())),\(seconds)\n"
      }
    }
    return text
  }
}
