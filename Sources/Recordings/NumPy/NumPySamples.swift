import Synchronization

/// Samples of arrays in an archive: rows of stored ones are read in place, deflated ones are unpacked when
/// they are first asked for.
struct NumPySamples: SampleSource {
  /// A member with its header.
  struct Matrix: Sendable {
    var member: ZipArchive.Member
    var array: NumPyArray

    var rows: Int { array.shape.first ?? 1 }
    var columns: Int { array.shape.count > 1 ? array.shape[1] : 1 }
  }

  /// What one channel shows.
  enum Row: Sendable {
    case matrix(Matrix, row: Int, factor: Float)
    /// 1 at the discharges of a unit, else 0.
    case firings(Int)
  }

  private final class Cache: Sendable {
    let contents = Mutex<[String: [UInt8]]>([:])
  }

  /// Most bytes that are unpacked at once.
  private static let unpackedLimit = 2 << 30

  let archive: ZipArchive
  let rows: [Row]
  let trains: [[Double]]
  let spikes: SpikeAnnotations?
  private let cache = Cache()

  init(archive: ZipArchive, rows: [Row], trains: [[Double]], spikes: SpikeAnnotations?) {
    self.archive = archive
    self.rows = rows
    self.trains = trains
    self.spikes = spikes
  }

  var readsWhole: Bool {
    rows.contains {
      if case .matrix(let matrix, _, _) = $0 { !matrix.member.isStored } else { false }
    }
  }

  func storedSpikes() throws -> SpikeAnnotations? { spikes }

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    try channels.map { channel in
      switch rows[channel] {
      case .matrix(let matrix, let row, let factor):
        return try values(matrix, row: row, range).map { Float($0) * factor }
      case .firings(let unit):
        var values = [Float](repeating: 0, count: range.count)
        for sample in trains[unit] {
          guard let place = Int(bounded: sample, in: 0...1 << 40), range.contains(place) else {
            continue
          }
          values[place - range.lowerBound] = 1
        }
        return values
      }
    }
  }

  private func values(_ matrix: Matrix, row: Int, _ range: Range<Int>) throws -> [Double] {
    let size = matrix.array.element.count
    func bytes(_ first: Int, _ count: Int) throws -> [UInt8] {
      let offset = matrix.array.offset + first * size
      if matrix.member.isStored {
        return try archive.read(matrix.member, at: offset, count: count * size)
      }
      return try cache.contents.withLock { contents in
        if contents[matrix.member.name] == nil {
          contents[matrix.member.name] = try archive.content(
            matrix.member, limit: Self.unpackedLimit)
        }
        return Array(contents[matrix.member.name]?[offset..<offset + count * size] ?? [])
      }
    }
    if !matrix.array.isColumnMajor {
      let content = try bytes(row * matrix.columns + range.lowerBound, range.count)
      return matrix.array.numbers(content[...])
    }
    // The rows are interleaved: a stretch of all of them is read.
    let content = try bytes(range.lowerBound * matrix.rows, range.count * matrix.rows)
    let all = matrix.array.numbers(content[...])
    return range.indices.map { all[($0 - range.lowerBound) * matrix.rows + row] }
  }
}
