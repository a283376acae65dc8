extension RecordingOptions {
  /// - Throws: `RecordingError` where a value makes no sense whatever the file.
  func check(path: String) throws {
    func require(_ isSensible: Bool, _ option: String, _ expected: String) throws {
      guard isSensible else {
        throw RecordingError(
          .wrongOption, path: path, "\(option) has no sensible value; expected \(expected)")
      }
    }
    if let samplingRate {
      try require(
        RecordingLimits.samplingRate.contains(samplingRate), "the sampling rate given",
        "a sampling rate in Hz from 0.001 to 1e7")
    }
    if let millivoltsAtFullScale {
      try require(
        (1e-9...1e9).contains(millivoltsAtFullScale), "the scale given",
        "millivolts at full scale from 1e-9 to 1e9")
    }
  }

  /// The recording with the stated roles and grid laid over what its file says.
  ///
  /// - Throws: `RecordingError` where a channel does not exist or the grid has another number of
  ///   electrodes than there are EMG channels.
  func applied(to recording: Recording) throws -> Recording {
    var recording = recording
    let path = recording.source.path
    func check(_ channel: Int, option: String) throws {
      guard recording.channels.indices.contains(channel) else {
        throw RecordingError(
          .wrongOption, path: path,
          "\(option) names channel \(channel + 1), the file has \(recording.channels.count)",
          remedy: "channels are counted from 1")
      }
    }
    for (channel, role) in roles.sorted(by: { $0.key < $1.key }) {
      try check(channel, option: "a channel role")
      recording.channels[channel].role = role
    }
    if let emgChannels {
      guard !emgChannels.isEmpty else {
        throw RecordingError(.wrongOption, path: path, "the choice of channels names none")
      }
      for channel in emgChannels { try check(channel, option: "the choice of channels") }
      let chosen = Set(emgChannels)
      for index in recording.channels.indices {
        if chosen.contains(index) {
          recording.channels[index].role = .emg
        } else if recording.channels[index].role == .emg {
          recording.channels[index].role = .auxiliary
        }
      }
    }
    if let grid {
      let channels = recording.emgChannels
      guard let laid = grid.grid(channels: channels) else {
        throw RecordingError(
          .wrongOption, path: path,
          "the grid has \(grid.electrodeCount) electrodes, the recording \(channels.count) EMG channels; "
            + "those on the grid are needed",
          remedy: .chooseChannels)
      }
      recording.electrodeGrids = [laid]
    }
    return recording
  }
}
