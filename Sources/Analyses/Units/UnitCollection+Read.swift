import Decomposition
import Foundation
import Recordings

extension UnitCollection {
  /// Reads the units that another program found in a recording; tables of samples are on its clock.
  ///
  /// - Parameters:
  ///   - path: what `read(_:reading:)` reads.
  ///   - recording: path of the recording, where the file does not hold it.
  ///   - reading: what the user states of the recording.
  /// - Throws: `AnalysisError`, `RecordingError` or `ReportsError` naming the file.
  package static func read(
    _ path: String, recording: String?, reading: RecordingReading
  ) throws -> UnitCollection {
    guard let opened = try recording.map({ try reading.open($0) }) else {
      return try read(path, reading: reading)
    }
    var reading = reading
    reading.samplingRate = reading.samplingRate ?? opened.samplingRate
    var units = try read(path, reading: reading)
    units.recordingHash = nil
    units = try units.with(opened)
    units.recordingHash = try opened.source.inputHash()
    units.name = opened.source.fileName
    return units
  }

  /// Reads units from a folder of results or from another program's file.
  ///
  /// The file's own recording and sources are taken with them where it holds them.
  ///
  /// - Parameters:
  ///   - path: a folder that `decompose` or `import-units` wrote, an openhdemg module or JSON file, a
  ///     MUedit or DEMUSE file, an OTBiolab+ export, BIDS events, EAF, WFDB annotations, a table.
  ///   - reading: what the user states of the recording; the rate counts for tables of times too.
  /// - Throws: `AnalysisError`, `RecordingError` or `ReportsError` naming the file.
  package static func read(
    _ path: String, reading: RecordingReading = RecordingReading()
  ) throws -> UnitCollection {
    let units = URL(fileURLWithPath: path).appendingPathComponent("units.json").path
    if FileManager.default.fileExists(atPath: units) { return try UnitCollection(folder: path) }
    var table: SpikeTable?
    if SpikeTable.holdsTrainsOnly(path) {
      table = try SpikeTable.read(path, samplingRate: reading.samplingRate)
    }
    let name = URL(fileURLWithPath: path).lastPathComponent
    if let table {
      guard let rate = reading.samplingRate ?? table.samplingRate, rate > 0 else {
        throw AnalysisError(
          path: path, "does not tell the sampling rate", remedy: .stateSamplingRate)
      }
      let trains = table.trains(rate: rate)
      let last = trains.compactMap(\.times.last).max() ?? 0
      guard let length = Int(bounded: last, in: 0...RecordingLimits.sampleCount.upperBound) else {
        throw AnalysisError(path: path, "holds a discharge at sample \(last)")
      }
      return UnitCollection(
        name: name, software: "unknown (\(name))", samplingRate: rate, sampleCount: length + 1,
        units: trains.map { Unit(id: $0.name, positions: $0.times) })
    }
    let (recording, annotations) = try SpikeTable.recordingWithSpikes(path, reading: reading)
    let rate = recording.samplingRate
    let count = recording.sampleCount
    var result = UnitCollection(
      name: recording.source.fileName, software: annotations.origin, samplingRate: rate,
      sampleCount: count,
      units: annotations.trains.map { train in
        Unit(
          id: train.unit, positions: train.samples(samplingRate: rate),
          silhouette: train.silhouette)
      }, recording: recording)
    result.recordingHash = try recording.source.inputHash()
    result.warnings = recording.warnings
    let outside = result.units.indices.filter { index in
      result.units[index].positions.contains { $0 < 0 || $0 >= Double(count) }
    }
    for index in outside {
      let before = result.units[index].positions.count
      result.units[index].positions.removeAll { $0 < 0 || $0 >= Double(count) }
      result.warnings.append(
        "unit \(result.units[index].id): \(before - result.units[index].positions.count) discharges "
          + "outside the recording are left out")
    }
    try result.takeStoredSources()
    return result
  }

  /// Takes the sources that the recording holds, one for each unit in the same order.
  private mutating func takeStoredSources() throws {
    guard let recording else { return }
    let stored = recording.channels(of: .storedSource)
    guard stored.count == units.count,
      stored.allSatisfy({ recording.channels[$0].sampleCount == sampleCount })
    else { return }
    for (index, channel) in stored.enumerated() {
      units[index].source = try recording.samples(channel: channel)
    }
    let lag = sourceLag()
    if lag != 0 {
      for index in units.indices { units[index].source.shift(by: lag) }
      warnings.append(
        "the stored sources peak \(abs(lag)) samples \(lag > 0 ? "before" : "after") the stored "
          + "discharges; the sources are moved onto them")
    }
  }

  /// Samples by which stored discharges come after the peaks of the stored sources.
  ///
  /// Programs that extend the channels by delays state the discharges at the end of the extension and
  /// the sources at its start (OTBiolab+). A lag is believed where the sources are more than twice as
  /// high there as at the discharges themselves, over all units.
  private func sourceLag() -> Int {
    let largest = 64
    var heights = [Double](repeating: 0, count: 2 * largest + 1)
    for unit in units {
      for sample in unit.samples(of: sampleCount) {
        for place in heights.indices {
          let at = sample + largest - place
          if unit.source.indices.contains(at) { heights[place] += Double(unit.source[at]) }
        }
      }
    }
    guard let best = heights.indices.max(by: { heights[$0] < heights[$1] }),
      heights[best] > 2 * max(0, heights[largest])
    else { return 0 }
    return best - largest
  }
}

extension [Float] {
  /// Moves the values to later places, or with a negative number to earlier ones; zeros fill the rest.
  fileprivate mutating func shift(by count: Int) {
    let zeros = [Float](repeating: 0, count: Swift.min(abs(count), self.count))
    self = count >= 0 ? zeros + dropLast(zeros.count) : Array(dropFirst(zeros.count)) + zeros
  }
}

extension SpikeTable {
  /// Whether a file holds trains and nothing else: a table, EAF or WFDB annotations.
  static func holdsTrainsOnly(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      !isFolder.boolValue
    else { return false }
    return path.lowercased().hasSuffix(".eaf") || isTable(path)
      || (try? SpikeAnnotations.isWFDB(path)) == true
  }
}
