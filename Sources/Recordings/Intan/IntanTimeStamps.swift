/// The time stamps at the start of each block, which show where samples are missing.
struct IntanTimeStamps {
  let file: FileBytes
  /// Offset of the first stamp.
  let start: Int
  /// Bytes from stamp to stamp.
  let stride: Int
  /// Samples from stamp to stamp.
  let step: Int
  let count: Int
  let isSigned: Bool

  /// Most interruptions that are told apart.
  private static let limit = 10_000

  private func stamp(_ index: Int) throws -> Int {
    var cursor = ByteCursor(try file.read(at: start + index * stride, count: 4))
    let value = try cursor.uint32()
    return isSigned ? Int(Int32(bitPattern: value)) : Int(value)
  }

  /// The interruptions, and what is wrong with the stamps.
  ///
  /// A stretch whose ends are as far apart as its samples has none inside: it is not looked at, so
  /// that long recordings cost a few reads.
  func gaps(samplingRate: Double) throws -> (gaps: [Gap], doubt: String?) {
    var gaps: [Gap] = []
    var lost = 0
    let first = try stamp(0)
    var open = [(low: 0, high: count - 1)]
    while let (low, high) = open.popLast() {
      guard high > low else { continue }
      let missing = try stamp(high) - stamp(low) - (high - low) * step
      if missing == 0 { continue }
      guard missing > 0 else {
        return ([], "the time stamps run back after block \(low + 1); they are not used")
      }
      guard high - low == 1 else {
        let middle = (low + high) / 2
        open.append((middle, high))
        open.append((low, middle))
        continue
      }
      guard gaps.count < Self.limit else {
        return ([], "the time stamps jump more than \(Self.limit) times; they are not used")
      }
      let position = high * step
      gaps.append(
        Gap(
          position: Double(position) / samplingRate,
          onset: Double(position + lost) / samplingRate,
          duration: Double(missing) / samplingRate))
      lost += missing
    }
    return (gaps, first < 0 ? "the recording starts \(-first) samples before its trigger" : nil)
  }
}
