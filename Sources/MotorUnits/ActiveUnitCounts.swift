import Decomposition

/// Counts of identified active units over time.
///
/// A unit is active in a window with at least `fewestDischarges` discharges in it. The count is one
/// of detections: it is not an estimate of the number of motor units of the muscle and does not
/// follow a loss of units.
public struct ActiveUnitCounts: Sendable, Equatable, Codable {
  /// How windows are laid.
  public struct Configuration: Sendable, Equatable, Codable {
    /// Length of a window in seconds.
    public var window: Double
    /// Distance of the starts of neighbouring windows in seconds.
    public var step: Double
    /// Fewest discharges in a window of an active unit.
    public var fewestDischarges: Int

    /// Windows of 2 s every second, active from 4 discharges, unless told otherwise.
    public init(window: Double = 2, step: Double = 1, fewestDischarges: Int = 4) {
      precondition(window > 0 && step > 0 && fewestDischarges > 0, "windows must be positive")
      self.window = window
      self.step = step
      self.fewestDischarges = fewestDischarges
    }
  }

  /// What was counted in one window.
  public struct Window: Sendable, Equatable, Codable {
    /// Start in seconds from the first sample.
    public let start: Double
    /// End in seconds.
    public let end: Double
    /// Identified units active in the window.
    public let identifiedActive: Int
    /// Mean discharge rate of the active units in Hz, each counted by its intervals inside the
    /// window; nil where none is active.
    public let meanRate: Double?
    /// Share of the EMG power that the identified units explain, 0...1; nil where it is unknown.
    public let powerCompleteness: Double?
  }

  /// How windows were laid.
  public let configuration: Configuration
  /// The windows, in order.
  public let windows: [Window]

  /// Counts units in windows over a recording of `duration` seconds.
  ///
  /// A recording shorter than a window is one window.
  public init(
    trains: [SpikeTrain], duration: Double, power: PowerTrace? = nil,
    configuration: Configuration = Configuration(), settings: CountSettings = CountSettings()
  ) {
    self.configuration = configuration
    let times = trains.map(\.seconds)
    let noise = power?.restPower(
      firstDischarge: times.compactMap(\.first).min() ?? 0, settings: settings)
    var windows: [Window] = []
    var start = 0.0
    repeat {
      let end = min(start + configuration.window, duration)
      var active = 0
      var rates: [Double] = []
      for train in times {
        let inside = train.filter { $0 >= start && $0 < end }
        guard inside.count >= configuration.fewestDischarges, let first = inside.first,
          let last = inside.last
        else { continue }
        active += 1
        if last > first { rates.append(Double(inside.count - 1) / (last - first)) }
      }
      windows.append(
        Window(
          start: start, end: end, identifiedActive: active,
          meanRate: rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count),
          powerCompleteness: power?.completeness(
            from: start, to: end, noise: noise, settings: settings)))
      start += configuration.step
    } while start + configuration.window <= duration + 1e-9
    self.windows = windows
  }

  /// The largest count of any window.
  public var peak: Int { windows.map(\.identifiedActive).max() ?? 0 }

  /// The median count over the windows in which any unit was active; 0 where none was.
  public var median: Double {
    let counts = windows.map(\.identifiedActive).filter { $0 > 0 }.sorted()
    if counts.isEmpty { return 0 }
    let middle = counts.count / 2
    return counts.count % 2 == 1
      ? Double(counts[middle]) : Double(counts[middle - 1] + counts[middle]) / 2
  }
}
