/// Samples of an Intan recording, decoded from blocks or from files of one kind of signal.
struct IntanSamples: SampleSource {
  /// Where the 16-bit words of one channel lie, and what they mean.
  struct Layout: Sendable {
    /// Index into the files.
    var file: Int
    /// Bytes before the first block.
    var start: Int
    /// Bytes from block to block.
    var bytesPerBlock: Int
    /// Words of the channel in a block.
    var samplesPerBlock: Int
    /// Bytes before the channel's first word in a block.
    var offset: Int
    /// Bytes from word to word inside a block.
    var stride: Int
    /// Words that stand for one sample: files of one kind repeat slow channels.
    var wordsPerSample = 1
    var meaning: Meaning
  }

  /// How a word becomes a physical value.
  enum Meaning: Sendable {
    /// (unsigned word - offset) * factor.
    case unsigned(offset: Double, factor: Double)
    /// Signed word * factor.
    case signed(factor: Double)
    /// One bit of the word.
    case bit(Int)
  }

  let files: [FileBytes]
  let layouts: [Layout]

  /// Most bytes read at once.
  private static let pieceCount = 1 << 20

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: channels.count)
    // Channels of one file with blocks of one shape share what is read.
    struct Key: Hashable {
      var file, bytesPerBlock, samplesPerBlock, wordsPerSample: Int
    }
    let groups = Dictionary(grouping: channels.indices) { place in
      let layout = layouts[channels[place]]
      return Key(
        file: layout.file, bytesPerBlock: layout.bytesPerBlock,
        samplesPerBlock: layout.samplesPerBlock, wordsPerSample: layout.wordsPerSample)
    }
    for (key, places) in groups {
      // The first word of each sample is all that is needed: the file may end after it.
      let words =
        range.lowerBound * key.wordsPerSample..<(range.upperBound - 1) * key.wordsPerSample + 1
      for place in places { result[place].reserveCapacity(range.count) }
      let end = (words.upperBound + key.samplesPerBlock - 1) / key.samplesPerBlock
      let step = max(1, Self.pieceCount / key.bytesPerBlock)
      var block = words.lowerBound / key.samplesPerBlock
      while block < end {
        let count = min(step, end - block)
        let start = layouts[channels[places[0]]].start + block * key.bytesPerBlock
        let bytes = try files[key.file].read(at: start, count: count * key.bytesPerBlock)
        for place in places {
          append(
            bytes, firstBlock: block, blockCount: count, words, layouts[channels[place]],
            to: &result[place])
        }
        block += count
      }
    }
    return result
  }

  private func append(
    _ bytes: [UInt8], firstBlock: Int, blockCount: Int, _ words: Range<Int>, _ layout: Layout,
    to values: inout [Float]
  ) {
    for block in 0..<blockCount {
      let first = (firstBlock + block) * layout.samplesPerBlock
      let from = max(words.lowerBound - first, 0)
      let to = min(words.upperBound - first, layout.samplesPerBlock)
      let base = block * layout.bytesPerBlock + layout.offset
      for index in from..<max(from, to)
      where layout.wordsPerSample == 1 || (first + index) % layout.wordsPerSample == 0 {
        let at = base + index * layout.stride
        let word = UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8
        switch layout.meaning {
        case .unsigned(let offset, let factor):
          values.append(Float((Double(word) - offset) * factor))
        case .signed(let factor): values.append(Float(Double(Int16(bitPattern: word)) * factor))
        case .bit(let bit): values.append(Float(word >> UInt16(bit) & 1))
        }
      }
    }
  }
}
