import Foundation

/// The signal files of a WFDB record: signals of one file are interleaved frame by frame.
struct WFDBSignalFiles: Sendable {
  private struct Group: Sendable {
    var bytes: FileBytes
    var format: WFDBFormat
    var byteOffset: Int
    var samplesPerFrame: Int
  }

  private struct Place: Sendable {
    var group: Int
    /// Samples before this signal's in a frame of its file.
    var offset: Int
    var samplesPerFrame: Int
  }

  /// Most samples of all signals of one file in one frame.
  private static let frameLimit = 1 << 18

  private var groups: [Group] = []
  private var places: [Place] = []
  /// Frames of the record.
  private(set) var frameCount = 0
  /// Whether the files hold less than the header states: then checksums cannot agree.
  private(set) var isShort = false

  var paths: [String] { groups.map(\.bytes.path) }
  var byteCount: Int { groups.reduce(0) { $0 + $1.bytes.count } }

  /// Opens the files beside the header; throws `RecordingError` where one is missing or short.
  init(_ header: WFDBHeader, headerPath: String, warnings: inout [String]) throws {
    let folder = URL(fileURLWithPath: headerPath).deletingLastPathComponent()
    var groupOfName: [String: Int] = [:]
    for (index, signal) in header.signals.enumerated() {
      let group: Int
      if let known = groupOfName[signal.fileName] {
        group = known
        guard groups[group].format == signal.format else {
          throw RecordingError(
            .malformed, path: headerPath, place: "signal \(index + 1)",
            "format \(signal.format.rawValue) differs from \(groups[group].format.rawValue) of the "
              + "same file \(signal.fileName.onOneLine)")
        }
      } else {
        // Headers are untrusted: only files beside them are opened.
        guard !signal.fileName.contains("/"), signal.fileName != "..", signal.fileName != "-",
          signal.fileName != "~"
        else {
          throw RecordingError(
            .unsupported, path: headerPath, place: "signal \(index + 1)",
            "signal file \(signal.fileName.quoted) is not a file beside the header")
        }
        let path = folder.appendingPathComponent(signal.fileName).path
        group = groups.count
        groups.append(
          Group(
            bytes: try FileBytes(path: path), format: signal.format,
            byteOffset: signal.byteOffset, samplesPerFrame: 0))
        groupOfName[signal.fileName] = group
      }
      places.append(
        Place(
          group: group, offset: groups[group].samplesPerFrame,
          samplesPerFrame: signal.samplesPerFrame))
      groups[group].samplesPerFrame += signal.samplesPerFrame
      guard groups[group].samplesPerFrame <= Self.frameLimit else {
        throw RecordingError(
          .unsupported, path: headerPath, place: "signal \(index + 1)",
          "gives frames of more than \(Self.frameLimit) samples, which no record has")
      }
    }
    let available = groups.map { group in
      group.format.sampleCount(bytes: max(0, group.bytes.count - group.byteOffset))
        / group.samplesPerFrame
    }
    let shortest = available.min() ?? 0
    if let stated = header.frameCount {
      guard let short = groups.indices.first(where: { available[$0] < stated }) else {
        frameCount = stated
        // The file may hold one sample more where a format packs them in pairs.
        if let long = groups.indices.first(where: { available[$0] > stated + 1 }) {
          warnings.append(
            "\(groups[long].bytes.path) holds \(available[long]) samples, the header states "
              + "\(stated); the rest is ignored")
        }
        return
      }
      guard available[short] > 0 else {
        throw RecordingError(
          .truncated, path: groups[short].bytes.path,
          "found no samples, the header states \(stated)",
          remedy: "copy the file again from its origin")
      }
      frameCount = shortest
      warnings.append(
        "\(groups[short].bytes.path) ends early: \(available[short]) of \(stated) samples per signal "
          + "are read; copy it again from its origin if it was longer there")
      isShort = true
      return
    }
    frameCount = shortest
    guard frameCount > 0 else {
      throw RecordingError(.malformed, path: headerPath, "its signal files hold no samples")
    }
    if Set(available).count > 1 {
      warnings.append("signal files differ in length; the shortest (\(shortest)) is taken")
    }
  }

