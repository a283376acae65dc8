import Foundation

/// The files beside a BIDS-EMG recording: `_channels.tsv`, `_emg.json`, `_electrodes.tsv`
/// (BIDS 1.11, inheritance principle).
struct BIDSSidecars {
  let dataFile: URL
  /// Folders from the data file's up to the data set's root.
  private let folders: [URL]
  /// Entities of the data file, such as `sub-01`, `task-grasping`.
  private let entities: Set<String>
  private let suffix: String

  /// Nil where the file's name or folder is not of a BIDS data set.
  init?(dataFile path: String) {
    dataFile = URL(fileURLWithPath: path).standardizedFileURL
    let parts = dataFile.deletingPathExtension().lastPathComponent.split(separator: "_")
    guard parts.count >= 2, parts[0].hasPrefix("sub-"), let last = parts.last,
      ["emg", "eeg"].contains(String(last))
    else { return nil }
    suffix = String(last)
    entities = Set(parts.dropLast().map { String($0) })
    var folders = [dataFile.deletingLastPathComponent()]
    // sub-X/ses-Y/emg is the deepest layout, so the root is at most three folders up.
    for _ in 0..<3 {
      let last = folders[folders.count - 1]
      let marker = last.appendingPathComponent("dataset_description.json")
      if FileManager.default.fileExists(atPath: marker.path) { break }
      let parent = last.deletingLastPathComponent()
      if parent.path == last.path { break }
      folders.append(parent)
    }
    self.folders = folders
  }

  /// Adds what the sidecars know to a recording read from its EDF or BDF file.
  ///
  /// - Parameters:
  ///   - recording: the recording; `places` says which of the `storedCount` signals of the file each
  ///     of its channels is, so that rows of the channels table match by order.
  ///   - options: what the user states; it wins over the sidecars.
  /// - Throws: `RecordingError` where a sidecar is malformed.
  func apply(
    to recording: inout Recording, places: [Int], storedCount: Int, options: RecordingOptions
  ) throws {
    let description = try metadata()
    if !description.isEmpty { recording.remarks += remarks(description) }
    if let stated = number(description["SamplingFrequency"]), stated > 0,
      options.samplingRate == nil, abs(stated / recording.samplingRate - 1) > 1e-4
    {
      recording.warnings.append(
        "the BIDS sidecar states \(stated) Hz, the EDF header \(recording.samplingRate) Hz; "
          + "the header is taken")
    }
    guard let table = try nearest("channels").map({ try TabSeparatedTable(path: $0.path) }) else {
      return
    }
    var electrodeOfChannel: [Int: (name: String, group: String?)] = [:]
    var unitDoubts: [String: Int] = [:]
    let rows = Self.rows(
      of: recording.channels.map(\.name), places: places, storedCount: storedCount, in: table)
    var doubts = ChannelDoubts()
    for index in recording.channels.indices {
      let name = recording.channels[index].name
      guard let row = rows[index] else {
        // A name that stands more than once is not a name that is missing.
        let isAmbiguous = table.rowCount(named: name) > 0
        doubts.add(
          isAmbiguous
            ? "named more than once in the BIDS channels table and matched by nothing else"
            : "missing from the BIDS channels table", channel: name)
        continue
      }
      if let type = table.value("type", row), let role = Self.role(ofType: type) {
        let known = recording.channels[index].role
        // MISC says less than a name such as "force".
        if role != .auxiliary || known == .emg { recording.channels[index].role = role }
      }
      applyUnit(table.value("units", row), to: &recording.channels[index], doubts: &unitDoubts)
      if table.value("status", row)?.lowercased() == "bad" {
        let reason = table.value("status_description", row).map { " (\($0.onOneLine))" } ?? ""
        doubts.add(
          "marked bad in the BIDS channels table\(reason) and left out of the EMG; "
            + "choose it by its number to use it", channel: name)
        if recording.channels[index].role == .emg { recording.channels[index].role = .auxiliary }
      }
      electrodeOfChannel[index] = (
        table.value("signal_electrode", row) ?? name, table.value("group", row)
      )
    }
    let names = recording.channels.map(\.name)
    if Set(names).count < names.count {
      recording.warnings.append(
        "some channels have the same name; they are matched with the BIDS channels table by order")
    }
    recording.warnings += doubts.warnings
    for (doubt, count) in unitDoubts.sorted(by: { $0.key < $1.key }) {
      recording.warnings.append("\(doubt) (\(count) channels)")
    }
    if let electrodes = try nearest("electrodes").map({ try TabSeparatedTable(path: $0.path) }) {
      let layout = BIDSElectrodes(
        table: electrodes, electrodeOfChannel: electrodeOfChannel,
        isMillimetres: { try usesMillimetres(system: $0) },
        distance: number(description["InterelectrodeDistance"]))
      let grids = try layout.grids(
        channels: recording.emgChannels, warnings: &recording.warnings)
      if !grids.isEmpty { recording.electrodeGrids = grids }
    }
  }

