extension Recording {
  /// A range of all EMG channels: channels x samples.
  ///
  /// - Throws: `RecordingError`, also where the EMG channels differ in sampling rate.
  public func emgSamples(in range: Range<Int>) throws -> [[Float]] {
    let indices = emgChannels
    // Channels of several rates are refused with the message for whole recordings.
    if Set(indices.map { channels[$0].samplingRate }).count > 1 { return try emgSamples() }
    return try samples(channels: indices, range: range)
  }
}
