import Recordings
import Signal

/// The part of a recording that is written elsewhere: channels, a time range, another rate.
public struct RecordingSelection: Sendable {
  /// The channels, counted from 1 as in 1-64 or 1,3,5-8; nil takes all.
  public var channels: String?
  /// First second of the recorded signal.
  public var start: Double?
  /// Last second of the recorded signal.
  public var end: Double?
  /// Rate of the result in Hz; nil keeps each channel's own.
  public var samplingRate: Double?

  /// Layout of the electrodes, such as 13x5,8, which lies on the EMG channels that are left; nil keeps
  /// what the recording says.
  public var grid: String?

  /// Takes everything.
  public init() {}

  /// The part, read on demand; a small one is read at once.
  ///
  /// Grids, annotations, gaps and stored discharges follow. Triggers and firings keep
  /// their values at a new rate, everything else goes through a filter.
  /// - Throws: `AnalysisError` of the kind `wrongSetting`, `RecordingError`.
  public func applied(to recording: Recording) throws -> Recording {
    var part = try taken(from: recording)
    if let grid, let geometry = GridGeometry(option: grid) {
      guard let laid = geometry.grid(channels: part.emgChannels) else {
        throw AnalysisError(
          .wrongSetting, path: "grid \(grid)",
          "has \(geometry.electrodeCount) electrodes, what is written has "
            + "\(part.emgChannels.count) EMG channels")
      }
      part.electrodeGrids = [laid]
    }
    return part
  }

  private func taken(from recording: Recording) throws -> Recording {
    let chosen = try channels.map { try RecordingReading.indices($0) }
    let indices = chosen ?? Array(recording.channels.indices)
    if let bad = indices.first(where: { !recording.channels.indices.contains($0) }) {
      throw AnalysisError(
        .wrongSetting, path: "channels \(channels ?? "")",
        "names channel \(bad + 1), the file has \(recording.channels.count)")
    }
    let length = indices.map { recording.channels[$0].duration }.max() ?? 0
    let (from, to) = (start ?? 0, end ?? length)
    guard from >= 0, to > from, from < length else {
      throw AnalysisError(
        .wrongSetting, path: "start \(from), end \(to)",
        "expected a range within the \(length) s of the recording")
    }
    if let samplingRate {
      guard RecordingLimits.samplingRate.contains(samplingRate) else {
        throw AnalysisError(
          .wrongSetting, path: "rate \(samplingRate)", "expected a rate from 0.001 to 1e7 Hz")
      }
      guard recording.gaps.allSatisfy({ $0.position <= from || $0.position >= to }) else {
        throw AnalysisError(
          .wrongSetting, path: "rate \(samplingRate)",
          "the recording has gaps there, across which nothing can be interpolated; convert the parts "
            + "between them")
      }
    }
    var result = recording
    result.channels = []
    var places: [SelectedSamples.Place] = []
    for index in indices {
      var channel = recording.channels[index]
      let rate = channel.samplingRate
      guard
        let first = Int(bounded: (from * rate).rounded(.up), in: RecordingLimits.sampleCount),
        let last = Int(bounded: (to * rate).rounded(.up), in: RecordingLimits.sampleCount)
      else { throw AnalysisError(.wrongSetting, path: "end \(to)", "is beyond any recording") }
      let range = min(first, channel.sampleCount)..<min(max(first, last), channel.sampleCount)
      var place = SelectedSamples.Place(channel: index, range: range)
      channel.sampleCount = range.count
      if let samplingRate, samplingRate != rate {
        guard let conversion = RateConversion(from: rate, to: samplingRate) else {
          throw AnalysisError(
            .wrongSetting, path: "rate \(samplingRate)",
            "is no ratio of small whole numbers to the \(rate) Hz of channel \(index + 1)")
        }
        place.conversion = conversion
        place.isStepwise = [.trigger, .storedFirings].contains(channel.role)
        channel.samplingRate = conversion.rate(from: rate)
        channel.sampleCount = conversion.outputCount(of: range.count)
      }
      places.append(place)
      result.channels.append(channel)
    }
    result.samples = SelectedSamples(base: recording.samples, places: places, from: from, to: to)
    result.startTime = recording.startTime.map {
      $0.addingTimeInterval(recording.time(ofRecordedSecond: from))
    }
    moveTimes(&result, of: recording, from: from, to: to)
    let placeOf = Dictionary(indices.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    for index in result.electrodeGrids.indices {
      result.electrodeGrids[index].electrodes = result.electrodeGrids[index].electrodes.compactMap {
        electrode in
        placeOf[electrode.channel].map { .init(channel: $0, position: electrode.position) }
      }
    }
    result.electrodeGrids.removeAll { $0.electrodes.isEmpty }
    return try result.inMemoryIfSmall()
  }

  /// Moves gaps and annotations, whose onsets count gaps, to the new beginning.
  private func moveTimes(
    _ result: inout Recording, of recording: Recording, from: Double, to: Double
  ) {
    let begin = recording.time(ofRecordedSecond: from)
    let end = recording.time(ofRecordedSecond: to)
    result.gaps = recording.gaps.filter { $0.position > from && $0.position < to }.map {
      Gap(position: $0.position - from, onset: $0.onset - begin, duration: $0.duration)
    }
    result.annotations = recording.annotations.filter {
      $0.onset + ($0.duration ?? 0) >= begin && $0.onset <= end
    }.map {
      Annotation(onset: $0.onset - begin, duration: $0.duration, text: $0.text)
    }
  }
}

extension Recording {
  /// Values that are read at once, so that text and compressed files are gone through once.
  private static let memoryLimit = 1 << 25

