import Foundation

/// Writes a recording as a BIDS-EMG dataset of its own (Brain Imaging Data Structure 1.11).
public enum BIDSDatasetWriter {
  /// The parts of the file names, in the order that the standard wants.
  private static let order = ["sub", "ses", "task", "acq", "run", "recording"]
  private static let version = "1.11.1"

  /// The entities of a name such as `sub-01_ses-2_task-hold`, in the order of the standard; nil where
  /// it is none, or names no subject or no task.
  public static func entities(_ name: String) -> [(key: String, label: String)]? {
    var found: [String: String] = [:]
    for part in name.split(separator: "_", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, order.contains(String(pair[0])), found[String(pair[0])] == nil,
        !pair[1].isEmpty, pair[1].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
      else { return nil }
      found[String(pair[0])] = String(pair[1])
    }
    guard found["sub"] != nil, found["task"] != nil else { return nil }
    return order.compactMap { key in found[key].map { (key, $0) } }
  }

  /// Fills an empty folder with the dataset: the signal as BDF+ and all files beside it.
  ///
  /// What the standard asks for and a recording does not tell (reference, filters, mains frequency)
  /// is `n/a`. Channels are renamed where their names repeat. Gaps are refused.
  ///
  /// - `folder`: the root of the dataset, which exists.
  /// - `name`: entities such as `sub-01_task-hold`, as `entities` understands them.
  /// - `software`: name and version of the program that writes.
  /// - Throws: `RecordingError`.
  public static func write(
    _ recording: Recording, to folder: String, name: String,
    software: (name: String, version: String)
  ) throws {
    guard let entities = entities(name) else {
      throw RecordingError(
        .cannotWrite, path: folder, "\(name.quoted) is no name of a BIDS recording",
        remedy: "name it as in sub-01_task-hold or sub-01_ses-2_task-hold_run-1")
    }
    let recording = withUniqueNames(recording)
    let labels = Dictionary(uniqueKeysWithValues: entities)
    let session = labels["ses"].map { "_ses-\($0)" } ?? ""
    let subject = "sub-\(labels["sub"] ?? "")"
    let place =
      folder + "/" + subject + (labels["ses"].map { "/ses-\($0)" } ?? "") + "/emg"
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    } catch {
      throw RecordingError(.cannotWrite, path: folder, "the folders of the dataset cannot be made")
    }
    let stem = place + "/" + entities.map { "\($0.key)-\($0.label)" }.joined(separator: "_")
    try EDFWriter.write(recording, to: stem + "_emg.bdf", configuration: .init(isBDF: true))
    try json(description(software), to: folder + "/dataset_description.json")
    try AtomicFile.write(
      "# Electromyogram\n\nOne recording, converted by \(software.name) \(software.version) from "
        + "a file of the format \(recording.source.formatName).\n", to: folder + "/README.md")
    // What this program keeps to know its own results again is no part of the standard.
    try AtomicFile.write("\(OutputPlace.manifestName)\n", to: folder + "/.bidsignore")
    try AtomicFile.write("participant_id\n\(subject)\n", to: folder + "/participants.tsv")
    try json(metadata(recording, task: labels["task"] ?? ""), to: stem + "_emg.json")
    try AtomicFile.write(channelTable(recording), to: stem + "_channels.tsv")
    if !recording.electrodeGrids.isEmpty {
      let shared = "\(place)/\(subject)\(session)"
      try AtomicFile.write(electrodeTable(recording), to: shared + "_electrodes.tsv")
      let hasDistance = recording.electrodeGrids.allSatisfy {
        $0.interElectrodeDistanceMillimetres != nil
      }
      try json(
        [
          "EMGCoordinateSystem": "Other", "EMGCoordinateUnits": hasDistance ? "mm" : "n/a",
          "EMGCoordinateSystemDescription":
            "Of each grid on its own: x across its columns, y along its rows"
            + (hasDistance ? ", in millimetres" : ", in steps between electrodes"),
        ], to: shared + "_coordsystem.json")
    }
    if !recording.annotations.isEmpty {
      var lines = ["onset\tduration\ttrial_type"]
      for annotation in recording.annotations {
        let text = annotation.text.onOneLine.replacingOccurrences(of: "\t", with: " ")
        lines.append(
          "\(annotation.onset)\t\(annotation.duration.map { "\($0)" } ?? "n/a")\t"
            + (text.isEmpty ? "n/a" : text))
      }
      try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: stem + "_events.tsv")
    }
  }

  private static func json(_ object: [String: Any], to path: String) throws {
    guard
      let data = try? JSONSerialization.data(
        withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    else { throw RecordingError(.cannotWrite, path: path, "holds a number that is none") }
    try AtomicFile.write(data, to: path)
  }

  private static func description(_ software: (name: String, version: String)) -> [String: Any] {
    [
      "Name": "Electromyogram", "BIDSVersion": version, "DatasetType": "raw",
      "GeneratedBy": [["Name": software.name, "Version": software.version]],
    ]
  }

  private static func metadata(_ recording: Recording, task: String) -> [String: Any] {
    var result: [String: Any] = [
      "TaskName": task, "EMGPlacementScheme": "Other",
      "EMGPlacementSchemeDescription": "not stated in the recording", "EMGReference": "n/a",
      "SamplingFrequency": recording.samplingRate, "PowerLineFrequency": "n/a",
      "SoftwareFilters": "n/a", "RecordingType": "continuous",
      "RecordingDuration": recording.duration,
      "EMGChannelCount": recording.emgChannels.count,
      "TriggerChannelCount": recording.channels(of: .trigger).count,
      "MISCChannelCount": recording.channels.count - recording.emgChannels.count
        - recording.channels(of: .trigger).count,
    ]
    let distances = Set(recording.electrodeGrids.map(\.interElectrodeDistanceMillimetres))
    if distances.count == 1, let distance = distances.first, let distance {
      result["InterelectrodeDistance"] = distance
    }
    return result
  }

  private static func type(_ role: ChannelRole) -> String {
    switch role {
    case .emg: "EMG"
    case .trigger: "TRIG"
    case .force, .auxiliary, .storedFirings, .storedSource: "MISC"
    }
  }

  private static func channelTable(_ recording: Recording) -> String {
    let gridOf = gridNames(recording)
    var lines = ["name\ttype\tunits\tsampling_frequency\tsignal_electrode\tgroup"]
    for (index, channel) in recording.channels.enumerated() {
      let unit =
        switch channel.unit {
        case .relative, .dimensionless: "n/a"
        case .newtonMetre: "N.m"
        case .percentMVC: "%"
        default: channel.unit.symbol
        }
      lines.append(
        [
          channel.name, type(channel.role), unit, "\(channel.samplingRate)",
          gridOf[index] == nil ? "n/a" : channel.name, gridOf[index] ?? "n/a",
        ].joined(separator: "\t"))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The group of each channel that sits on a grid.
  private static func gridNames(_ recording: Recording) -> [Int: String] {
    var result: [Int: String] = [:]
    for (number, grid) in recording.electrodeGrids.enumerated() {
      for electrode in grid.electrodes { result[electrode.channel] = "grid\(number + 1)" }
    }
    return result
  }

  private static func electrodeTable(_ recording: Recording) -> String {
    var lines = ["name\tx\ty\tz\tgroup"]
    for (number, grid) in recording.electrodeGrids.enumerated() {
      let pitch = grid.interElectrodeDistanceMillimetres ?? 1
      for electrode in grid.electrodes {
        lines.append(
          "\(recording.channels[electrode.channel].name)\t"
            + "\(pitch * Double(electrode.position.column))\t"
            + "\(pitch * Double(electrode.position.row))\t0\tgrid\(number + 1)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The recording with names that are unique within the sixteen characters that the signal file has
  /// for them, and that hold no tabulator.
  private static func withUniqueNames(_ recording: Recording) -> Recording {
    var result = recording
    var taken: Set<String> = []
    for index in result.channels.indices {
      let ascii = String(
        String.UnicodeScalarView(
          result.channels[index].name.onOneLine.unicodeScalars.map {
            (33...126).contains($0.value) || $0 == " " ? $0 : "_"
          }))
      let prefix = prefix(result.channels[index], ascii)
      var name = String((prefix + ascii.trimmingWhitespace()).prefix(16)).trimmingWhitespace()
      if name.isEmpty || !taken.insert(name).inserted {
        let number = " \(index + 1)"
        name = (name.prefix(16 - number.count) + number).trimmingWhitespace()
        taken.insert(name)
      }
      result.channels[index].name = name
    }
    return result
  }

  /// What the signal file puts before a name that does not tell the role: here it is part of it.
  private static func prefix(_ channel: Channel, _ name: String) -> String {
    let unit = channel.unit == .relative ? nil : channel.unit
    if ChannelRole.guess(name: name, unit: unit) == channel.role { return "" }
    switch channel.role {
    case .emg: return "EMG "
    case .force: return "Force "
    case .trigger: return "Trigger "
    case .auxiliary, .storedFirings, .storedSource: return "Aux "
    }
  }
}
