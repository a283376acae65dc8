import Foundation

/// The layout of OTB+: `NAME.sig` (all channels interleaved) described by `NAME.xml` (a `Device` with
/// `Channels/Adapter/Channel`), processed tracks in `*.sip` (float64) described by `*.pro`.
enum OTBPlusDevice {
  /// Reads the acquisition of an archive; throws `RecordingError`.
  static func recording(_ session: inout OTBSession) throws -> Recording {
    let archive = session.archive
    var pairs: [(signal: MemberArchive.Member, description: MemberArchive.Member)] = []
    for signal in archive.members where signal.fileName.lowercased().hasSuffix(".sig") {
      if let description = archive.member(named: String(signal.name.dropLast(4)) + ".xml") {
        pairs.append((signal, description))
      }
    }
    // Signals that were imported from another session follow the first one.
    guard let pair = pairs.max(by: { $0.signal.count < $1.signal.count }) else {
      throw RecordingError(
        .malformed, path: session.path, "holds signals but no description of them (NAME.xml)")
    }
    if pairs.count > 1 {
      session.warnings.append(
        "holds \(pairs.count) acquisitions; the longest, \(pair.signal.name), is read")
    }
    session.known.insert(pair.description.name)
    let device = try archive.document(pair.description)
    let patient = archive.member(named: "patient.xml").flatMap { try? archive.document($0) }
    // Of the patient's document only what tells the recording, never the person.
    let times = patient?.all("time").first?.text
    session.startTime = OTBSession.date(times)
    let seconds = OTBSession.number(patient?.all("duration").first?.text)
    try read(device, pair.signal, place: pair.description.name, seconds: seconds, &session)
    readProcessed(&session)
    return try session.recording("OTB+")
  }

  private static func read(
    _ device: XMLElement, _ signal: MemberArchive.Member, place: String, seconds: Double?,
    _ session: inout OTBSession
  ) throws {
    func malformed(_ problem: String) -> RecordingError {
      RecordingError(.malformed, path: session.path, place: "member \(place)", problem)
    }
    let name = device.attribute("Name").map { String($0.prefix { $0 != ";" }) } ?? ""
    let limit = RecordingLimits.channelCount.upperBound
    guard device.isNamed("Device"),
      let count = OTBSession.whole(device.attribute("DeviceTotalChannels"), atMost: limit),
      count > 0
    else {
      throw malformed(
        "states no number of channels (Device DeviceTotalChannels) from 1 to \(limit)")
    }
    guard let bits = OTBSession.whole(device.attribute("ad_bits"), atMost: 64),
      [16, 24, 32].contains(bits)
    else {
      throw malformed(
        "states \(device.attribute("ad_bits")?.quoted ?? "no") bits of a sample (ad_bits), expected "
          + "16, 24 or 32")
    }
    let rate = try session.rate(
      stated: OTBSession.number(device.attribute("SampleFrequency")), place: place)
    var stream = OTBStream(member: signal, channelCount: count, width: .int16)
    if bits == 32 { stream.width = .int32 }
    if bits == 24 { stream.width = width24(stream, seconds: seconds.map { $0 * rate }, &session) }
    let index = try session.add(stream, place: place)
    if !name.isEmpty { session.remarks.append("device: \(name)") }

    var taken: Set<Int> = []
    let adapters = device.all("Adapter")
    for adapter in adapters {
      let identifier = adapter.attribute("ID").map { String($0.prefix { $0 != ";" }) } ?? ""
      let start = OTBSession.whole(adapter.attribute("ChannelStartIndex"), atMost: limit) ?? 0
      let adapterGain = OTBSession.number(adapter.attribute("Gain"))
      if let filters = filters(adapter) {
        session.remarks.append("filters of \(identifier): \(filters)")
      }
      var members: [Int] = []
      var code = adapter.attribute("Description") ?? ""
      for element in adapter.all("Channel") {
        let place =
          start + (OTBSession.whole(element.attribute("Index"), atMost: limit) ?? limit)
        guard place < count, taken.insert(place).inserted else {
          session.warnings.append(
            "a channel of \(identifier.quoted) has no place of its own among the \(count) channels "
              + "and is left out")
          continue
        }
        let texts = ["ID", "Prefix", "Description"].compactMap { element.attribute($0) }
        if let own = texts.first(where: { GridGeometry.makersCode(in: $0) != nil }) { code = own }
        let gain =
          (OTBSession.number(element.attribute("Gain")) ?? 1) * (adapterGain ?? 1)
        let conversion = OTBConversion(device: name, adapter: identifier, gain: gain, bits: bits)
        let label = label(element, adapter: identifier, number: place + 1)
        session.doubts.add(conversion.doubt, channel: label)
        members.append(session.channels.count)
        session.add(
          name: label, unit: conversion.isVoltage ? "mV" : "", factor: conversion.factor,
          source: conversion.source,
          role: role(texts, adapter: identifier, isVoltage: conversion.isVoltage, code: code),
          rate: rate, stream: index, index: place)
      }
      session.layGrid(code: code, channels: members)
    }
    if taken.count < count {
      session.warnings.append(
        "\(count - taken.count) of \(count) channels are not described in \(place) and left out")
    }
  }

