import Foundation
import Signal

/// A motor unit while it is being searched: its template and firings on the time grid.
struct WorkingUnit: Sendable {
  /// Channels x template length, channel by channel, in noise units.
  var template: [Float]
  /// Ascending grid samples of the template's centre.
  var firings: [Int]
  /// Whether the train is that of a motor unit already, so that it may take overlapped firings.
  var isSettled = false
  /// Passes through which the train stayed irregular.
  var age = 0
}

/// The units found so far in one stretch of signal; every step of the search is a function on it.
struct NeedleModel: Sendable {
  let configuration: NeedleConfiguration
  var signal: ConditionedSignal
  var units: [WorkingUnit] = []
  /// Half the template length in grid samples.
  let half: Int
  /// Matched outputs of the residual at the last inference, unit by unit.
  var matched: [Float] = []
  /// Template energies at the last inference, in nats times two.
  var energies: [Float] = []
  /// Template cross-correlations at the last inference.
  var correlations = TemplateCorrelations.empty
  /// Trains that were removed at the end for their irregularity.
  var discarded = 0
  /// A log of steps, kept only where asked for.
  var trace: [String]?

  init(signal: ConditionedSignal, configuration: NeedleConfiguration) {
    self.signal = signal
    self.configuration = configuration
    half = Int(configuration.templateHalfWidth * signal.rate)
  }

  /// Samples of a template.
  var length: Int { 2 * half + 1 }
  /// Duration of the stretch in seconds.
  var duration: Double { Double(signal.count) / signal.rate }

  mutating func note(_ text: String) {
    trace?.append(text)
  }

  /// The signal less every firing of every unit.
  func residual() -> [[Float]] {
    var result = signal.channels
    for unit in units { superpose(unit, scale: -1, on: &result) }
    return result
  }

  /// Adds `scale` times every firing of a unit to channels.
  func superpose(_ unit: WorkingUnit, scale: Float, on channels: inout [[Float]]) {
    for channel in 0..<channels.count {
      addTemplate(
        unit.template, offset: channel * length, length: length, at: unit.firings, half: half,
        scale: scale, to: &channels[channel])
    }
  }

  /// Windows of ±`reach` samples around each time that fits whole: rows x (channels · width).
  func windows(_ channels: [[Float]], at times: [Int], reach: Int) -> (rows: Int, values: [Float]) {
    let width = 2 * reach + 1
    let inside = times.filter { $0 >= reach && $0 + reach < signal.count }
    var values = [Float](repeating: 0, count: inside.count * channels.count * width)
    for (row, time) in inside.enumerated() {
      for (index, channel) in channels.enumerated() {
        copyWindow(
          channel, from: time - reach, count: width, to: &values,
          at: (row * channels.count + index) * width)
      }
    }
    return (inside.count, values)
  }

  /// The template energy in nats times two, without the variance inflation.
  func plainEnergy(_ template: [Float]) -> Double {
    Double(template.reduce(0) { $0 + $1 * $1 }) / signal.oversampling
  }

  /// Re-estimates templates at the present firing times after the signal was replaced.
  mutating func resetTemplates() {
    for index in units.indices {
      let (rows, values) = windows(signal.channels, at: units[index].firings, reach: half)
      if rows == 0 { continue }
      let template = columnTrimmedMean(values, rows: rows, trim: configuration.templates.firstTrim)
      units[index].template = supported(template, firings: rows)
    }
  }
}
