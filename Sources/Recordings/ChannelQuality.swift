import Foundation

/// What a first look at a channel's samples shows.
public struct ChannelQuality: Hashable, Codable, Sendable {
  /// Standard deviation in the channel's unit; 0 where no sample was looked at.
  public var rms = 0.0
  /// Samples that were looked at.
  public var sampleCount = 0
  /// Samples that the file marks as not recorded.
  public var missingCount = 0
  /// Share of samples in runs of three or more at the largest or smallest value.
  public var clippedShare = 0.0
  /// Seconds in which the value does not change for 20 ms or longer.
  public var deadSeconds = 0.0
  /// Share of the power at the mains frequency and its next two harmonics.
  public var humShare = 0.0
  /// Mains frequency that `humShare` is about, Hz.
  public var humFrequency = 50.0

  /// Looks at consecutive samples.
  ///
  /// - Parameters:
  ///   - pieces: stretches of the channel, each without interruption.
  ///   - samplingRate: Hz.
  public init(pieces: [[Float]], samplingRate: Double) {
    var sum = 0.0
    var squares = 0.0
    var low = Float.infinity
    var high = -Float.infinity
    for piece in pieces {
      for value in piece {
        guard value.isFinite else {
          missingCount += 1
          continue
        }
        sampleCount += 1
        sum += Double(value)
        squares += Double(value) * Double(value)
        low = min(low, value)
        high = max(high, value)
      }
    }
    guard sampleCount > 1 else { return }
    let mean = sum / Double(sampleCount)
    let variance = max(0, squares / Double(sampleCount) - mean * mean)
    rms = variance.squareRoot()
    measureRuns(pieces, low: low, high: high, samplingRate: samplingRate)
    guard variance > 0 else { return }
    for frequency in [50.0, 60.0] {
      let share = Self.share(
        of: frequency, in: pieces, mean: mean, variance: variance, samplingRate: samplingRate)
      if share > humShare { (humShare, humFrequency) = (share, frequency) }
    }
  }

  private mutating func measureRuns(
    _ pieces: [[Float]], low: Float, high: Float, samplingRate: Double
  ) {
    // Ten samples at least: at low rates two like values are nothing.
    let dead = max(10, 0.02 * samplingRate)
    var clipped = 0
    var constant = 0
    for piece in pieces {
      var length = 0
      for index in piece.indices {
        length += 1
        let ends = index + 1 == piece.count || piece[index + 1] != piece[index]
        guard ends else { continue }
        if length >= 3, piece[index] == low || piece[index] == high { clipped += length }
        if Double(length) >= dead, piece[index].isFinite { constant += length }
        length = 0
      }
    }
    deadSeconds = Double(constant) / samplingRate
    // A channel that never changes is dead, not clipped.
    clippedShare = high > low ? Double(clipped) / Double(sampleCount) : 0
  }

  /// Share of the variance in sinusoids at a frequency and its next two harmonics, over windows of
  /// one second (Goertzel 1958).
  private static func share(
    of frequency: Double, in pieces: [[Float]], mean: Double, variance: Double,
    samplingRate: Double
  ) -> Double {
    guard let window = Int(bounded: samplingRate, in: 64...10_000_000) else { return 0 }
    var power = 0.0
    var windows = 0
    for piece in pieces {
      var start = 0
      while start + window <= piece.count {
        for harmonic in 1...3 {
          let target = frequency * Double(harmonic)
          guard target < samplingRate / 2 else { break }
          let factor = 2 * cos(2 * Double.pi * target / samplingRate)
          var (first, second) = (0.0, 0.0)
          for index in start..<start + window {
            let value = piece[index].isFinite ? Double(piece[index]) - mean : 0
            (first, second) = (value + factor * first - second, first)
          }
          let squared = first * first + second * second - factor * first * second
          power += 2 * squared / (Double(window) * Double(window))
        }
        windows += 1
        start += window
      }
    }
    return windows > 0 ? min(1, max(0, power / Double(windows) / variance)) : 0
  }
}

extension Recording {
  /// Values that a first look reads of all channels together.
  private static let lookLimit = 6_000_000

