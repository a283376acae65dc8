import Foundation

/// An opened recording: what its channels are, and their samples on demand.
///
/// Opening reads the header only (where the format allows), so an hour of 64 channels costs no
/// memory until samples are asked for. Voltages are in microvolts whatever the file stores.
public struct Recording: Sendable {
  /// Where the recording comes from, with its hash.
  public var source: RecordingSource
  /// The channels in the order of the file.
  public var channels: [Channel]
  /// Start of the recording, nil where the file tells none or has it removed.
  ///
  /// Formats store local time without a zone; it is read as UTC so that it prints as stored.
  public var startTime: Date?
  /// Interruptions between samples that are stored side by side, in ascending order.
  public var gaps: [Gap]
  /// Remarks at times of the recording, in ascending order of onset.
  public var annotations: [Annotation]
  /// Electrode grids, each over its own channels; empty where the geometry is unknown.
  public var electrodeGrids: [ElectrodeGrid]
  /// Facts about the subject, device and protocol that the file states, such as `age: 44`.
  public var remarks: [String]
  /// What the user should know about the reading: assumptions, contradictions, doubts.
  public var warnings: [String]
  /// Where the samples are read from.
  public var samples: any SampleSource

  /// Makes a recording; readers and simulations use this.
  public init(
    source: RecordingSource, channels: [Channel], samples: any SampleSource,
    startTime: Date? = nil, gaps: [Gap] = [], annotations: [Annotation] = [],
    electrodeGrids: [ElectrodeGrid] = [], remarks: [String] = [], warnings: [String] = []
  ) {
    self.source = source
    self.channels = channels
    self.samples = samples
    self.startTime = startTime
    self.gaps = gaps
    self.annotations = annotations
    self.electrodeGrids = electrodeGrids
    self.remarks = remarks
    self.warnings = warnings
  }

  /// A recording whose samples are in memory, such as a simulated one.
  ///
  /// `signals` is channels x samples, all of one length, EMG in microvolts at `samplingRate` Hz.
  public init(
    signals: [[Float]], samplingRate: Double, names: [String]? = nil, name: String = "in memory",
    spikes: SpikeAnnotations? = nil
  ) {
    precondition(samplingRate > 0, "a sampling rate is positive")
    precondition(names == nil || names?.count == signals.count, "one name per channel")
    let channels = signals.indices.map { index in
      Channel(
        name: names?[index] ?? "EMG \(index + 1)", role: .emg, unit: .microvolt,
        gainProvenance: "in memory", samplingRate: samplingRate,
        sampleCount: signals[index].count)
    }
    self.init(
      source: RecordingSource(path: name, formatName: "memory", files: []), channels: channels,
      samples: SamplesInMemory(channels: signals, spikes: spikes))
  }
}

extension Recording {
  /// Indices of the channels of one role, ascending.
  public func channels(of role: ChannelRole) -> [Int] {
    channels.indices.filter { channels[$0].role == role }
  }

  /// Indices of the EMG channels, ascending.
  public var emgChannels: [Int] { channels(of: .emg) }

  /// Index of the first force channel, nil where there is none.
  public var forceChannel: Int? { channels.firstIndex { $0.role == .force } }

  /// The first electrode grid, nil where the geometry is unknown.
  public var electrodeGrid: ElectrodeGrid? { electrodeGrids.first }

  /// Sampling rate of the EMG channels in Hz (of the first of them, else of the first channel).
  public var samplingRate: Double {
    (emgChannels.first ?? channels.indices.first).map { channels[$0].samplingRate } ?? 0
  }

  /// Number of samples of the EMG channels at `samplingRate` (of the shortest, else of the first
  /// channel).
  public var sampleCount: Int {
    let rate = samplingRate
    return emgChannels.filter { channels[$0].samplingRate == rate }
      .map { channels[$0].sampleCount }.min() ?? channels.first?.sampleCount ?? 0
  }

