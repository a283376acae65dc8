import Foundation

/// The layout of OTB4: `Tracks_*.xml` and `TrapezoidalTracks_*.xml`, each an `ArrayOfTrackInfo` whose
/// tracks name a stream, their first channel in it, and how its values are scaled.
///
/// Value = stored * ADC_Range / 2^ADC_Nbits / Gain * UnitOfMeasurementFactor, in UnitOfMeasurement.
/// Values of eight bytes are physical as they are. Source: OTB-Matlab, OpenOTB4_v2.m.
struct OTB4Tracks {
  private let archive: MemberArchive
  private var documents: [(member: MemberArchive.Member, tracks: [XMLElement])] = []

  /// Whether a member of this name, without folders, describes tracks.
  static func isDescription(_ fileName: String) -> Bool {
    let name = fileName.lowercased()
    return name.hasSuffix(".xml")
      && (name.hasPrefix("tracks_") || name.hasPrefix("trapezoidaltracks_"))
  }

  /// Reads the descriptions; throws `RecordingError` naming member and line.
  init(_ archive: MemberArchive) throws {
    self.archive = archive
    for member in archive.members where Self.isDescription(member.fileName) {
      documents.append((member, try archive.document(member).all("TrackInfo")))
    }
  }

  /// The recording; throws `RecordingError`.
  func recording(_ session: inout OTBSession) throws -> Recording {
    var streams: [String: Int] = [:]
    var used: [String: Int] = [:]
    // Tracks of one stream that state no size of it share it among themselves.
    let counts = Dictionary(
      documents.flatMap(\.tracks).map { track in
        (
          track.text(of: "SignalStreamPath") ?? "",
          OTBSession.whole(
            track.text(of: "NumberOfChannels"), atMost: RecordingLimits.channelCount.upperBound)
            ?? 0
        )
      }, uniquingKeysWith: { min($0 + $1, RecordingLimits.channelCount.upperBound) })
    for (member, tracks) in documents {
      session.known.insert(member.name)
      for (number, element) in tracks.enumerated() {
        let place = "member \(member.name), track \(number + 1)"
        let name = element.text(of: "SignalStreamPath") ?? ""
        guard let signal = archive.member(named: name) else {
          session.warnings.append("\(place): its stream \(name.quoted) is not in the archive")
          continue
        }
        let track = try Track(
          element, total: counts[name] ?? 0,
          isTrapezoidal: member.fileName.first == "T"
            && member.fileName.lowercased().hasPrefix("trapezoidal"), path: session.path,
          place: place)
        let stream = OTBStream(
          member: signal, channelCount: track.totalChannels, width: track.width)
        if streams[name] == nil { streams[name] = try session.add(stream, place: place) }
        guard let index = streams[name], session.streams[index] == stream else {
          throw RecordingError(
            .malformed, path: session.path, place: place,
            "gives \(name) another number of channels or size of samples than a track before")
        }
        let first = track.firstChannel ?? used[name] ?? 0
        guard first + track.channelCount <= track.totalChannels else {
          throw RecordingError(
            .malformed, path: session.path, place: place,
            "takes channels \(first + 1) to \(first + track.channelCount) of \(name), which has "
              + "\(track.totalChannels)")
        }
        used[name] = first + track.channelCount
        try add(track, stream: index, first: first, place: place, &session)
        if session.startTime == nil {
          session.startTime = OTBSession.date(
            element["StringsDescriptions"]?.text(of: "StartDate"))
        }
      }
    }
    return try session.recording("OTB4")
  }

