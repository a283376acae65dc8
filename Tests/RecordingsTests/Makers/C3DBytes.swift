import Foundation

@testable import Recordings

/// Bytes of a C3D file, written by the published layout.
struct C3DBytes {
  enum Value {
    case text([String])
    case int16([Int])
    case float([Float])
  }

  var order = ByteCursor.Order.little
  var isFloat = false
  var points = 2
  var pointRate: Float = 100
  var samplesPerFrame = 10
  var channelCount = 3
  var frames = 20
  var firstFrame = 1
  var parameters: [(group: String, name: String, value: Value)] = []
  /// Events of the header block: seconds and four letters.
  var headerEvents: [(Float, String)] = []
  /// Last frame as the header states it; nil states the true one.
  var lastFrame: Int?

  func word(_ value: Int) -> [UInt8] {
    let bytes = [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    return order == .big ? bytes.reversed() : bytes
  }

  func float(_ value: Float) -> [UInt8] {
    var bits = (order == .vax ? value * 4 : value).bitPattern
    if order == .vax { bits = bits << 16 | bits >> 16 }
    return withUnsafeBytes(of: order == .big ? bits.bigEndian : bits.littleEndian) { Array($0) }
  }

  private var section: [UInt8] {
    var bytes: [UInt8] = [1, 0x50, 0, [.little: 84, .vax: 85, .big: 86][order] ?? 0]
    let groups = Array(Set(parameters.map(\.group))).sorted()
    for (index, group) in groups.enumerated() {
      bytes += [UInt8(group.utf8.count), UInt8(bitPattern: Int8(-1 - index))] + Array(group.utf8)
      bytes += word(3 + 4) + [4] + Array("text".utf8)
    }
    for parameter in parameters {
      let group = (groups.firstIndex(of: parameter.group) ?? 0) + 1
      var data: [UInt8] = []
      switch parameter.value {
      case .text(let texts):
        let width = texts.map(\.utf8.count).max() ?? 0
        data = [255, 2, UInt8(width), UInt8(texts.count)]
        for text in texts {
          data += Array(text.utf8) + [UInt8](repeating: 32, count: width - text.utf8.count)
        }
      case .int16(let values): data = [2, 1, UInt8(values.count)] + values.flatMap { word($0) }
      case .float(let values): data = [4, 1, UInt8(values.count)] + values.flatMap { float($0) }
      }
      data.append(0)
      bytes += [UInt8(parameter.name.utf8.count), UInt8(group)] + Array(parameter.name.utf8)
      bytes += word(2 + data.count) + data
    }
    bytes += [0, 0]
    let blocks = (bytes.count + 511) / 512
    bytes[2] = UInt8(blocks)
    return bytes + [UInt8](repeating: 0, count: 512 * blocks - bytes.count)
  }

  /// The file; `value` gives the stored number of a channel at its own sample.
  func bytes(_ value: (_ channel: Int, _ sample: Int) -> Float) -> [UInt8] {
    var file = self
    let needed: [(String, String, Value)] = [
      ("POINT", "USED", .int16([points])), ("POINT", "RATE", .float([pointRate])),
      ("POINT", "SCALE", .float([isFloat ? -0.1 : 0.1])),
      ("ANALOG", "USED", .int16([channelCount])),
      ("ANALOG", "RATE", .float([pointRate * Float(samplesPerFrame)])),
      ("POINT", "DATA_START", .int16([0])),
    ]
    for (group, name, value) in needed
    where !parameters.contains(where: { $0.group == group && $0.name == name }) {
      file.parameters.append((group, name, value))
    }
    let start = 2 + file.section.count / 512
    if let place = file.parameters.firstIndex(where: { $0.name == "DATA_START" }) {
      file.parameters[place].value = .int16([start])
    }
    var bytes: [UInt8] = [2, 0x50]
    bytes += word(points) + word(channelCount * samplesPerFrame) + word(firstFrame)
    bytes += word(lastFrame ?? (firstFrame + frames - 1)) + word(0) + float(isFloat ? -0.1 : 0.1)
    bytes += word(start) + word(samplesPerFrame) + float(pointRate)
    bytes += [UInt8](repeating: 0, count: 512 - bytes.count)
    if !headerEvents.isEmpty {
      bytes.replaceSubrange(298..<300, with: word(12345))
      bytes.replaceSubrange(300..<302, with: word(headerEvents.count))
      for (index, event) in headerEvents.enumerated() {
        bytes.replaceSubrange(304 + 4 * index..<308 + 4 * index, with: float(event.0))
        bytes.replaceSubrange(396 + 4 * index..<400 + 4 * index, with: Array(event.1.utf8))
      }
    }
    bytes += file.section
    func number(_ value: Float) -> [UInt8] { isFloat ? float(value) : word(Int(value)) }
    for frame in 0..<frames {
      for index in 0..<4 * points { bytes += number(Float(index)) }
      for sample in 0..<samplesPerFrame {
        for channel in 0..<channelCount {
          bytes += number(value(channel, frame * samplesPerFrame + sample))
        }
      }
    }
    return bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }
}
