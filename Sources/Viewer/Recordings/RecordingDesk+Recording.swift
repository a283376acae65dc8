import Decomposition
import Foundation
import Hummingbird
import Recordings

extension RecordingDesk {
  struct Site: Encodable {
    let index: Int
    let name: String
    let role: String
    let unit: String
    let row: Int?
    let column: Int?
    let rms: Double?
  }
  struct Description: Encodable {
    let name: String
    let format: String
    let sha256: String
    let samplingRate: Double
    let sampleCount: Int
    let duration: Double
    let hasPhysicalAmplitude: Bool
    let rows: Int?
    let columns: Int?
    let channels: [Site]
    let pairs: [[Int]]
    let traces: [Int]
    let warnings: [String]
    let gaps: [[Double]]
    let annotations: [Remark]
    let excluded: OpenedRecording.Excluded
  }
  struct Remark: Encodable {
    let seconds: Double
    let text: String
  }

  /// The recording and its channels.
  func description() async throws -> Description {
    let recording = opened.recording
    let levels = try await opened.amplitudes()
    let order = Dictionary(
      uniqueKeysWithValues: recording.emgChannels.enumerated().map { ($1, $0) })
    let grid = recording.electrodeGrid
    return Description(
      name: title, format: recording.source.formatName, sha256: opened.sha256,
      samplingRate: recording.samplingRate, sampleCount: recording.sampleCount,
      duration: recording.duration, hasPhysicalAmplitude: recording.hasPhysicalAmplitude,
      rows: grid?.rows, columns: grid?.columns,
      channels: (recording.emgChannels + opened.traces).map { index in
        let channel = recording.channels[index]
        let site = grid?.position(ofChannel: index)
        return Site(
          index: index, name: channel.name, role: channel.role.rawValue,
          unit: channel.unit.symbol, row: site?.row, column: site?.column,
          rms: order[index].map { levels[$0] })
      }, pairs: opened.pairs.map { [$0.first, $0.second] }, traces: opened.traces,
      warnings: recording.warnings, gaps: recording.gaps.map { [$0.position, $0.duration] },
      annotations: recording.annotations.prefix(500).map {
        Remark(seconds: $0.onset, text: $0.text)
      },
      excluded: await opened.excluded)
  }

  /// Signals of a range (MPR1).
  func range(_ request: Request) async throws -> Response {
    let query = request.uri.queryParameters
    func number(_ name: Substring) throws -> Int? {
      guard let text = query[name] else { return nil }
      guard let value = Int(text) else {
        throw ViewerError.badRequest("\"\(name)\" is no whole number")
      }
      return value
    }
    let montage = try query["montage"].map { text in
      guard let value = OpenedRecording.Montage(rawValue: String(text)) else {
        throw ViewerError.badRequest("there is no such montage")
      }
      return value
    }
    let built = try await opened.pyramid(montage ?? .monopolar)
    let total = built.source.sampleCount
    let start = try number("start") ?? 0
    let end = try number("end") ?? total
    let columns = try number("columns") ?? 1_600
    guard start >= 0, end > start, start < total, columns > 0 else {
      throw ViewerError.badRequest("the range is empty or lies outside the recording")
    }
    var channels = Array(built.source.names.indices)
    if let text = query["channels"] {
      channels = try text.split(separator: ",").map { part in
        guard let index = Int(part), built.source.names.indices.contains(index) else {
          throw ViewerError.badRequest("there is no such channel")
        }
        return index
      }
    }
    let key =
      "\"\(opened.sha256.prefix(16))-\((montage ?? .monopolar).rawValue)-\(start)-\(end)-\(columns)"
      + "-\(EditEntry.hash(Data("\(channels)".utf8)).prefix(8))\""
    if request.headers[.ifNoneMatch] == key {
      return Response(status: .notModified, headers: [.eTag: key])
    }
    let wanted = channels
    let data = try await Background.run {
      try RangeMessage(
        start..<min(end, total), columns: columns, channels: wanted, pyramid: built.pyramid,
        source: built.source
      ).encoded()
    }
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/octet-stream", .eTag: key,
        .cacheControl: "private, no-cache",
      ], body: .init(byteBuffer: ByteBuffer(bytes: data)))
  }
}
