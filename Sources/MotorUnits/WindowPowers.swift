import Decomposition

/// Powers of signal, residual, noise and single units in one window of a decomposition.
public struct WindowPowers: Sendable, Equatable, Codable {
  /// One identified unit that is active in the window.
  public struct Unit: Sendable, Equatable, Codable {
    /// Number of the unit.
    public let id: Int
    /// Discharge rate in the window in 1/s: discharges over the length of the window.
    public let rate: Double
    /// Energy of the potential averaged over the electrodes, without the averaging noise of the
    /// template, in squared microvolts times samples.
    public let energy: Double
    /// Mean power that the unit adds to an electrode, in squared microvolts.
    public let power: Double
  }

  /// Start and end in seconds.
  public let start: Double
  /// End in seconds.
  public let end: Double
  /// Active units, in the order of the decomposition.
  public let units: [Unit]
  /// Sampling rate of the templates in Hz.
  public let templateRate: Double
  /// Mean square of the analysed signal, in squared microvolts.
  public let signal: Double
  /// Mean square of the residual after subtraction of all units.
  public let residual: Double
  /// Mean square of the initial rest; nil without one.
  public let noise: Double?

  /// Power of the EMG: signal without noise.
  public var emg: Double { max(signal - (noise ?? 0), 0) }
  /// Power of the EMG that no identified unit explains.
  public var unexplained: Double { max(residual - (noise ?? 0), 0) }
  /// Share of the EMG power that the identified units explain, 0...1; nil without EMG.
  public var completeness: Double? {
    emg > 0.05 * signal ? min(1, max(0, 1 - unexplained / emg)) : nil
  }
  /// Noise over EMG power; nil without an initial rest.
  public var noiseShare: Double? { noise.flatMap { emg > 0 ? $0 / emg : nil } }

  /// Powers between two times (s) of a decomposition.
  ///
  /// A unit is active with at least `fewestDischarges` discharges. The energy of a template is
  /// reduced by its length times the residual power over the number of discharges, to no less than
  /// a tenth. Nil where the window is empty or outside the recording.
  public init?(
    _ units: [MotorUnit], power trace: PowerTrace, from start: Double, to end: Double,
    fewestDischarges: Int = 4
  ) {
    guard end > start else { return nil }
    let first = max(0, Int(start / trace.binDuration))
    let last = min(trace.residual.count, Int((end / trace.binDuration).rounded(.up)))
    guard first < last else { return nil }
    self.start = start
    self.end = end
    let count = Double(last - first)
    let left = trace.residual[first..<last].reduce(0, +) / count
    signal = trace.signal[first..<last].reduce(0, +) / count
    residual = left
    noise = trace.restPower(
      firstDischarge: units.compactMap { $0.train.seconds.first }.min() ?? 0)
    templateRate = units.first?.template.samplingRate ?? 1
    self.units = units.compactMap { unit in
      let count = unit.train.seconds.filter { $0 >= start && $0 < end }.count
      if count < fewestDischarges { return nil }
      let used = unit.template.channels.filter { !$0.isEmpty }
      let energy =
        used.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + Double($1 * $1) } }
        / Double(max(1, used.count))
      let length = Double(used.first?.count ?? 0)
      let averaging = length * left / Double(max(1, unit.train.times.count))
      let corrected = max(energy - averaging, 0.1 * energy)
      let rate = Double(count) / (end - start)
      return Unit(
        id: unit.id, rate: rate, energy: corrected,
        power: rate * corrected / unit.template.samplingRate)
    }
  }
}