  /// 24 bits are packed in three bytes or stored in four: the stated duration tells, else the size.
  private static func width24(
    _ stream: OTBStream, seconds samples: Double?, _ session: inout OTBSession
  ) -> OTBStream.Width {
    func distance(_ width: OTBStream.Width) -> Double {
      var other = stream
      other.width = width
      return samples.map { abs(Double(other.statedCount) - $0) / max($0, 1) } ?? 1
    }
    if min(distance(.int24), distance(.int32)) < 0.05 {
      return distance(.int24) < distance(.int32) ? .int24 : .int32
    }
    let size = stream.member.statedCount
    let fits = (
      packed: size % (3 * stream.channelCount) == 0, wide: size % (4 * stream.channelCount) == 0
    )
    if fits.wide && !fits.packed { return .int32 }
    if fits.wide == fits.packed {
      session.warnings.append(
        "values of 24 bits are taken as packed in three bytes, which the file does not tell; look "
          + "whether the signal is plausible")
    }
    return .int24
  }

  /// Muscle, what is plugged in, and the channel's number, as the maker's exports name channels.
  private static func label(_ channel: XMLElement, adapter: String, number: Int) -> String {
    let isStated: (String?) -> String? = { text in
      text.flatMap { $0.lowercased() == "not defined" ? nil : $0 }
    }
    let parts = [
      isStated(channel.attribute("Muscle")), isStated(channel.attribute("Side")),
      isStated(channel.attribute("Prefix")), isStated(channel.attribute("ID")) ?? adapter,
    ].compactMap { $0 }
    return (parts.filter { !$0.isEmpty } + ["\(number)"]).joined(separator: " ")
  }

  private static func role(
    _ texts: [String], adapter: String, isVoltage: Bool, code: String
  ) -> ChannelRole? {
    let text = (texts + [adapter]).joined(separator: " ")
    if GridGeometry.makersCode(in: code) != nil, isVoltage, !adapter.hasPrefix("Adapter") {
      return .emg
    }
    if adapter == "AdapterLoadCell" || text.lowercased().contains("load cell") { return .force }
    let guess = ChannelRole.guess(name: text, unit: nil)
    if !isVoltage { return guess == .trigger ? .trigger : .auxiliary }
    // What is plugged into the auxiliary input is no EMG unless it says so.
    if adapter.hasPrefix("Direct connection"), guess == .emg {
      return text.lowercased().contains("emg") ? .emg : .auxiliary
    }
    return guess
  }

  private static func filters(_ adapter: XMLElement) -> String? {
    let high = adapter.attribute("HighPassFilter")
    let low = adapter.attribute("LowPassFilter")
    if high == nil && low == nil { return nil }
    return "high pass \(high ?? "unknown"), low pass \(low ?? "unknown") Hz"
  }

  /// `*.sip` with `*.pro`: one processed track of float64 each, such as the path of a feedback.
  private static func readProcessed(_ session: inout OTBSession) {
    for member in session.archive.members where member.fileName.lowercased().hasSuffix(".sip") {
      guard let name = session.archive.member(named: String(member.name.dropLast(4)) + ".pro"),
        let document = try? session.archive.document(name)
      else { continue }
      session.known.insert(name.name)
      guard let track = OTBProcessedTrack(document), member.count >= 8 else { continue }
      let stream = OTBStream(member: member, channelCount: 1, width: .float64)
      guard let index = try? session.add(stream, place: member.name) else { continue }
      session.add(
        name: track.title, unit: track.unit, factor: 1, source: "processed track", role: track.role,
        rate: track.samplingRate, stream: index, index: 0)
    }
  }
}

/// What the description of a processed track tells: only a stated rate makes it a channel.
struct OTBProcessedTrack {
  var title: String
  var unit: String
  var samplingRate: Double
  var role: ChannelRole

  init?(_ document: XMLElement) {
    func first(_ names: [String]) -> String? {
      for name in names {
        if let found = document.all(name).first(where: { !$0.text.isEmpty }) { return found.text }
        if let value = document.attribute(name) { return value }
      }
      return nil
    }
    guard
      let rate = OTBSession.number(
        first(["SamplingFrequency", "SampleFrequency", "Fsample", "fsamp"])),
      RecordingLimits.samplingRate.contains(rate)
    else { return nil }
    samplingRate = rate
    title = first(["Title", "Name", "Description"]) ?? "processed track"
    unit = first(["UnitOfMeasurement", "Unit"]) ?? ""
    let guess = ChannelRole.guess(name: title, unit: PhysicalUnit.parse(unit)?.unit)
    role = guess == .emg ? .auxiliary : guess
  }
}
