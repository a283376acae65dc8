import Signal

/// A stretch of a needle recording with the potentials of known trains fitted to it.
///
/// The potential of each unit is the mean at its discharges after those of the others are taken away, in
/// turn until they settle. The source of a unit is the matched filter of its potential over what the
/// others leave (Turin 1960, IRE Trans. Inf. Theory 6), in the band above `lowEdge`, channels weighted by
/// their noise, scaled so that the mean discharge has height 1.
public struct NeedleField: UnitField {
  /// Lower edge of the band in which sources are computed, in Hz.
  public static let lowEdge = 250.0
  /// Length of a wide-band potential before and after the discharge, in seconds.
  public static let reach = 0.010
  /// Length of a matched filter before and after the discharge, in seconds.
  public static let filterReach = 0.004
  /// Rounds in which each potential is averaged anew.
  static let rounds = 4

  /// Rate of the sources, which is that of the recording, in Hz.
  public let rate: Double
  /// Sample of the recording at which the stretch starts.
  public let start: Int
  /// Samples of the recording for each value of a source.
  public var ratio: Double { 1 }
  /// None: every channel of a needle is used.
  public var rejectedChannels: [RejectedChannel] { [] }

  let wide: NeedlePotentials
  let band: NeedlePotentials
  /// One over the noise variance of each channel, in the band of the sources.
  let weights: [Float]

  /// Fits the potentials of all trains to a stretch.
  ///
  /// - `channels`: channels x samples of the stretch, microvolts.
  /// - `start`: sample of the recording at which it starts.
  /// - `trains`: discharges of each unit in samples of the recording, ascending.
  /// - Throws: `DecompositionError` without samples.
  public init(
    channels: [[Float]], samplingRate: Double, start: Int = 0, trains: [[Double]]
  ) throws {
    let half = max(2, Int(Self.reach * samplingRate))
    guard let first = channels.first, first.count > 4 * half else {
      throw DecompositionError.tooShort(
        seconds: Double(channels.first?.count ?? 0) / samplingRate,
        needed: Double(4 * half) / samplingRate)
    }
    rate = samplingRate
    self.start = start
    let own = trains.map { train in
      train.map { $0 - Double(start) }.filter { $0 >= 0 && $0 < Double(first.count) }
    }
    let filtered = ZeroPhaseFilter(
      samplingRate: samplingRate, lowEdge: Self.lowEdge, highEdge: samplingRate
    ).apply(channels)
    wide = NeedlePotentials(channels, trains: own, half: half, rounds: Self.rounds)
    band = NeedlePotentials(
      filtered, trains: own, half: max(2, Int(Self.filterReach * samplingRate)),
      rounds: Self.rounds)
    // The median of the absolute residual over 0.6745 is its standard deviation, whatever spikes are left.
    weights = band.residual.map { channel in
      let step = max(1, channel.count / 20_000)
      let sizes = stride(from: 0, to: channel.count, by: step).map { abs(channel[$0]) }.sorted()
      let noise = max(1e-6, sizes[sizes.count / 2] / 0.674_5)
      return 1 / (noise * noise)
    }
  }

  /// The potential of a unit in this stretch, wide-band, in microvolts.
  public func template(of unit: Int) -> MUAPTemplate {
    MUAPTemplate(channels: wide.potentials[unit], samplingRate: rate, origin: wide.half)
  }

  /// The source of a unit: the matched filter made from some of its discharges.
  ///
  /// - Returns: nil where none of the discharges lies in the stretch or the potential comes to nothing.
  public func source(components: [Int], discharges: [Double]) -> UnitSource? {
    let signal = band.signal(of: components)
    let inside = discharges.map { $0 - Double(start) }
    let potential = signal.map { NeedlePotentials.mean(of: $0, at: inside, half: band.half) }
    var energy: Float = 0
    for (channel, weight) in zip(potential, weights) {
      energy += weight * channel.reduce(0) { $0 + $1 * $1 }
    }
    guard energy > 0, energy.isFinite, let count = signal.first?.count else { return nil }
    var values = [Float](repeating: 0, count: count)
    let half = band.half
    for ((samples, shape), weight) in zip(zip(signal, potential), weights) {
      for (tap, size) in shape.enumerated() {
        let gain = weight * size / energy
        let shift = tap - half
        let low = max(0, -shift)
        let high = min(count, count - shift)
        if low >= high { continue }
        for index in low..<high { values[index] += gain * samples[index + shift] }
      }
    }
    let places = inside.map { Int($0.rounded()) }.filter(values.indices.contains)
    if places.isEmpty { return nil }
    let level = places.reduce(Float(0)) { $0 + values[$1] } / Float(places.count)
    guard level > 0, level.isFinite else { return nil }
    return UnitSource(
      values: values.map { $0 / level }, rate: rate, ratio: 1, start: Double(start))
  }

