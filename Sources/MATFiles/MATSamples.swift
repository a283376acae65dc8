import Recordings
import Synchronization

/// Samples of a matrix in a MAT file, read when first asked for.
///
/// Compressed level 5 variables can only be read whole: the matrix is then kept as Float32 (the
/// memory of the recording's samples, once). A variable of its own in version 7.3 is read in parts
/// and nothing is kept.
final class MATSamples: SampleSource {
  /// One matrix that holds some of the channels.
  struct Part: Sendable {
    var path: MATPath
    var channelsAreColumns: Bool
    /// Samples of each channel by the header.
    var sampleCount: Int
    /// Factor of each of its channels to the channel's unit.
    var factors: [Float]
    /// Whether the channels are the vectors in a cell array, empty cells passed over.
    var isCellArray = false
  }

  private let file: MATFile
  private let parts: [Part]
  private let readsParts: Bool
  private let findSpikes: @Sendable (MATSamples) throws -> SpikeAnnotations?
  private let cache = Mutex<[Int: [[Float]]]>([:])

  init(
    file: MATFile, parts: [Part], isVersion73: Bool,
    findSpikes: @escaping @Sendable (MATSamples) throws -> SpikeAnnotations? = { _ in nil }
  ) {
    self.file = file
    self.parts = parts
    readsParts = isVersion73 && parts.allSatisfy { $0.path.steps.isEmpty && !$0.isCellArray }
    self.findSpikes = findSpikes
  }

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    // Neighbouring channels of one matrix in one request: each costs a way to the file and back.
    if readsParts, parts.count == 1 {
      let values = try file.part(
        parts[0].path.variable, channels: channels, range: range,
        channelsAreColumns: parts[0].channelsAreColumns)
      return zip(channels, values).map { channel, values in
        let factor = parts[0].factors[channel]
        return factor == 1 ? values : values.map { $0 * factor }
      }
    }
    return try channels.map { channel in
      var local = channel
      var index = 0
      while local >= parts[index].factors.count {
        local -= parts[index].factors.count
        index += 1
      }
      let part = parts[index]
      let factor = part.factors[local]
      let values: [Float]
      if readsParts {
        values = try file.part(
          part.path.variable, channels: [local], range: range,
          channelsAreColumns: part.channelsAreColumns)[0]
      } else {
        let all = try whole(index)
        guard local < all.count, range.upperBound <= all[local].count else {
          throw RecordingError(
            .malformed, path: file.path, place: "variable \(part.path.variable)",
            "is smaller than its header states: the file was changed")
        }
        values = Array(all[local][range])
      }
      return factor == 1 ? values : values.map { $0 * factor }
    }
  }

  /// Whether the matrix is read as a whole when a part is asked for.
  var readsWhole: Bool { !readsParts }

  func storedSpikes() throws -> SpikeAnnotations? { try findSpikes(self) }

  private func whole(_ index: Int) throws -> [[Float]] {
    try cache.withLock { cache in
      if let known = cache[index] { return known }
      let part = parts[index]
      let count = part.factors.count * part.sampleCount
      let read =
        part.isCellArray
        ? try file.vectors(part.path, count: count).filter { !$0.isEmpty }
        : try file.channels(part.path, channelsAreColumns: part.channelsAreColumns, count: count)
      cache[index] = read
      return read
    }
  }
}
