/// Bytes of an Intan RHD2000 file, written by the layout that its maker publishes.
struct IntanBytes {
  var version = (major: 2, minor: 0)
  var samplingRate: Float = 20_000
  var notch = 1
  var boardMode = 1
  var notes = ["first note", "", ""]
  var temperatureSensors = 1
  /// Signal type, native name, custom name, native order, whether it is enabled.
  var channels: [(type: Int, native: String, custom: String, order: Int, enabled: Bool)] = []

  var samplesPerBlock: Int { version.major >= 2 ? 128 : 60 }

  private func has(_ major: Int, _ minor: Int) -> Bool { version >= (major, minor) }

  var header: [UInt8] {
    var bytes: [UInt8] = [0x02, 0x27, 0x91, 0xC6]
    func word(_ value: Int) -> [UInt8] { IntanBytes.word(value) }
    func float(_ value: Float) -> [UInt8] {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
    func text(_ text: String) -> [UInt8] {
      // The maker's programs write a missing text where there is none.
      if text.isEmpty { return [255, 255, 255, 255] }
      let units = Array(text.utf16)
      return withUnsafeBytes(of: UInt32(2 * units.count).littleEndian) { Array($0) }
        + units.flatMap { word(Int($0)) }
    }
    bytes += word(version.major) + word(version.minor) + float(samplingRate)
    bytes += word(1) + float(1) + float(10) + float(7500) + float(1) + float(10) + float(7500)
    bytes += word(notch) + float(1000) + float(1000)
    bytes += notes.flatMap { text($0) }
    if has(1, 1) { bytes += word(temperatureSensors) }
    if has(1, 3) { bytes += word(boardMode) }
    if has(2, 0) { bytes += text("A-010") }
    bytes += word(2)
    bytes += text("Port B") + text("B") + word(0) + word(0) + word(0)
    bytes += text("Port A") + text("A") + word(1) + word(channels.count) + word(0)
    for channel in channels {
      bytes += text(channel.native) + text(channel.custom) + word(channel.order)
      bytes += word(channel.order) + word(channel.type) + word(channel.enabled ? 1 : 0)
      bytes += [UInt8](repeating: 0, count: 20)
    }
    return bytes
  }

  static func word(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }

  /// Blocks; `value` gives the word of an enabled channel (by place among all) at its own sample,
  /// `stamp` the time stamp of the first sample of a block.
  func bytes(
    blocks: Int, stamp: ((Int) -> Int)? = nil, _ value: (_ channel: Int, _ sample: Int) -> Int
  ) -> [UInt8] {
    let perBlock = samplesPerBlock
    var bytes = header
    for block in 0..<blocks {
      let start = stamp?(block) ?? block * perBlock
      for sample in 0..<perBlock {
        bytes += withUnsafeBytes(of: Int32(start + sample).littleEndian) { Array($0) }
      }
      for (type, count) in [(0, perBlock), (1, perBlock / 4), (2, 1)] {
        for (index, channel) in channels.enumerated() where channel.type == type && channel.enabled
        {
          for sample in 0..<count { bytes += Self.word(value(index, block * count + sample)) }
        }
      }
      if has(1, 1) {
        for _ in 0..<temperatureSensors { bytes += Self.word(2500) }
      }
      for (index, channel) in channels.enumerated() where channel.type == 3 && channel.enabled {
        for sample in 0..<perBlock { bytes += Self.word(value(index, block * perBlock + sample)) }
      }
      for type in [4, 5] {
        let lines = channels.indices.filter { channels[$0].type == type && channels[$0].enabled }
        if lines.isEmpty { continue }
        for sample in 0..<perBlock {
          let word = lines.reduce(0) { word, index in
            word | (value(index, block * perBlock + sample) & 1) << channels[index].order
          }
          bytes += Self.word(word)
        }
      }
    }
    return bytes
  }
}