  /// How much the single potentials of a unit vary about their mean, by channel and sample.
  public func spread(components: [Int], discharges: [Double]) -> MUAPTemplate? {
    let inside = discharges.map { $0 - Double(start) }
    var channels: [[Float]] = []
    for samples in wide.signal(of: components) {
      let rows = inside.compactMap { NeedlePotentials.row(of: samples, at: $0, half: wide.half) }
      if rows.count < 2 { return nil }
      let count = Float(rows.count)
      channels.append(
        rows[0].indices.map { sample in
          let mean = rows.reduce(Float(0)) { $0 + $1[sample] } / count
          let sum = rows.reduce(Float(0)) { $0 + ($1[sample] - mean) * ($1[sample] - mean) }
          return (sum / (count - 1)).squareRoot()
        })
    }
    return MUAPTemplate(channels: channels, samplingRate: rate, origin: wide.half)
  }

  /// The single potentials of a unit with the other units taken away, for looking at them one upon the
  /// other.
  public struct Shimmer: Sendable, Equatable {
    /// The channel on which the potential is largest.
    public var channel: Int
    /// Discharges x samples in microvolts, wide-band, at the recording's rate.
    public var rows: [[Float]]
    /// The discharges, in samples of the recording.
    public var times: [Double]
    /// The sample that stands at the discharge.
    public var origin: Int
  }

  /// Cuts the potentials of a unit out, each moved to its place between samples.
  ///
  /// - Returns: nil where none of the discharges lies whole in the stretch.
  public func shimmer(components: [Int], discharges: [Double]) -> Shimmer? {
    let signal = wide.signal(of: components)
    let inside = discharges.map { $0 - Double(start) }
    let spans = signal.map { samples -> Float in
      let mean = NeedlePotentials.mean(of: samples, at: inside, half: wide.half)
      return (mean.max() ?? 0) - (mean.min() ?? 0)
    }
    guard let channel = spans.indices.max(by: { spans[$0] < spans[$1] }) else { return nil }
    var rows: [[Float]] = []
    var times: [Double] = []
    for (time, place) in zip(discharges, inside) {
      guard let row = NeedlePotentials.row(of: signal[channel], at: place, half: wide.half) else {
        continue
      }
      rows.append(row)
      times.append(time)
    }
    return rows.isEmpty
      ? nil : Shimmer(channel: channel, rows: rows, times: times, origin: wide.half)
  }
}

/// Potentials of trains in a signal, and what they leave of it.
struct NeedlePotentials: Sendable {
  /// Samples before and after a discharge.
  let half: Int
  /// Units x channels x samples.
  private(set) var potentials: [[[Float]]]
  /// Channels x samples.
  private(set) var residual: [[Float]]
  private let trains: [[Double]]

  init(_ channels: [[Float]], trains: [[Double]], half: Int, rounds: Int) {
    self.half = half
    self.trains = trains
    residual = channels
    let empty = [Float](repeating: 0, count: 2 * half + 1)
    potentials = trains.map { _ in channels.map { _ in empty } }
    for _ in 0..<rounds {
      for unit in trains.indices where !trains[unit].isEmpty {
        for channel in channels.indices {
          Self.add(potentials[unit][channel], of: trains[unit], gain: 1, to: &residual[channel])
          potentials[unit][channel] = Self.mean(of: residual[channel], at: trains[unit], half: half)
          Self.add(potentials[unit][channel], of: trains[unit], gain: -1, to: &residual[channel])
        }
      }
    }
  }

  /// What the others leave of the signal: residual and own potentials.
  func signal(of components: [Int]) -> [[Float]] {
    var result = residual
    for unit in components where trains.indices.contains(unit) {
      for channel in result.indices {
        Self.add(potentials[unit][channel], of: trains[unit], gain: 1, to: &result[channel])
      }
    }
    return result
  }

  /// The weights of the cubic of Lagrange through four samples, at a share of the step.
  private static func weights(_ t: Float) -> [Float] {
    [
      -t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2,
      (t + 1) * t * (t - 1) / 6,
    ]
  }

  /// The samples around a place between samples; nil near the ends.
  static func row(of samples: [Float], at time: Double, half: Int) -> [Float]? {
    let whole = Int(time.rounded(.down))
    guard whole - half >= 1, whole + half + 2 < samples.count else { return nil }
    let weights = weights(Float(time - Double(whole)))
    return (-half...half).map { offset in
      var value: Float = 0
      for tap in 0..<4 { value += weights[tap] * samples[whole + offset + tap - 1] }
      return value
    }
  }

  /// The mean around places between samples; zero without any.
  static func mean(of samples: [Float], at times: [Double], half: Int) -> [Float] {
    var sum = [Float](repeating: 0, count: 2 * half + 1)
    var count: Float = 0
    for time in times {
      guard let row = row(of: samples, at: time, half: half) else { continue }
      for index in sum.indices { sum[index] += row[index] }
      count += 1
    }
    return count > 0 ? sum.map { $0 / count } : sum
  }

  /// Adds a potential at places between samples.
  static func add(
    _ potential: [Float], of times: [Double], gain: Float, to samples: inout [Float]
  ) {
    let half = (potential.count - 1) / 2
    for time in times {
      let whole = Int(time.rounded(.up))
      // The potential is read where the sample stands relative to the discharge.
      let weights = weights(Float(Double(whole) - time))
      for offset in (-half + 1)...(half - 2) {
        let index = whole + offset
        guard samples.indices.contains(index) else { continue }
        var value: Float = 0
        for tap in 0..<4 { value += weights[tap] * potential[half + offset + tap - 1] }
        samples[index] += gain * value
      }
    }
  }
}
