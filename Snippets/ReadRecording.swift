// Reads a recording of whatever format, MAT and NWB files included.
// snippet.hide
#if canImport(MATFiles)
  // snippet.show
  import MATFiles
  import Recordings

  let readers: [any RecordingReader] = .standard + [MATReader(), NWBReader()]
  do {
    let recording = try Recording.open("recording", readers: readers)
    for channel in recording.channels {
      print(channel.name, channel.role.rawValue, channel.samplingRate, channel.duration)
    }
    let firstSecond = try recording.emgSamples(in: 0..<Int(recording.samplingRate))
    print(firstSecond.count, "EMG channels")
  } catch let error as RecordingError {
    // One line that names the file, the place and what is wrong there.
    print(error)
  }
// snippet.hide
#endif