  private func add(
    _ track: Track, stream: Int, first: Int, place: String, _ session: inout OTBSession
  ) throws {
    let rate = try session.rate(stated: track.samplingRate, place: place)
    var members: [Int] = []
    for channel in 0..<track.channelCount {
      let name = track.name(of: channel)
      if let doubt = track.doubt { session.doubts.add(doubt, channel: name) }
      members.append(session.channels.count)
      session.add(
        name: name, unit: track.unit, factor: track.factor, source: track.source, role: track.role,
        rate: rate, stream: stream, index: first + channel)
    }
    if !track.device.isEmpty, !session.remarks.contains("device: \(track.device)") {
      session.remarks.append("device: \(track.device)")
    }
    if let grid = track.grid(members), track.role == nil || track.role == .emg,
      GridGeometry(code: track.texts) == nil
    {
      session.grids.append(grid)
    } else {
      session.layGrid(code: track.texts, channels: members)
    }
  }

  /// One `TrackInfo`.
  private struct Track {
    var device: String
    var title: String
    var subtitle: String
    var channelCount: Int
    var totalChannels: Int
    var firstChannel: Int?
    var width: OTBStream.Width
    var samplingRate: Double?
    var unit: String
    var factor: Double
    var source: String
    var doubt: String?
    var role: ChannelRole?
    private var labels: [String]
    private var map: (rows: Int, columns: Int, numbers: [Int], distance: Double?)?
    private var description: String

    /// All texts that may hold an array's code.
    var texts: String { [subtitle, title, description].joined(separator: " ") }

    init(
      _ element: XMLElement, total: Int, isTrapezoidal: Bool, path: String, place: String
    ) throws {
      func malformed(_ field: String, _ expected: String) -> RecordingError {
        RecordingError(
          .malformed, path: path, place: place,
          "found \((element.text(of: field) ?? "").quoted) as \(field), expected \(expected)")
      }
      let limit = RecordingLimits.channelCount.upperBound
      device = element.text(of: "Device").map { String($0.prefix { $0 != ";" }) } ?? ""
      title = element.text(of: "Title") ?? ""
      subtitle = element.text(of: "SubTitle") ?? ""
      guard let count = OTBSession.whole(element.text(of: "NumberOfChannels"), atMost: limit),
        count > 0
      else { throw malformed("NumberOfChannels", "1 to \(limit)") }
      channelCount = count
      if element.text(of: "TotalChannelsInFile") != nil {
        guard
          let stated = OTBSession.whole(element.text(of: "TotalChannelsInFile"), atMost: limit),
          stated > 0
        else { throw malformed("TotalChannelsInFile", "1 to \(limit)") }
        totalChannels = stated
      } else {
        totalChannels = max(count, total)
      }
      if element.text(of: "AcquisitionChannel") != nil {
        guard let first = OTBSession.whole(element.text(of: "AcquisitionChannel"), atMost: limit)
        else { throw malformed("AcquisitionChannel", "0 to \(limit)") }
        firstChannel = first
      }
      if element.text(of: "SampleSize") != nil {
        guard let bytes = OTBSession.whole(element.text(of: "SampleSize"), atMost: 64),
          let known = OTBStream.Width(rawValue: bytes)
        else { throw malformed("SampleSize", "2, 3, 4 or 8 bytes") }
        width = known
      } else {
        // Files of earlier versions tell it by the device alone.
        width = device == "Novecento+" ? .int32 : .int16
      }
      samplingRate = OTBSession.number(element.text(of: "SamplingFrequency"))
      let isControl = element.text(of: "IsControl")?.lowercased() == "true"
      let isProcessing = element.text(of: "IsProcessing")?.lowercased() == "true"
      unit = element.text(of: "UnitOfMeasurement") ?? ""
      let bits = OTBSession.whole(element.text(of: "ADC_Nbits"), atMost: 64) ?? 0
      let range = OTBSession.number(element.text(of: "ADC_Range")) ?? 1
      let gain = OTBSession.number(element.text(of: "Gain")) ?? 1
      let unitFactor = OTBSession.number(element.text(of: "UnitOfMeasurementFactor")) ?? 1
      factor = unitFactor
      source = "OTB4 unit factor \(unitFactor)"
      if width == .float64 {
        (factor, source) = (1, "OTB4 values of eight bytes")
      } else if bits > 0, gain == 0 {
        (factor, source, unit) = (1, "OTB4 stored values (gain 0)", "")
        doubt = "the file states a gain of 0, so values are as stored, without a scale"
      } else if bits > 0 {
        factor = range / Double(sign: .plus, exponent: bits, significand: 1) / gain * unitFactor
        source = "OTB4 \(range) / 2^\(bits) / \(gain) * \(unitFactor)"
      }
      guard factor.isFinite, RecordingLimits.scale.contains(abs(factor)) else {
        throw RecordingError(
          .malformed, path: path, place: place,
          "states a scale of \(factor) (ADC_Range \(range), Gain \(gain), factor \(unitFactor)), "
            + "which no recording has")
      }
      let layout = element["Description"]
      description = layout?.text(of: "Name") ?? layout?.text ?? ""
      labels = element["Channels"]?.children.map { $0.text(of: "Label") ?? "" } ?? []
      let guess = ChannelRole.guess(
        name: [title, subtitle].joined(separator: " "), unit: PhysicalUnit.parse(unit)?.unit)
      if isTrapezoidal || isControl || isProcessing {
        role = guess == .emg ? .auxiliary : guess
      } else if GridGeometry.makersCode(in: [title, subtitle, description].joined(separator: " "))
        != nil, PhysicalUnit.parse(unit)?.unit.isVoltage ?? true
      {
        role = .emg
      } else {
        role = guess == .emg && subtitle.lowercased().hasPrefix("quaternion") ? .auxiliary : guess
      }
      map = Self.map(layout, count: count)
    }

