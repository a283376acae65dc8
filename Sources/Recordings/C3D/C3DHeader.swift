/// What the header block and the parameters of a C3D file say together, checked against its size.
struct C3DHeader {
  let parameters: C3DParameters
  let pointCount: Int
  let pointRate: Double
  let analogChannelCount: Int
  let samplesPerFrame: Int
  let analogRate: Double
  let isFloat: Bool
  /// Offset of the first frame.
  let dataStart: Int
  let frameCount: Int
  /// Remarks at times after the first frame.
  private(set) var events: [Annotation] = []
  private(set) var warnings: [String] = []

  private var wordSize: Int { isFloat ? 4 : 2 }
  /// Bytes before the analog samples of a frame: four numbers for each point.
  var analogOffset: Int { pointCount * 4 * wordSize }
  var bytesPerFrame: Int {
    analogOffset + analogChannelCount * samplesPerFrame * wordSize
  }

  init(_ file: SniffedFile) throws {
    func failure(_ place: String, _ problem: String) -> RecordingError {
      RecordingError(
        .malformed, path: file.path, place: place, problem,
        remedy: "copy the file again from its origin")
    }
    parameters = try C3DParameters(file.bytes, firstBlock: Int(file.head[0]))
    guard file.head.count >= 512 else { throw failure("byte \(file.head.count)", "ends early") }
    var head = ByteCursor(file.head.prefix(512), order: parameters.order)
    try head.go(to: 2)
    let points = Int(try head.word())
    let analogPerFrame = Int(try head.word())
    let (first, last) = (Int(try head.word()), Int(try head.word()))
    _ = try head.word()
    let headerScale = try head.float()
    let headerStart = Int(try head.word())
    let headerSamples = Int(try head.word())
    let headerRate = Double(try head.float())

    pointCount = parameters.count("POINT:USED") ?? points
    let scale = parameters.number("POINT:SCALE") ?? Double(headerScale)
    isFloat = scale < 0
    let statedRate = parameters.number("POINT:RATE") ?? headerRate
    analogChannelCount =
      parameters.count("ANALOG:USED")
      ?? (headerSamples > 0 ? analogPerFrame / headerSamples : 0)
    // The header is what the data were written by; the parameters name the rate.
    samplesPerFrame = max(1, headerSamples)
    guard analogChannelCount == 0 || analogChannelCount * samplesPerFrame == analogPerFrame else {
      throw failure(
        "byte 4",
        "states \(analogPerFrame) analog samples in a frame, but \(analogChannelCount) channels of "
          + "\(samplesPerFrame)")
    }
    let analog = parameters.number("ANALOG:RATE")
    let ofPoints = statedRate * Double(samplesPerFrame)
    if let analog, RecordingLimits.samplingRate.contains(analog) {
      analogRate = analog
      pointRate = statedRate > 0 ? statedRate : analog / Double(samplesPerFrame)
      if statedRate > 0, abs(ofPoints / analog - 1) > 1e-4 {
        warnings.append(
          "ANALOG:RATE is \(analog) Hz, POINT:RATE and the samples in a frame give \(ofPoints) Hz; "
            + "the first is taken")
      }
    } else {
      analogRate = ofPoints
      pointRate = statedRate
    }
    guard analogChannelCount == 0 || RecordingLimits.samplingRate.contains(analogRate) else {
      throw RecordingError(
        .missingSamplingRate, path: file.path, place: "ANALOG:RATE",
        "states a sampling rate of \(analogRate) Hz")
    }
    // Of long files the block number does not fit the parameter, but the header's is no larger.
    let block =
      [parameters.count("POINT:DATA_START"), headerStart].compactMap { $0 }
      .first { $0 > 1 } ?? 0
    dataStart = (block - 1) * 512
    guard block > 1, dataStart < file.bytes.count else {
      throw failure("byte 16", "states samples from block \(block) on, where the file has none")
    }
    let perFrame =
      (pointCount * 4 + analogChannelCount * samplesPerFrame) * (isFloat ? 4 : 2)
    guard perFrame > 0 else { throw failure("byte 2", "states neither points nor analog channels") }
    let stated = Self.frames(parameters, first: first, last: last)
    let available = (file.bytes.count - dataStart) / perFrame
    frameCount = min(stated ?? available, available)
    guard frameCount > 0 else {
      throw RecordingError(
        .truncated, path: file.path, place: "byte \(dataStart)", "holds no whole frame of samples")
    }
    if let stated, available < stated {
      warnings.append(
        "the file ends early: \(available) of \(stated) frames are read; copy it again from its "
          + "origin if it was longer there")
    }
    let origin = pointRate > 0 ? Double(max(1, first) - 1) / pointRate : 0
    events = try Self.events(parameters, file.head, origin: origin)
  }

  /// Frames by the most reliable of the places that state them, nil where none does.
  private static func frames(_ parameters: C3DParameters, first: Int, last: Int) -> Int? {
    func long(_ name: String) -> Int? {
      let words = parameters.numbers(name)
      guard words.count >= 2 else { return nil }
      let parts = words.prefix(2).map { $0 < 0 ? $0 + 65536 : $0 }
      return Int(bounded: parts[0] + 65536 * parts[1], in: 0...(1 << 32))
    }
    if let start = long("TRIAL:ACTUAL_START_FIELD"), let end = long("TRIAL:ACTUAL_END_FIELD"),
      start >= 1, end >= start
    {
      return end - start + 1
    }
    // A header of 16 bits is full at 65535 frames.
    if last < 65535, last >= first, first >= 1 { return last - first + 1 }
    if let count = parameters.number("POINT:LONG_FRAMES") ?? parameters.number("POINT:FRAMES"),
      count > 65535
    {
      return Int(bounded: count, in: 1...(1 << 40))
    }
    return nil
  }

  /// Events of the EVENT group, else those of the header; `origin` is the time of the first frame.
  private static func events(
    _ parameters: C3DParameters, _ head: [UInt8], origin: Double
  ) throws -> [Annotation] {
    let times = parameters.numbers("EVENT:TIMES")
    if times.count >= 2 {
      let labels = parameters.texts("EVENT:LABELS")
      let contexts = parameters.texts("EVENT:CONTEXTS")
      return (0..<times.count / 2).map { index in
        let words = [contexts, labels].compactMap { index < $0.count ? $0[index] : nil }
        return Annotation(
          onset: times[2 * index] * 60 + times[2 * index + 1] - origin,
          text: words.filter { !$0.isEmpty }.joined(separator: " "))
      }
    }
    var cursor = ByteCursor(head.prefix(512), order: parameters.order)
    try cursor.go(to: 298)
    guard try cursor.word() == 12345 else { return [] }
    let count = Int(try cursor.word())
    guard (1...18).contains(count) else { return [] }
    return try (0..<count).map { index in
      try cursor.go(to: 304 + 4 * index)
      let onset = Double(try cursor.float())
      try cursor.go(to: 396 + 4 * index)
      return Annotation(onset: onset - origin, text: FileText.decode(try cursor.take(4)))
    }
  }
}
