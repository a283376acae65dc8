import Foundation
import Recordings

/// Writes recordings as NWB files (schema 2.8): EMG as an ElectricalSeries with its electrodes, every
/// other channel as a TimeSeries, stored discharges as Units.
public enum NWBWriter {
  /// The start of recordings without one, which the schema does not know.
  private static let time = "1970-01-01T00:00:00+00:00"

  /// Writes the file atomically, in bounded memory.
  ///
  /// EMG channels of one rate and length go into one series, in single precision and microvolts with
  /// a conversion to volts; relative ones keep no unit. Gaps are refused, since `rate` knows none.
  /// A recording without a start gets the first of January 1970, which the reader takes for none.
  ///
  /// - `channels`: the channels to write, nil takes all.
  /// - `units`: the units to write; nil takes the discharges that came with the recording.
  /// - Throws: `RecordingError`.
  public static func write(
    _ recording: Recording, to path: String, channels: [Int]? = nil, units: NWBUnits? = nil
  ) throws {
    let indices = channels ?? Array(recording.channels.indices)
    guard !indices.isEmpty, indices.allSatisfy({ recording.channels[$0].sampleCount > 0 }) else {
      throw RecordingError(.cannotWrite, path: path, "there are no samples to write")
    }
    guard recording.gaps.isEmpty else {
      throw RecordingError(
        .cannotWrite, path: path, "the recording has \(recording.gaps.count) gaps",
        remedy: "write its parts one by one")
    }
    let units = try units ?? recording.storedSpikes().map { NWBUnits($0) }
    let file = try AtomicFile(path: path)
    try MATFile.exclusively {
      let writer = try HDF5Writer(path: file.temporaryPath, finalPath: path)
      try Content(recording, indices, writer, units).write()
      try writer.finish()
    }
    try file.finish()
  }

  /// The attributes that make an object one of a type.
  static func typed(
    _ type: String, _ namespace: String = "core", _ more: [(String, HDF5Writer.Attribute)] = []
  ) -> [(String, HDF5Writer.Attribute)] {
    [
      ("neurodata_type", .text(type)), ("namespace", .text(namespace)),
      ("object_id", .text(UUID().uuidString.lowercased())),
    ] + more
  }

  /// The attributes of a column of a table.
  static func column(_ text: String) -> [(String, HDF5Writer.Attribute)] {
    typed("VectorData", "hdmf-common", [("description", .text(text))])
  }

  /// One file while it is written.
  private struct Content {
    let recording: Recording
    let indices: [Int]
    let writer: HDF5Writer
    let units: NWBUnits?
    /// The electrodes of the table, by row.
    let electrodes: [Int]

    init(
      _ recording: Recording, _ indices: [Int], _ writer: HDF5Writer, _ units: NWBUnits?
    ) {
      self.recording = recording
      self.indices = indices
      self.writer = writer
      self.units = units
      electrodes = indices.filter { recording.channels[$0].role == .emg }
    }

    private static let ecephys = "/general/extracellular_ephys"
    private static let table = ecephys + "/electrodes"

    func write() throws {
      try writer.set(
        NWBWriter.typed("NWBFile", "core", [("nwb_version", .text("2.8.0"))]), of: "/")
      for group in [
        "/acquisition", "/analysis", "/processing", "/stimulus", "/stimulus/presentation",
        "/stimulus/templates", "/general", "/general/devices",
      ] { try writer.group(group) }
      let start = recording.startTime.map { Self.text($0) } ?? NWBWriter.time
      try writer.texts("/file_create_date", [start])
      for (name, text) in [
        ("identifier", UUID().uuidString.lowercased()), ("session_start_time", start),
        ("timestamps_reference_time", start),
        (
          "session_description",
          recording.startTime == nil
            ? "Electromyogram; the time of its start is not known" : "Electromyogram"
        ),
      ] { try writer.texts("/" + name, [text], isScalar: true) }
      if !electrodes.isEmpty { try writeElectrodes() }
      try writeSeries()
      if let units {
        let first = electrodes.first.map { recording.channels[$0] }
        try units.write(
          to: writer, rate: first?.samplingRate ?? 0, start: first?.startSeconds ?? 0,
          electrodes: electrodes.count, electrodeTable: Self.table)
      }
    }

