import Recordings

/// An NWB file, read in a process of its own where one is given.
struct NWBFile: Sendable {
  let path: String
  /// The process that reads the file, nil to read it in this one.
  var worker: MATWorkerProcess?

  /// Everything but samples and discharges; throws `RecordingError`.
  func contents() throws -> MATValue {
    if let worker { return try worker.nwbContents() }
    return try MATFile.exclusively { try NWBContents.value(HDF5File(path: path)) }
  }

  /// Stored values of some channels of one series, channels x samples; throws `RecordingError`.
  func samples(_ series: String, channels: [Int], range: Range<Int>) throws -> [[Float]] {
    let values: [[Float]]
    if let worker {
      values = try worker.samples(
        .nwbSamples(series: series, channels: channels, range: range),
        count: channels.count * range.count)
    } else {
      values = try MATFile.exclusively {
        try NWBContents.samples(
          HDF5File(path: path), series: series, channels: channels, range: range)
      }
    }
    guard values.count == channels.count, values.allSatisfy({ $0.count == range.count }) else {
      throw RecordingError(
        .malformed, path: path, place: series.onOneLine,
        "is smaller than its header states: the file is damaged")
    }
    return values
  }

  /// Discharge times by unit, nil where there are none; throws `RecordingError`.
  func units() throws -> MATValue? {
    if let worker { return try worker.nwbUnits() }
    return try MATFile.exclusively { try NWBContents.units(HDF5File(path: path)) }
  }
}

/// Samples of the series of an NWB file, read from their datasets when they are asked for.
struct NWBSamples: SampleSource {
  /// value = stored * factor + offset.
  struct Place: Sendable {
    var series: String
    var column: Int
    var factor: Double
    var offset: Double
  }

  let file: NWBFile
  /// One a channel.
  let places: [Place]
  /// Seconds of the first EMG sample on the clock of the discharges; nil where there are none.
  let unitOrigin: Double?

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: channels.count)
    let groups = Dictionary(grouping: channels.indices) { places[channels[$0]].series }
    for (series, members) in groups {
      let columns = members.map { places[channels[$0]].column }
      let values = try file.samples(series, channels: columns, range: range)
      for (index, member) in members.enumerated() {
        let place = places[channels[member]]
        result[member] =
          place.factor == 1 && place.offset == 0
          ? values[index]
          : values[index].map { Float(Double($0) * place.factor + place.offset) }
      }
    }
    return result
  }

  func storedSpikes() throws -> SpikeAnnotations? {
    guard let unitOrigin, case .cells(let units, _)? = try file.units() else { return nil }
    let trains = units.compactMap { unit -> SpikeAnnotations.Train? in
      guard case .structure(let fields) = unit, let name = fields["name"]?.string else {
        return nil
      }
      let times = (fields["times"]?.numbers ?? []).filter { $0.isFinite && abs($0) < 1e9 }
      let silhouette = fields["silhouette"]?.scalar.flatMap { (-1...1).contains($0) ? $0 : nil }
      return SpikeAnnotations.Train(
        unit: name.onOneLine, times: times.map { $0 - unitOrigin }, silhouette: silhouette)
    }
    return trains.isEmpty ? nil : SpikeAnnotations(origin: "NWB units", trains: trains)
  }
}