  /// A first look at every channel, in bounded time and memory.
  ///
  /// Short recordings are looked at whole, long ones in stretches of one second spread evenly.
  /// - Returns: one entry a channel; nil where looking would mean reading a large file whole.
  /// - Throws: `RecordingError` where the file cannot be read.
  public func quality() throws -> [ChannelQuality]? {
    let total = channels.reduce(0.0) { $0 + Double($1.sampleCount) }
    if samples.readsWhole, total > Double(10 * Self.lookLimit) { return nil }
    let share = total > Double(Self.lookLimit) ? Double(Self.lookLimit) / total : 1
    var result = [ChannelQuality](
      repeating: ChannelQuality(pieces: [], samplingRate: 1), count: channels.count)
    // Channels of one rate and length are read together: in text files each read goes over all.
    let groups = Dictionary(grouping: channels.indices) { index in
      [channels[index].samplingRate, Double(channels[index].sampleCount)]
    }
    for members in groups.values.sorted(by: { $0[0] < $1[0] }) {
      let channel = channels[members[0]]
      guard channel.sampleCount > 0 else { continue }
      var ranges = [0..<channel.sampleCount]
      if share < 1 {
        let length = min(
          channel.sampleCount, Int(bounded: channel.samplingRate, in: 1...1_000_000) ?? 1)
        let wanted = Double(channel.sampleCount) * share / Double(length)
        let count = Int(bounded: wanted.rounded(.down), in: 1...10_000) ?? 1
        ranges = (0..<count).map { turn in
          let start = (channel.sampleCount - length) / max(1, count - 1) * turn
          return start..<start + length
        }
      }
      // Few channels at a time keep the memory small whatever their number is.
      let longest = ranges.reduce(0) { $0 + $1.count }
      let step = max(1, min(members.count, 4_000_000 / max(1, longest)))
      for first in stride(from: 0, to: members.count, by: step) {
        let part = Array(members[first..<min(members.count, first + step)])
        var pieces = [[[Float]]](repeating: [], count: part.count)
        for range in ranges {
          let values = try samples.samples(channels: part, range: range)
          for place in part.indices { pieces[place].append(values[place]) }
        }
        for place in part.indices {
          result[part[place]] = ChannelQuality(
            pieces: pieces[place], samplingRate: channels[part[place]].samplingRate)
        }
      }
    }
    return result
  }

  /// RMS of surface and needle EMG in microvolts; outside it the scale is questioned.
  public static let plausibleRMS = 1.0...5000.0

  /// What a first look finds doubtful, each with what the user can do.
  public func doubts(_ quality: [ChannelQuality]) -> [String] {
    func named(_ indices: [Int]) -> String {
      let shown = indices.prefix(6).map { "\($0 + 1)" }.joined(separator: ", ")
      return "channel\(indices.count == 1 ? "" : "s") \(shown)"
        + (indices.count > 6 ? " and \(indices.count - 6) more" : "")
    }
    let emg = emgChannels.filter { quality[$0].sampleCount > 1 }
    var lines: [String] = []
    let alive = emg.filter { quality[$0].rms > 0 && channels[$0].unit.isVoltage }
    let rms = alive.map { quality[$0].rms }.sorted()
    if !rms.isEmpty, !Self.plausibleRMS.contains(rms[rms.count / 2]) {
      let middle = rms[rms.count / 2]
      lines.append(
        "the EMG has an RMS of \(String(format: "%.3g", middle)) uV, outside 1 to 5000 uV: the scale "
          + "may be wrong; state the unit if it is")
    }
    let dead = emg.filter { quality[$0].deadSeconds > 0.05 * channels[$0].duration }
    if !dead.isEmpty {
      lines.append(
        "\(named(dead)): no signal for more than 5 % of the time; leave them out")
    }
    let clipped = emg.filter { quality[$0].clippedShare > 0.001 }
    if !clipped.isEmpty {
      lines.append(
        "\(named(clipped)): clipped at the end of the range; the amplitude is too small there")
    }
    let hum = emg.filter { quality[$0].humShare > 0.1 }
    if !hum.isEmpty {
      let frequency = Int(quality[hum[0]].humFrequency)
      lines.append(
        "\(named(hum)): more than 10 % of the power is mains hum (\(frequency) Hz); check electrodes "
          + "and ground, or leave them out")
    }
    let missing = emg.filter { quality[$0].missingCount > 0 }
    if !missing.isEmpty {
      lines.append(
        "\(named(missing)): some samples were not recorded; analyses refuse these channels")
    }
    return lines
  }
}