  /// Goes through some signals over a range of their samples, in bounded blocks.
  ///
  /// `body` gets the place in `signals` and its next digital values.
  func forEachBlock(
    signals: [Int], range: Range<Int>, _ body: (Int, [Int32]) throws -> Void
  ) throws {
    // Signals of one file and one rate are read together.
    struct Key: Hashable {
      var group: Int
      var samplesPerFrame: Int
    }
    let together = Dictionary(grouping: signals.indices) {
      Key(group: places[signals[$0]].group, samplesPerFrame: places[signals[$0]].samplesPerFrame)
    }
    for (key, members) in together {
      let group = groups[key.group]
      let perFrame = key.samplesPerFrame
      let end = (range.upperBound + perFrame - 1) / perFrame
      let step = max(1, (1 << 18) / group.samplesPerFrame)
      var frame = range.lowerBound / perFrame
      while frame < end {
        let next = min(end, frame + step)
        let all = try group.format.read(
          group.bytes, offset: group.byteOffset,
          range: frame * group.samplesPerFrame..<next * group.samplesPerFrame)
        for member in members {
          let offset = places[signals[member]].offset
          var values: [Int32] = []
          values.reserveCapacity((next - frame) * perFrame)
          for index in 0..<next - frame {
            for sub in 0..<perFrame where range.contains((frame + index) * perFrame + sub) {
              values.append(all[index * group.samplesPerFrame + offset + sub])
            }
          }
          try body(member, values)
        }
        frame = next
      }
    }
  }

  /// What one pass over all samples shows.
  struct Survey: Sendable {
    /// 16-bit sum of the samples of each signal.
    var sums: [Int16]
    /// Samples of each signal that stand for none.
    var missing: [Int]
    /// The first of them.
    var firstMissing: [Int?]
  }

  /// Goes once through all samples of all signals.
  func survey() throws -> Survey {
    var sums = [Int32](repeating: 0, count: places.count)
    var missing = [Int](repeating: 0, count: places.count)
    var firstMissing = [Int?](repeating: nil, count: places.count)
    for (index, group) in groups.enumerated() {
      let members = places.indices.filter { places[$0].group == index }
      let step = max(1, (1 << 18) / group.samplesPerFrame)
      let none = group.format.missingValue
      var frame = 0
      while frame < frameCount {
        let next = min(frameCount, frame + step)
        let all = try group.format.read(
          group.bytes, offset: group.byteOffset,
          range: frame * group.samplesPerFrame..<next * group.samplesPerFrame)
        for member in members {
          let place = places[member]
          for local in 0..<next - frame {
            let base = local * group.samplesPerFrame + place.offset
            for sub in 0..<place.samplesPerFrame {
              let value = all[base + sub]
              sums[member] = sums[member] &+ value
              if value == none {
                if missing[member] == 0 {
                  firstMissing[member] = (frame + local) * place.samplesPerFrame + sub
                }
                missing[member] += 1
              }
            }
          }
        }
        frame = next
      }
    }
    return Survey(
      sums: sums.map { Int16(truncatingIfNeeded: $0) }, missing: missing, firstMissing: firstMissing
    )
  }

  /// Compares the 16-bit sums of all samples with the header.
  ///
  /// - Throws: `RecordingError` where they differ: the file was changed or damaged.
  func verifyChecksums(_ header: WFDBHeader, _ survey: Survey) throws {
    guard !isShort else { return }
    for (index, signal) in header.signals.enumerated() {
      guard let expected = signal.checksum else { continue }
      let found = survey.sums[index]
      guard found == Int16(truncatingIfNeeded: expected) else {
        throw RecordingError(
          .malformed, path: groups[places[index].group].bytes.path,
          place: "signal \(index + 1)",
          "checksum is \(found), the header states \(expected): the file is damaged or was changed",
          remedy: "copy header and signal file again from their origin")
      }
    }
  }
}
