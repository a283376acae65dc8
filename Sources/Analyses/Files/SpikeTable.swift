import Foundation
import Recordings

/// Spike trains as tables hold them: `unit,sample[,time_s]`, BIDS events, Neuromap's firings, EAF, WFDB
/// annotations, and the files of other programs that hold trains beside a signal.
package struct SpikeTable {
  /// What is read, for help.
  package static let formats = """
    a folder that decompose or import-units wrote, a table unit,sample[,time_s], BIDS events, an EAF \
    file, a WFDB annotation file, Delsys Neuromap's table of firings, or another program's file \
    (openhdemg, MUedit, MUedit2, DEMUSE, OTBiolab+ export, NWB)
    """

  /// Discharges of one unit, as samples, seconds, or both.
  package struct Entry {
    package let unit: String
    package let sample: Double?
    package let seconds: Double?
  }

  package var entries: [Entry]
  package var samplingRate: Double?

  /// Reads a folder of `motorpool decompose`, a table, an EAF file, a WFDB annotation file, or a
  /// recording that holds trains: openhdemg, MUedit, DEMUSE, OTBiolab+ exports.
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
    if isFolder.boolValue, !OpenHDEMGModule.isModule(path) {
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
    if !isFolder.boolValue, try SpikeAnnotations.isWFDB(path) {
      return SpikeTable(try SpikeAnnotations.readWFDB(path, samplingRate: samplingRate))
    }
    if isFolder.boolValue || !isTable(path) {
      let (recording, annotations) = try Self.recordingWithSpikes(
        path, reading: RecordingReading(samplingRate: samplingRate))
      var table = SpikeTable(annotations)
      table.samplingRate = recording.samplingRate
      return table
    }
    return try parse(path)
  }

  /// A recording and the trains that are stored in it.
  ///
  /// A unit that the file does not state is needed for amplitudes only: it may be left open.
  /// - Throws: `RecordingError`; `AnalysisError` where no trains are stored.
  static func recordingWithSpikes(
    _ path: String, reading: RecordingReading
  ) throws -> (Recording, SpikeAnnotations) {
    let recording: Recording
    do {
      recording = try reading.open(path)
    } catch let error as RecordingError where error.kind == .missingUnit {
      var stated = reading
      stated.unit = "uV"
      var opened = try stated.open(path)
      for index in opened.emgChannels { opened.channels[index].unit = .relative }
      opened.warnings.append(error.problem + ": amplitudes are relative")
      recording = opened
    }
    guard let annotations = try recording.storedSpikes() else {
      throw AnalysisError(
        path: path, "is a recording (\(recording.source.formatName)) without spike trains")
    }
    return (recording, annotations)
  }

  /// Whether a file is text with a header of columns, not a recording with trains in it.
  static func isTable(_ path: String) -> Bool {
    guard let file = try? SniffedFile(path: path), !file.head.contains(0) else { return false }
    return file.head.first != UInt8(ascii: "{") && !file.has([0x1F, 0x8B])
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

  /// Whether a table's name is that of Neuromap's firings.
  private static func isFirings(_ path: String) -> Bool {
    URL(fileURLWithPath: path).lastPathComponent.lowercased().contains("firings")
  }

  /// Neuromap's firings: a column a unit, times in seconds below its title, shorter columns left empty.
  private static func firings(_ lines: [Substring], path: String) throws -> SpikeTable {
    let titles = (lines.first ?? "").split(separator: "\t", omittingEmptySubsequences: false)
    var entries: [Entry] = []
    for (index, line) in lines.enumerated().dropFirst() {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
      for (column, cell) in cells.enumerated() {
        let text = String(cell).trimmed.replacingOccurrences(of: ",", with: ".")
        if text.isEmpty || text.lowercased() == "nan" { continue }
        guard let seconds = Double(text), seconds.isFinite, column < titles.count else {
          throw AnalysisError(
            "\(path), line \(index + 1): found \"\(cell.prefix(40))\", expected a time in seconds "
              + "below one of \(titles.count) titles")
        }
        let title = String(titles[column]).trimmed
        entries.append(
          Entry(unit: title.isEmpty ? "\(column + 1)" : title, sample: nil, seconds: seconds))
      }
    }
    guard !entries.isEmpty else { throw AnalysisError(path: path, "holds no firings") }
    return SpikeTable(entries: entries, samplingRate: nil)
  }

  private static func parse(_ path: String) throws -> SpikeTable {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw AnalysisError(.cannotOpen, path: path, "cannot be read")
    }
    let lines = String(decoding: data, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let separator: Character = lines.first?.contains("\t") == true ? "\t" : ","
    let header =
      lines.first.map { $0.split(separator: separator).map { $0.lowercased().trimmed } } ?? []
    if isFirings(path), separator == "\t" { return try firings(lines, path: path) }
    // BIDS events name them otherwise, and hold other events too.
    let isEvents = separator == "\t" && header.contains("onset")
    let typeColumn = header.firstIndex(of: "event_type") ?? header.firstIndex(of: "trial_type")
    guard
      let unitColumn = header.firstIndex(of: "unit") ?? header.firstIndex(of: "unit_id")
        ?? header.firstIndex(of: "value").flatMap({ isEvents ? $0 : nil })
    else {
      throw AnalysisError(
        "\(path), line 1: found \"\(lines.first?.prefix(60) ?? "")\", expected the column names "
          + "unit,sample[,time_s]")
    }
    let sampleColumn = header.firstIndex(of: "sample")
    let timeColumn = header.firstIndex(of: "time_s") ?? header.firstIndex(of: "onset")
    guard sampleColumn != nil || timeColumn != nil else {
      throw AnalysisError("\(path), line 1: neither a column sample nor a column time_s")
    }
    var entries: [Entry] = []
    for (index, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
      let cells = line.split(separator: separator, omittingEmptySubsequences: false).map {
        String($0).trimmed
      }
      if isEvents {
        if unitColumn >= cells.count || ["", "n/a"].contains(cells[unitColumn]) { continue }
        if let typeColumn, typeColumn < cells.count,
          !cells[typeColumn].lowercased().contains("spike"), cells[typeColumn] != "n/a"
        {
          continue
        }
      }
      func number(_ column: Int?) throws -> Double? {
        guard let column, column < cells.count, !cells[column].isEmpty, cells[column] != "n/a"
        else { return nil }
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
