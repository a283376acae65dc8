/// Samples of an EDF or BDF file, decoded from its data records when they are asked for.
struct EDFSamples: SampleSource {
  /// Where one channel lies in a record and how its values are scaled.
  struct Layout: Sendable {
    var samplesPerRecord: Int
    var offsetInRecord: Int
    var gain: Double
    var offset: Double
    /// The bits of a digital value that count, taken as an unsigned number; nil takes the value.
    var mask: UInt32?
  }

  let bytes: FileBytes
  let headerCount: Int
  let bytesPerRecord: Int
  let bytesPerSample: Int
  let layouts: [Layout]

  /// Most bytes read at once.
  private static let blockCount = 1 << 20

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: channels.count)
    // Channels with the same number of samples per record need the same records.
    let groups = Dictionary(grouping: channels.indices) { layouts[channels[$0]].samplesPerRecord }
    for (perRecord, places) in groups {
      let first = range.lowerBound / perRecord
      let end = (range.upperBound + perRecord - 1) / perRecord
      for place in places { result[place].reserveCapacity(range.count) }
      let wanted = places.count * perRecord * bytesPerSample
      let takesWholeRecords = bytesPerRecord <= 4096 || wanted * 4 >= bytesPerRecord
      let step = takesWholeRecords ? max(1, Self.blockCount / bytesPerRecord) : 1
      var record = first
      while record < end {
        let count = min(step, end - record)
        let start = headerCount + record * bytesPerRecord
        let block =
          takesWholeRecords ? try bytes.read(at: start, count: count * bytesPerRecord) : []
        for place in places {
          let layout = layouts[channels[place]]
          let offset = layout.offsetInRecord * bytesPerSample
          let part =
            takesWholeRecords
            ? block : try bytes.read(at: start + offset, count: perRecord * bytesPerSample)
          for index in 0..<count {
            let sample = (record + index) * perRecord
            let from = max(range.lowerBound - sample, 0)
            let to = min(range.upperBound - sample, perRecord)
            let base = takesWholeRecords ? index * bytesPerRecord + offset : 0
            decode(part, base: base, from: from, to: to, layout, into: &result[place])
          }
        }
        record += count
      }
    }
    return result
  }

  private func decode(
    _ block: [UInt8], base: Int, from: Int, to: Int, _ layout: Layout, into result: inout [Float]
  ) {
    if let mask = layout.mask {
      for index in from..<to {
        let at = base + bytesPerSample * index
        var word = UInt32(block[at]) | UInt32(block[at + 1]) << 8
        if bytesPerSample == 3 { word |= UInt32(block[at + 2]) << 16 }
        result.append(Float(word & mask))
      }
    } else if bytesPerSample == 2 {
      for index in from..<to {
        let at = base + 2 * index
        let digital = Int16(bitPattern: UInt16(block[at]) | UInt16(block[at + 1]) << 8)
        result.append(Float(Double(digital) * layout.gain + layout.offset))
      }
    } else {
      for index in from..<to {
        let at = base + 3 * index
        let word = UInt32(block[at]) | UInt32(block[at + 1]) << 8 | UInt32(block[at + 2]) << 16
        let digital = Int32(bitPattern: word << 8) >> 8
        result.append(Float(Double(digital) * layout.gain + layout.offset))
      }
    }
  }
}
