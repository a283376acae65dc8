import Foundation
import Recordings

extension SignalPyramid {
  /// Makes the file of a recording's extremes.
  ///
  /// The recording is read once, in pieces; memory does not grow with its length. The file appears
  /// under its name when it is whole.
  ///
  /// - Parameters:
  ///   - source: the samples and what the file says of them.
  ///   - sha256: hash of the recording.
  ///   - path: where the file goes.
  ///   - progress: gets the share that is done; what it throws ends the work.
  /// - Throws: `RecordingError`; what `progress` throws.
  public static func write(
    _ source: PyramidSource, sha256: String, to path: String,
    progress: (Double) throws -> Void = { _ in }
  ) throws {
    let channels = source.names.count
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let scratch = folder.appendingPathComponent(".\(UUID().uuidString).extremes").path
    defer { unlink(scratch) }
    guard FileManager.default.createFile(atPath: scratch, contents: nil),
      let handle = FileHandle(forUpdatingAtPath: scratch)
    else { throw RecordingError(.cannotWrite, path: path, "cannot be written") }
    defer { try? handle.close() }

    // First the extremes of the finest level as they are: the scale is known when all are seen.
    var largest = [Float](repeating: 0, count: channels)
    let piece = max(base, (1 << 21) / max(1, channels) / base * base)
    var start = 0
    while start < source.sampleCount {
      let end = min(source.sampleCount, start + piece)
      let values = try source.samples(start..<end)
      let frames = (end - start + base - 1) / base
      var extremes = [Float](repeating: 0, count: frames * channels * 2)
      for channel in 0..<channels {
        var peak = largest[channel]
        values[channel].withUnsafeBufferPointer { samples in
          for frame in 0..<frames {
            var low = samples[frame * base]
            var high = low
            for index in (frame * base)..<min(samples.count, (frame + 1) * base) {
              low = min(low, samples[index])
              high = max(high, samples[index])
            }
            extremes[2 * (frame * channels + channel)] = low
            extremes[2 * (frame * channels + channel) + 1] = high
            peak = max(peak, max(-low, high))
          }
        }
        largest[channel] = peak
      }
      try put(extremes, to: handle, path: path)
      start = end
      try progress(0.8 * Double(start) / Double(max(1, source.sampleCount)))
    }

    let scale = largest.map { $0 > 0 ? $0 / 32_700 : 1 }
    var header = Header(
      channels: channels, sampleCount: source.sampleCount, samplingRate: source.samplingRate,
      scale: scale, levels: levels(sampleCount: source.sampleCount), sha256: sha256)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // Offsets stand in the header whose length they depend on: room is left for them.
    let room = (try encoder.encode(header).count + 24 * header.levels.count + 15) / 8 * 8
    var offset = 8 + room
    for index in header.levels.indices {
      header.levels[index].offset = offset
      offset += header.levels[index].frames * channels * 4
    }
    var text = try encoder.encode(header)
    text.append(Data(repeating: 0x20, count: room - text.count))
    let file = try AtomicFile(path: path)
    var head = Data(mark)
    withUnsafeBytes(of: UInt32(room).littleEndian) { head.append(contentsOf: $0) }
    try file.append(head + text)
    try writeLevels(header, from: scratch, to: file, path: path, progress: progress)
    try file.finish()
  }

  /// The levels of a recording, offsets left open: frames of 16 samples, then four times as long
  /// each, until one holds no more than 1,024.
  static func levels(sampleCount: Int) -> [Header.Level] {
    var result: [Header.Level] = []
    var step = base
    repeat {
      result.append(
        Header.Level(step: step, frames: (sampleCount + step - 1) / step, offset: 0))
      step *= factor
    } while (result.last?.frames ?? 0) > 1_024
    return result
  }

  private static func put(_ values: [Float], to handle: FileHandle, path: String) throws {
    do {
      try handle.write(contentsOf: values.withUnsafeBytes { Data($0) })
    } catch {
      throw RecordingError(.cannotWrite, path: path, "cannot be written: \(error)")
    }
  }

  /// Brings the extremes to counts and merges them level by level.
  private static func writeLevels(
    _ header: Header, from scratch: String, to file: AtomicFile, path: String,
    progress: (Double) throws -> Void
  ) throws {
    guard
      let mapped = try? Data(
        contentsOf: URL(fileURLWithPath: scratch), options: .alwaysMapped)
    else {
      throw RecordingError(.cannotWrite, path: path, "cannot be read back")
    }
    let width = header.channels * 2
    for (index, level) in header.levels.enumerated() {
      let merged = level.step / base
      let finest = header.levels[0].frames
      let piece = max(1, (1 << 19) / max(1, width))
      var frame = 0
      while frame < level.frames {
        let end = min(level.frames, frame + piece)
        var counts = [Int16](repeating: 0, count: (end - frame) * width)
        mapped.withUnsafeBytes { raw in
          for row in frame..<end {
            for channel in 0..<header.channels {
              var low = Float.infinity
              var high = -Float.infinity
              for fine in (row * merged)..<min(finest, (row + 1) * merged) {
                let place = 4 * (fine * width + 2 * channel)
                low = min(low, raw.loadUnaligned(fromByteOffset: place, as: Float.self))
                high = max(high, raw.loadUnaligned(fromByteOffset: place + 4, as: Float.self))
              }
              let scale = header.scale[channel]
              let target = (row - frame) * width + 2 * channel
              counts[target] = Int16(max(-32_768, (low / scale).rounded(.down))).littleEndian
              counts[target + 1] = Int16(min(32_767, (high / scale).rounded(.up))).littleEndian
            }
          }
        }
        try file.append(counts.withUnsafeBytes { Data($0) })
        frame = end
      }
      try progress(0.8 + 0.2 * Double(index + 1) / Double(header.levels.count))
    }
  }
}