  fileprivate func inMemoryIfSmall() throws -> Recording {
    let total = channels.reduce(0.0) { $0 + Double($1.sampleCount) }
    guard total <= Double(Self.memoryLimit) else { return self }
    var signals = [[Float]](repeating: [], count: channels.count)
    for (count, members) in Dictionary(grouping: channels.indices, by: { channels[$0].sampleCount })
    where count > 0 {
      let values = try samples.samples(channels: members, range: 0..<count)
      for (place, member) in members.enumerated() { signals[member] = values[place] }
    }
    var result = self
    result.samples = SamplesInMemory(channels: signals, spikes: try samples.storedSpikes())
    return result
  }
}

/// Samples of a part of a recording, at another rate where one is wanted.
struct SelectedSamples: SampleSource {
  struct Place: Sendable {
    var channel: Int
    var range: Range<Int>
    var conversion: RateConversion?
    /// Takes stored values instead of filtered ones.
    var isStepwise = false
  }

  let base: any SampleSource
  let places: [Place]
  let from: Double
  let to: Double

  var readsWhole: Bool { base.readsWhole }

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: channels.count)
    // Channels that need the same samples of the file are read together.
    let needs = channels.map { index -> Range<Int> in
      let place = places[index]
      guard let conversion = place.conversion else {
        return place.range.lowerBound + range.lowerBound..<place.range.lowerBound + range.upperBound
      }
      let needed = conversion.inputs(of: range, inputCount: place.range.count)
      return place.range.lowerBound + needed.lowerBound..<place.range.lowerBound + needed.upperBound
    }
    for (needed, members) in Dictionary(grouping: channels.indices, by: { needs[$0] }) {
      let values = try base.samples(
        channels: members.map { places[channels[$0]].channel }, range: needed)
      for (index, member) in members.enumerated() {
        result[member] = converted(
          values[index], place: places[channels[member]], outputs: range, needed: needed)
      }
    }
    return result
  }

  private func converted(
    _ values: [Float], place: Place, outputs: Range<Int>, needed: Range<Int>
  ) -> [Float] {
    guard let conversion = place.conversion else { return values }
    guard place.isStepwise else {
      return conversion.apply(values, outputs: outputs, inputCount: place.range.count)
    }
    let first = needed.lowerBound - place.range.lowerBound
    // The largest value of a stretch: a pulse of one sample is kept.
    return outputs.map { index in
      let start = index * conversion.down / conversion.up - first
      let next = (index + 1) * conversion.down / conversion.up - first
      let low = min(max(0, start), values.count - 1)
      return values[low..<min(max(low + 1, next), values.count)].max() ?? 0
    }
  }

  func storedSpikes() throws -> SpikeAnnotations? {
    guard let all = try base.storedSpikes() else { return nil }
    return SpikeAnnotations(
      origin: all.origin,
      trains: all.trains.map { train in
        SpikeAnnotations.Train(
          unit: train.unit,
          times: train.times.filter { $0 >= from && $0 < to }.map { $0 - from })
      })
  }
}
