import Foundation
import Recordings

/// Spike trains as tables hold them: `unit,sample[,time_s]`, an EAF file or WFDB annotations.
package struct SpikeTable {
  /// Discharges of one unit, as samples, seconds, or both.
  package struct Entry {
    package let unit: String
    package let sample: Double?
    package let seconds: Double?
  }

  package var entries: [Entry]
  package var samplingRate: Double?

  /// Reads a folder of `motorpool decompose`, a table, an EAF file, or a WFDB annotation file.
  ///
  /// Annotators' names are anybody's, so WFDB annotations are told by a name's extension that no table
  /// has or by their first bytes.
  ///
  /// - Throws: `AnalysisError` or `RecordingError` naming file and line.
  package static func read(_ path: String, samplingRate: Double? = nil) throws -> SpikeTable {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw AnalysisError(.cannotOpen, path: path, "no such file or folder")
    }
    if isFolder.boolValue {
      let folder = URL(fileURLWithPath: path)
      let spikes = folder.appendingPathComponent("spikes.csv").path
      guard FileManager.default.fileExists(atPath: spikes) else {
        throw AnalysisError(
          .cannotOpen, path: path, "holds no spikes.csv; name a folder that decompose wrote")
      }
      var table = try read(spikes)
      table.samplingRate = try rate(of: folder.appendingPathComponent("units.json"))
      return table
    }
    if path.lowercased().hasSuffix(".eaf") {
      return SpikeTable(try SpikeAnnotations.readEAF(path))
    }
    if try SpikeAnnotations.isWFDB(path) {
      return SpikeTable(try SpikeAnnotations.readWFDB(path, samplingRate: samplingRate))
    }
    return try parse(path)
  }

  private init(entries: [Entry], samplingRate: Double?) {
    self.entries = entries
    self.samplingRate = samplingRate
  }

  private init(_ annotations: SpikeAnnotations) {
    entries = annotations.trains.flatMap { train in
      train.times.map { Entry(unit: train.unit, sample: nil, seconds: $0) }
    }
  }

  /// The trains as positions in samples, sub-sample where seconds are known, by unit.
  package func trains(rate: Double) -> [(name: String, times: [Double])] {
    var times: [String: [Double]] = [:]
    var order: [String] = []
    for entry in entries {
      if times[entry.unit] == nil { order.append(entry.unit) }
      let position = entry.seconds.map { $0 * rate } ?? entry.sample ?? 0
      times[entry.unit, default: []].append(position)
    }
    return order.map { ($0, (times[$0] ?? []).sorted()) }
  }

  private static func rate(of units: URL) throws -> Double? {
    struct Header: Decodable { let samplingRate: Double }
    guard let data = try? Data(contentsOf: units) else { return nil }
    do {
      return try JSONDecoder().decode(Header.self, from: data).samplingRate
    } catch {
      throw AnalysisError(path: units.path, "not a units.json of this program (no samplingRate)")
    }
  }

  private static func parse(_ path: String) throws -> SpikeTable {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw AnalysisError(.cannotOpen, path: path, "cannot be read")
    }
    let lines = String(decoding: data, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let header = lines.first.map { $0.split(separator: ",").map { $0.lowercased().trimmed } } ?? []
    guard let unitColumn = header.firstIndex(of: "unit") else {
      throw AnalysisError(
        "\(path), line 1: found \"\(lines.first?.prefix(60) ?? "")\", expected the column names "
          + "unit,sample[,time_s]")
    }
    let sampleColumn = header.firstIndex(of: "sample")
    let timeColumn = header.firstIndex(of: "time_s")
    guard sampleColumn != nil || timeColumn != nil else {
      throw AnalysisError("\(path), line 1: neither a column sample nor a column time_s")
    }
    var entries: [Entry] = []
    for (index, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map {
        String($0).trimmed
      }
      func number(_ column: Int?) throws -> Double? {
        guard let column, column < cells.count, !cells[column].isEmpty else { return nil }
        guard let value = Double(cells[column]), value.isFinite else {
          throw AnalysisError(
            "\(path), line \(index + 1): found \"\(cells[column].prefix(40))\", "
              + "expected a number in column \(header[column])")
        }
        return value
      }
      let sample = try number(sampleColumn)
      let seconds = try number(timeColumn)
      guard unitColumn < cells.count, !cells[unitColumn].isEmpty, sample != nil || seconds != nil
      else {
        throw AnalysisError(
          "\(path), line \(index + 1): found \"\(line.prefix(60))\", "
            + "expected \(header.joined(separator: ","))")
      }
      entries.append(Entry(unit: cells[unitColumn], sample: sample, seconds: seconds))
    }
    return SpikeTable(entries: entries, samplingRate: nil)
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