    /// The name of one channel: titles, and its own label or number where there are several.
    func name(of channel: Int) -> String {
      let titles = [title, subtitle].filter { !$0.isEmpty }.joined(separator: " ")
      let base = titles.isEmpty ? device : titles
      if channelCount == 1 { return base.isEmpty ? "1" : base }
      let label = labels.indices.contains(channel) ? labels[channel] : ""
      // A label that is only a number may count from 0 or 1; the place in the track is clear.
      return "\(base) \(label.isEmpty || Int(label) != nil ? "\(channel + 1)" : label)"
    }

    /// The layout that the file itself states, nil where it states none.
    func grid(_ channels: [Int]) -> ElectrodeGrid? {
      guard let map else { return nil }
      var electrodes: [ElectrodeGrid.Electrode] = []
      for (site, number) in map.numbers.enumerated() where number > 0 {
        electrodes.append(
          ElectrodeGrid.Electrode(
            channel: channels[number - 1],
            position: .init(row: site / map.columns, column: site % map.columns)))
      }
      return ElectrodeGrid(
        name: description, rows: map.rows, columns: map.columns,
        interElectrodeDistanceMillimetres: map.distance, electrodes: electrodes)
    }

    /// `NRow`, `NColumn` and `Map`, row by row, each channel of the track once, others 0 or below.
    private static func map(
      _ layout: XMLElement?, count: Int
    ) -> (rows: Int, columns: Int, numbers: [Int], distance: Double?)? {
      guard let layout, let rows = OTBSession.whole(layout.text(of: "NRow"), atMost: 64),
        let columns = OTBSession.whole(layout.text(of: "NColumn"), atMost: 64),
        rows > 0, columns > 0, rows * columns >= count,
        let lines = layout["Map"]?.all("ArrayOfInt"), lines.count == rows,
        lines.allSatisfy({ $0.all("int").count == columns })
      else { return nil }
      let numbers = lines.flatMap { $0.all("int") }.map { Int($0.text) ?? 0 }
      let positive = numbers.filter { $0 > 0 }
      guard positive.count == count, Set(positive) == Set(1...count) else { return nil }
      let distance = GridGeometry.makersCode(in: layout.text(of: "Name") ?? "")?.distance
      return (rows, columns, numbers, distance)
    }
  }
}
