import Analyses
import Decomposition
import MotorUnits
import Registry
import Reports

/// What trains that an expert edited leave in the registry as values that can be followed over visits.
///
/// Counts and rates are of the edited trains, by the same windows as those of `ArrayAnalysis`. What needs
/// the decomposition itself (shares of power, effective number) stays that of the automatic run.
package enum EditedTrains {
  /// The values.
  ///
  /// - Parameters:
  ///   - trains: of the units that are there.
  ///   - amplitudes: peak-to-peak amplitudes in microvolts, of the units that have one.
  ///   - duration: of the recording in seconds.
  package static func measurements(
    trains: [SpikeTrain], amplitudes: [Double], duration: Double
  ) -> [Measurement] {
    let quality: Measurement.Quality = trains.isEmpty ? .warn : .pass
    let settings = CountSettings()
    let window = settings.windowSeconds[0]
    let counts = ActiveUnitCounts(
      trains: trains, duration: duration, configuration: settings.windows(of: window))
    let conditions = ["window_s": Formatting.plain(window), "edited": "yes"]
    func value(
      _ kind: MeasurementKind, _ value: Double, _ conditions: [String: String]
    ) -> Measurement {
      Measurement(kind: kind, value: value, quality: quality, conditions: conditions)
    }
    var fullest = conditions
    if let most = counts.windows.max(by: { $0.identifiedActive < $1.identifiedActive }) {
      fullest["window_start_s"] = Formatting.plain(most.start)
    }
    var result = [
      value(.identifiedUnitsMaximum, Double(counts.peak), fullest),
      value(.identifiedUnitsMedian, counts.median, conditions),
    ]
    let rates = trains.compactMap(\.meanRate)
    if !rates.isEmpty {
      result.append(
        value(.meanDischargeRate, rates.reduce(0, +) / Double(rates.count), ["edited": "yes"]))
    }
    if let median = NeedleAnalysis.median(amplitudes) {
      result.append(value(.muapAmplitude, median, ["edited": "yes"]))
    }
    return result
  }
}