  /// The row of the channels table of each channel, nil where nothing tells it.
  ///
  /// By order where the table has a row for each signal and all names agree (names may repeat:
  /// two grids with electrodes E1 to E64 each), else by name, a repeated name by its turn.
  private static func rows(
    of names: [String], places: [Int], storedCount: Int, in table: TabSeparatedTable
  ) -> [Int?] {
    if table.count == storedCount,
      zip(names, places).allSatisfy({ table.value("name", $1) == $0.trimmingWhitespace() })
    {
      return places.map { $0 }
    }
    var turns: [String: Int] = [:]
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    return names.map { name in
      let turn = turns[name, default: 0]
      turns[name] = turn + 1
      let found = table.rows(named: name)
      return found.count == counts[name] ? found[turn] : nil
    }
  }

  /// The EDF header's unit wins; the sidecar's is taken where the header states none.
  private func applyUnit(
    _ text: String?, to channel: inout Channel, doubts: inout [String: Int]
  ) {
    guard let text, let stated = PhysicalUnit.parse(text) else { return }
    if channel.gainProvenance.hasSuffix("header without unit") {
      // Only a unit without a factor can be set here: the samples are already laid out.
      if stated.factor == 1 {
        channel.unit = stated.unit
        channel.gainProvenance = "BIDS channels table [\(text)]"
      } else {
        doubts[
          "the EDF header states no unit and the BIDS channels table \(text); state the unit",
          default: 0] += 1
      }
    } else if channel.unit.isVoltage {
      if stated.unit != .microvolt || stated.factor != 1 {
        doubts[
          "the BIDS channels table says \(text) where the EDF header's values were read as uV; "
            + "the header is taken, check that the amplitudes are plausible", default: 0] += 1
      }
    } else if channel.unit != stated.unit {
      doubts[
        "the BIDS channels table says \(text), the EDF header \(channel.unit.symbol); the header is taken",
        default: 0] += 1
    }
  }

  /// The metadata of all applicable `.json` files, nearer ones going before.
  private func metadata() throws -> [String: Any] {
    var merged: [String: Any] = [:]
    for folder in folders.reversed() {
      for url in candidates(in: folder, ending: suffix, extension: "json") {
        let bytes = try FileBytes(path: url.path).all(limit: 1 << 22)
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        else {
          throw RecordingError(.malformed, path: url.path, "is not a JSON object")
        }
        merged.merge(object) { $1 }
      }
    }
    return merged
  }

  private func usesMillimetres(system: String?) throws -> Bool {
    for folder in folders {
      let all = candidates(in: folder, ending: "coordsystem", extension: "json", extra: "space-")
      let named = all.filter { url in
        guard let system else { return true }
        return url.lastPathComponent.contains("space-\(system)_") || all.count == 1
      }
      for url in named {
        let bytes = try FileBytes(path: url.path).all(limit: 1 << 22)
        let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        return (object?["EMGCoordinateUnits"] as? String) == "mm"
      }
    }
    return false
  }

  /// The applicable file nearest to the data file with the most entities.
  private func nearest(_ kind: String) -> URL? {
    for folder in folders {
      let found = candidates(in: folder, ending: kind, extension: "tsv")
      if let best = found.last { return best }
    }
    return nil
  }

  /// Files whose entities are all among the data file's, fewest entities first.
  private func candidates(
    in folder: URL, ending: String, extension wanted: String, extra: String? = nil
  ) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let matches = names.filter { name in
      guard name.hasSuffix(".\(wanted)") else { return false }
      let parts = name.dropLast(wanted.count + 1).split(separator: "_").map { String($0) }
      guard parts.last == ending else { return false }
      return parts.dropLast().allSatisfy { part in
        entities.contains(part) || (extra.map { part.hasPrefix($0) } ?? false)
      }
    }
    return matches.sorted {
      ($0.split(separator: "_").count, $0) < ($1.split(separator: "_").count, $1)
    }.map { folder.appendingPathComponent($0) }
  }

  private func number(_ value: Any?) -> Double? {
    if let number = value as? NSNumber { return number.doubleValue }
    return (value as? String).flatMap { Double($0) }
  }

  private func remarks(_ description: [String: Any]) -> [String] {
    let keys = [
      "TaskName", "PowerLineFrequency", "EMGReference", "EMGGround", "HardwareFilters",
      "SoftwareFilters", "Manufacturer", "ManufacturersModelName", "RecordingType",
    ]
    return keys.compactMap { key in
      guard let value = description[key] else { return nil }
      if let text = value as? String { return "\(key): \(text.onOneLine)" }
      if let number = value as? NSNumber { return "\(key): \(number)" }
      return nil
    }
  }

  /// The role behind a BIDS channel type; nil leaves the role as it is.
  private static func role(ofType type: String) -> ChannelRole? {
    switch type.uppercased() {
    case "EMG": .emg
    case "TRIG", "TRIGGER": .trigger
    case "N/A", "": nil
    default: .auxiliary
    }
  }
}