    private static func text(_ date: Date) -> String {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second, .nanosecond], from: date)
      return String(
        format: "%04d-%02d-%02dT%02d:%02d:%02d.%06d+00:00", parts.year ?? 1970, parts.month ?? 1,
        parts.day ?? 1, parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0,
        (parts.nanosecond ?? 0) / 1000)
    }

    // MARK: Electrodes

    private func writeElectrodes() throws {
      let device = "/general/devices/amplifier"
      try writer.group(
        device, NWBWriter.typed("Device", "core", [("description", .text("unknown"))]))
      try writer.group(Self.ecephys)
      // One group for each grid, and one for electrodes without a place.
      var groupOf: [Int: Int] = [:]
      for (number, grid) in recording.electrodeGrids.enumerated() {
        for electrode in grid.electrodes { groupOf[electrode.channel] = number + 1 }
      }
      let used = Set(electrodes.map { groupOf[$0] ?? 0 }).sorted()
      func groupName(_ number: Int) -> String { number == 0 ? "electrodes 0" : "grid \(number)" }
      for number in used {
        let name =
          number == 0 ? "electrodes of unknown place" : recording.electrodeGrids[number - 1].name
        let path = "\(Self.ecephys)/\(groupName(number))"
        try writer.group(
          path,
          NWBWriter.typed(
            "ElectrodeGroup", "core",
            [
              ("description", .text(name.isEmpty ? "electrode grid" : name)),
              ("location", .text("unknown")),
            ]))
        try writer.link("\(path)/device", to: device)
      }
      let positions = electrodes.map { channel -> (x: Double, y: Double)? in
        guard let number = groupOf[channel] else { return nil }
        let grid = recording.electrodeGrids[number - 1]
        guard let pitch = grid.interElectrodeDistanceMillimetres,
          let site = grid.position(ofChannel: channel)
        else { return nil }
        return (1000 * pitch * Double(site.column), 1000 * pitch * Double(site.row))
      }
      let hasPlaces = positions.contains { $0 != nil }
      try writer.group(
        Self.table,
        NWBWriter.typed(
          "DynamicTable", "hdmf-common",
          [
            ("description", .text("Electrodes of the electromyogram")),
            (
              "colnames",
              .texts(
                ["location", "group", "group_name", "label"]
                  + (hasPlaces ? ["rel_x", "rel_y"] : []))
            ),
          ]))
      try writer.numbers(
        Self.table + "/id", electrodes.indices.map { Double($0) }, as: .signed,
        NWBWriter.typed("ElementIdentifiers", "hdmf-common"))
      try writer.texts(
        Self.table + "/location", electrodes.map { _ in "unknown" }, NWBWriter.column("Muscle"))
      let names = electrodes.map { groupName(groupOf[$0] ?? 0) }
      try writer.references(
        Self.table + "/group", names.map { "\(Self.ecephys)/\($0)" },
        NWBWriter.column("Electrode group"))
      try writer.texts(
        Self.table + "/group_name", names, NWBWriter.column("Name of the electrode group"))
      try writer.texts(
        Self.table + "/label", electrodes.map { recording.channels[$0].name },
        NWBWriter.column("Name of the channel"))
      if hasPlaces {
        try writer.numbers(
          Self.table + "/rel_x", positions.map { $0?.x ?? .nan },
          NWBWriter.column("Place across the grid in micrometres"))
        try writer.numbers(
          Self.table + "/rel_y", positions.map { $0?.y ?? .nan },
          NWBWriter.column("Place along the grid in micrometres"))
      }
    }

    // MARK: Series

    private func writeSeries() throws {
      // Channels that share rate, length, start and unit make one series.
      struct Key: Hashable {
        var rate: Double
        var count: Int
        var start: Double
        var unit: PhysicalUnit
      }
      let groups = Dictionary(grouping: electrodes) { index in
        let channel = recording.channels[index]
        return Key(
          rate: channel.samplingRate, count: channel.sampleCount, start: channel.startSeconds,
          unit: channel.unit)
      }.values.sorted { $0[0] < $1[0] }
      for (number, members) in groups.enumerated() {
        let path =
          "/acquisition/ElectricalSeries" + (groups.count == 1 ? "" : "\(number + 1)")
        try writeOne(path, "ElectricalSeries", members, isList: false)
        try writer.numbers(
          path + "/electrodes", members.map { Double(electrodes.firstIndex(of: $0) ?? 0) },
          as: .signed,
          NWBWriter.typed(
            "DynamicTableRegion", "hdmf-common",
            [("description", .text("The electrodes")), ("table", .reference(Self.table))]))
      }
      var taken: Set<String> = []
      for index in indices where recording.channels[index].role != .emg {
        let clean = recording.channels[index].name.map { "/:".contains($0) ? "_" : $0 }
        var name = String(clean).trimmingWhitespace()
        if name.isEmpty || name.hasPrefix("ElectricalSeries") { name = "channel \(index + 1)" }
        while !taken.insert(name).inserted { name += " \(index + 1)" }
        try writeOne("/acquisition/\(name)", "TimeSeries", [index], isList: true)
      }
    }

    private func writeOne(_ path: String, _ type: String, _ members: [Int], isList: Bool) throws {
      let first = recording.channels[members[0]]
      try writer.group(
        path,
        NWBWriter.typed(
          type, "core",
          [
            (
              "description",
              .text(
                members.count == 1
                  ? "Channel \(first.name) (\(first.role.rawValue))"
                  : "Electromyogram of \(members.count) channels")
            ), ("comments", .text("no comments")),
          ]))
      try writer.samples(
        path + "/data", sampleCount: first.sampleCount, channelCount: members.count,
        isList: isList,
        [
          ("conversion", .number(first.unit.isVoltage ? 1e-6 : 1)), ("offset", .number(0)),
          ("resolution", .number(-1)), ("unit", .text(Self.unit(first.unit))),
        ]
      ) { try recording.samples(channels: members, range: $0) }
      try writer.numbers(
        path + "/starting_time", [first.startSeconds], isScalar: true,
        [("rate", .number(first.samplingRate)), ("unit", .text("seconds"))])
    }

    /// Units as the schema wants them; an ElectricalSeries is in volts.
    private static func unit(_ unit: PhysicalUnit) -> String {
      switch unit {
      case .microvolt: "volts"
      case .newton: "newtons"
      case .second: "seconds"
      case .relative: "a.u."
      default: unit.symbol
      }
    }
  }
}