  /// Seconds of recorded signal of the longest EMG channel (else of the first channel); gaps are
  /// not counted.
  ///
  /// Channels may differ: each tells its own length.
  public var duration: Double {
    emgChannels.map { channels[$0].duration }.max() ?? channels.first?.duration ?? 0
  }

  /// Whether all EMG channels are in microvolts, so that amplitudes mean something.
  public var hasPhysicalAmplitude: Bool {
    !emgChannels.isEmpty && emgChannels.allSatisfy { channels[$0].unit.isVoltage }
  }

  /// Physical values of some channels over a range of sample indices.
  ///
  /// The range counts each channel's own samples, at its own rate.
  /// - Returns: one array per requested channel in the requested order, each of `range.count`
  ///   values in the channel's unit (voltages in microvolts).
  /// - Throws: `RecordingError` where the file cannot be read any more, or where a value is not
  ///   finite (the message names channel and sample).
  public func samples(channels indices: [Int], range: Range<Int>) throws -> [[Float]] {
    precondition(indices.allSatisfy(channels.indices.contains), "no such channel")
    precondition(
      range.lowerBound >= 0
        && indices.allSatisfy { range.upperBound <= channels[$0].sampleCount },
      "range outside the channel")
    if range.isEmpty { return indices.map { _ in [] } }
    let values = try samples.samples(channels: indices, range: range)
    for (place, channel) in indices.enumerated() {
      guard let bad = Self.firstNotFinite(values[place]) else { continue }
      throw RecordingError(
        .malformed, path: source.path,
        place:
          "channel \(channel + 1) (\(channels[channel].name)), sample \(range.lowerBound + bad)",
        values[place][bad].isNaN
          ? "is missing: the file marks it as not recorded"
          : "found \(values[place][bad]), expected a finite number",
        remedy: .leaveChannelOut)
    }
    return values
  }

  private static func firstNotFinite(_ values: [Float]) -> Int? {
    // The sum of values * 0 is 0 unless one of them is not finite; it is far faster than a test of
    // each value, which is made only where the sum fails.
    var sum: Float = 0
    for value in values { sum += value * 0 }
    return sum == 0 ? nil : values.firstIndex { !$0.isFinite }
  }

  /// All samples of one channel in its unit.
  public func samples(channel index: Int) throws -> [Float] {
    precondition(channels.indices.contains(index), "no such channel")
    return try samples(channels: [index], range: 0..<channels[index].sampleCount)[0]
  }

  /// All EMG samples: channels x samples, microvolts where `hasPhysicalAmplitude`.
  ///
  /// - Throws: `RecordingError` where the EMG channels differ in sampling rate.
  public func emgSamples() throws -> [[Float]] {
    let indices = emgChannels
    let rates = Set(indices.map { channels[$0].samplingRate })
    guard rates.count <= 1 else {
      throw RecordingError(
        .unsupported, path: source.path,
        "EMG channels of one rate are needed, found several (\(rates.sorted().map { "\($0)" }.joined(separator: ", ")) Hz)",
        remedy: .chooseChannels)
    }
    return try samples(channels: indices, range: 0..<sampleCount)
  }

  /// Goes through some channels in chunks of at most `length` samples.
  ///
  /// `body` gets the index of the first sample and channels x samples; the channels must have the
  /// same number of samples.
  public func forEachChunk(
    channels indices: [Int], length: Int, _ body: (Int, [[Float]]) throws -> Void
  ) throws {
    precondition(length > 0, "a chunk holds at least one sample")
    let total = indices.map { channels[$0].sampleCount }.min() ?? 0
    var start = 0
    while start < total {
      let end = min(total, start + length)
      try body(start, try samples(channels: indices, range: start..<end))
      start = end
    }
  }

  /// Discharge times that came with the recording (an expert's, another program's), nil if none.
  public func storedSpikes() throws -> SpikeAnnotations? { try samples.storedSpikes() }

  /// Time in seconds after the start, gaps included, of a position in seconds of recorded signal.
  public func time(ofRecordedSecond position: Double) -> Double {
    gaps.reduce(position) { $1.position <= position ? $0 + $1.duration : $0 }
  }
}
