import Analyses
import Decomposition
import Foundation
import Recordings

/// The recording that is looked at, with its pyramids and what the user left out.
actor OpenedRecording {
  /// Which signals are shown.
  enum Montage: String, Codable, Sendable, CaseIterable {
    /// Each channel as recorded.
    case monopolar
    /// Differences of neighbours along the columns of the grid, else in the order of the file.
    case differential
  }
  /// Channels and times that are left out of decompositions.
  struct Excluded: Codable, Sendable, Equatable {
    var channels: [Int] = []
    var seconds: [[Double]] = []
  }
  struct Built: Sendable {
    let pyramid: SignalPyramid
    let source: PyramidSource
  }

  nonisolated let recording: Recording
  nonisolated let sha256: String
  nonisolated let folder: String
  private var built: [Montage: Task<Built, any Error>] = [:]
  private var levels: [Double]?

  init(file: String, options: RecordingOptions, folder: String, sha256: String? = nil) throws {
    let recording = try Recording.open(
      file, options: options, readers: RecordingReading.readers)
    self.recording = recording
    guard !recording.emgChannels.isEmpty, recording.sampleCount > 0 else {
      throw ViewerError.unusable("\(file): holds no EMG channel")
    }
    guard Set(recording.emgChannels.map { recording.channels[$0].samplingRate }).count == 1 else {
      throw ViewerError.unusable("\(file): its EMG channels differ in sampling rate")
    }
    self.sha256 = try sha256 ?? recording.source.inputHash()
    self.folder = folder
  }

  /// Channels that are not EMG and are drawn below: force, target, other signals.
  nonisolated var traces: [Int] {
    recording.channels.indices.filter {
      [.force, .trigger, .auxiliary].contains(recording.channels[$0].role)
        && recording.channels[$0].sampleCount > 0
    }
  }

  /// Place of the acquired force among the signals of a range; nil without one.
  nonisolated var forcePlace: Int? {
    traces.firstIndex { recording.channels[$0].role == .force }
      .map { recording.emgChannels.count + $0 }
  }

  private nonisolated func source(_ montage: Montage) -> PyramidSource {
    let emg = PyramidSource(recording, channels: recording.emgChannels)
    let shown = montage == .monopolar ? emg : emg.differences(pairs)
    let traces = traces
    let rate = recording.samplingRate
    return PyramidSource(
      names: shown.names + traces.map { recording.channels[$0].name },
      units: shown.units + traces.map { recording.channels[$0].unit.symbol },
      samplingRate: rate, sampleCount: recording.sampleCount
    ) { [recording] range in
      var values = try shown.samples(range)
      for trace in traces {
        // A trace of another rate is held to the EMG's samples.
        let channel = recording.channels[trace]
        let ratio = channel.samplingRate / rate
        let last = channel.sampleCount - 1
        let places = range.map { min(last, Int(Double($0) * ratio)) }
        guard let first = places.first, let end = places.last else { continue }
        let held = try recording.samples(channels: [trace], range: first..<(end + 1))[0]
        values.append(places.map { held[$0 - first] })
      }
      return values
    }
  }

  /// Neighbours among the EMG channels, as places in their order.
  nonisolated var pairs: [(first: Int, second: Int)] {
    let emg = recording.emgChannels
    guard let grid = recording.electrodeGrid else {
      return emg.indices.dropLast().map { ($0, $0 + 1) }
    }
    let order = Dictionary(uniqueKeysWithValues: emg.enumerated().map { ($1, $0) })
    return emg.enumerated().compactMap { place, channel in
      guard let site = grid.position(ofChannel: channel),
        let next = grid.channel(at: .init(row: site.row + 1, column: site.column)),
        let other = order[next]
      else { return nil }
      return (place, other)
    }
  }

  /// The pyramid of a montage; made once, others wait for it.
  func pyramid(_ montage: Montage) async throws -> Built {
    if let task = built[montage] { return try await task.value }
    let source = source(montage)
    let suffix = montage == .monopolar ? "" : ".differential"
    let path = "\(folder)/cache/\(sha256)\(suffix).mmp"
    let task = Task.detached { [sha256] in
      try await Background.run {
        if let known = try? SignalPyramid(path: path),
          known.header.sha256 == sha256, known.header.channels == source.names.count,
          known.header.sampleCount == source.sampleCount
        {
          return Built(pyramid: known, source: source)
        }
        do {
          try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
            withIntermediateDirectories: true)
        } catch {
          throw ViewerError.cannotWrite("\(path): its folder cannot be made")
        }
        try SignalPyramid.write(source, sha256: sha256, to: path)
        return Built(pyramid: try SignalPyramid(path: path), source: source)
      }
    }
    built[montage] = task
    do {
      return try await task.value
    } catch {
      built[montage] = nil
      throw error
    }
  }

  /// Root mean square of each EMG channel about its mean, over excerpts spread over the recording.
  func amplitudes() async throws -> [Double] {
    if let levels { return levels }
    let found = try await Background.run { [recording] in
      let emg = recording.emgChannels
      let length = min(recording.sampleCount, max(1, Int(0.5 * recording.samplingRate)))
      let count = min(20, max(1, recording.sampleCount / length))
      var squares = [Double](repeating: 0, count: emg.count)
      for index in 0..<count {
        let start = count == 1 ? 0 : index * (recording.sampleCount - length) / (count - 1)
        let values = try recording.samples(channels: emg, range: start..<(start + length))
        for (place, channel) in values.enumerated() {
          let mean = channel.reduce(0.0) { $0 + Double($1) } / Double(length)
          squares[place] +=
            channel.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(length)
        }
      }
      return squares.map { ($0 / Double(count)).squareRoot() }
    }
    levels = found
    return found
  }

  private nonisolated var excludedPath: String { folder + "/excluded.json" }

  /// What is left out.
  var excluded: Excluded {
    guard let data = FileManager.default.contents(atPath: excludedPath),
      let value = try? JSONDecoder().decode(Excluded.self, from: data)
    else { return Excluded() }
    return value
  }

  /// Keeps what is left out.
  ///
  /// - Throws: `ViewerError` for channels or times that are not there.
  func exclude(_ value: Excluded) throws -> Excluded {
    let emg = Set(recording.emgChannels)
    guard value.channels.allSatisfy(emg.contains) else {
      throw ViewerError.badRequest("a channel that is no EMG channel cannot be left out")
    }
    guard
      value.seconds.allSatisfy({
        $0.count == 2 && $0[0] >= 0 && $0[1] > $0[0] && $0[1] <= recording.duration + 1
      })
    else { throw ViewerError.badRequest("a stretch needs a start and a later end in seconds") }
    let kept = Excluded(
      channels: Array(Set(value.channels)).sorted(), seconds: value.seconds.sorted { $0[0] < $1[0] }
    )
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ViewerError.cannotWrite("\(folder): cannot be made")
    }
    try AtomicFile.write(try JSONEncoder().encode(kept), to: excludedPath)
    return kept
  }
}
