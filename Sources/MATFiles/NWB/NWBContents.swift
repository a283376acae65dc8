import Recordings

/// What an NWB file holds, collected by the process that opens it (Neurodata Without Borders 2).
///
/// The result is one structure of small values that crosses to the program, which checks it again:
/// `series` (cells), `electrodes` (columns of the table), `session` (texts), `unitCount`.
struct NWBContents {
  /// Groups whose series are looked at, the recorded ones first.
  private static let places = ["/acquisition", "/stimulus/presentation", "/processing"]
  static let table = "/general/extracellular_ephys/electrodes"
  /// Most series that are told apart.
  private static let seriesLimit = 2000
  /// Most time stamps that are gone through for interruptions.
  private static let stampLimit = 1 << 28
  private static let gapLimit = 10_000

  private let file: HDF5File
  private var series: [MATValue] = []
  private var visits = 0

  /// Collects everything; throws `RecordingError`.
  static func value(_ file: HDF5File) throws -> MATValue {
    var contents = NWBContents(file)
    return try contents.collected()
  }

  private init(_ file: HDF5File) { self.file = file }

  private mutating func collected() throws -> MATValue {
    for place in Self.places { try visit(place, place: place, depth: 0) }
    var session: [String: MATValue] = [:]
    if let version = file.text("nwb_version", of: "/") { session["version"] = .text([version]) }
    for (name, path) in [
      ("start", "/session_start_time"), ("description", "/session_description"),
      ("age", "/general/subject/age"), ("sex", "/general/subject/sex"),
      ("species", "/general/subject/species"),
    ] {
      if let text = try file.texts(path)?.first { session[name] = .text([text]) }
    }
    var columns: [String: MATValue] = [:]
    for name in file.members(Self.table) {
      let path = "\(Self.table)/\(name)"
      if let numbers = try file.numbers(path, limit: 20_000) {
        columns[name] = .numbers(numbers, dimensions: [numbers.count])
      } else if let texts = try file.texts(path) {
        columns[name] = .text(texts)
      }
    }
    let units = file.dataset("/units/spike_times_index")?.count ?? 0
    return .structure([
      "series": .cells(series, dimensions: [series.count]), "electrodes": .structure(columns),
      "session": .structure(session), "unitCount": .numbers([Double(units)], dimensions: [1]),
    ])
  }

  /// Looks for series in a group and the groups in it; containers lie at most three deep.
  private mutating func visit(_ group: String, place: String, depth: Int) throws {
    visits += 1
    guard depth <= 4, visits < 20_000, series.count < Self.seriesLimit else { return }
    if depth > 0, let data = file.dataset("\(group)/data"), data.isNumeric {
      series.append(try described(group, place: place, data))
      return
    }
    for name in file.members(group) where file.isGroup("\(group)/\(name)") {
      try visit("\(group)/\(name)", place: place, depth: depth + 1)
    }
  }

  private func described(
    _ group: String, place: String, _ data: HDF5File.Dataset
  ) throws -> MATValue {
    func one(_ value: Double) -> MATValue { .numbers([value], dimensions: [1]) }
    let path = "\(group)/data"
    var fields: [String: MATValue] = [
      "path": .text([group]), "place": .text([place]),
      "shape": .numbers(data.dimensions.map { Double($0) }, dimensions: [data.dimensions.count]),
      "type": .text([file.text("neurodata_type", of: group) ?? ""]),
      "unit": .text([file.text("unit", of: path) ?? ""]),
      "conversion": one(file.number("conversion", of: path) ?? 1),
      "offset": one(file.number("offset", of: path) ?? 0),
    ]
    if let factors = try file.numbers("\(group)/channel_conversion", limit: 20_000) {
      fields["channelConversion"] = .numbers(factors, dimensions: [factors.count])
    }
    if let electrodes = try file.numbers("\(group)/electrodes", limit: 20_000) {
      fields["electrodes"] = .numbers(electrodes, dimensions: [electrodes.count])
    }
    if let filter = file.text("filtering", of: group) { fields["filtering"] = .text([filter]) }
    if let start = try file.numbers("\(group)/starting_time", limit: 1)?.first {
      fields["start"] = one(start)
      if let rate = file.number("rate", of: "\(group)/starting_time") { fields["rate"] = one(rate) }
    } else if let stamps = file.dataset("\(group)/timestamps"), stamps.isNumeric,
      stamps.dimensions.count == 1, stamps.count >= 2
    {
      fields.merge(try clock("\(group)/timestamps", count: stamps.count)) { $1 }
    }
    return .structure(fields)
  }

  /// Rate, start and interruptions behind time stamps.
  private func clock(_ path: String, count: Int) throws -> [String: MATValue] {
    let head = try file.numbers(path, start: [0], count: [min(count, 4096)])
    let steps = zip(head.dropFirst(), head).map { $0 - $1 }.sorted()
    let typical = steps[steps.count / 2]
    guard typical > 0, typical.isFinite else {
      return ["irregular": .numbers([1], dimensions: [1])]
    }
    var positions: [Double] = []
    var lengths: [Double] = []
    var isIrregular = false
    var previous = head[0]
    var seen = 1
    // The mean step over stretches without interruption is finer than any single one.
    var sum = 0.0
    var summed = 0
    while seen < min(count, Self.stampLimit) {
      let values = try file.numbers(
        path, start: [seen], count: [min(HDF5File.stepLimit, count - seen)])
      for value in values {
        let step = value - previous
        previous = value
        if step > 1.5 * typical {
          if positions.count < Self.gapLimit {
            positions.append(Double(seen))
            lengths.append(step - typical)
          }
        } else {
          if !(step > 0.5 * typical) { isIrregular = true }
          sum += step
          summed += 1
        }
        seen += 1
      }
    }
    let mean = summed > 0 && !isIrregular ? sum / Double(summed) : typical
    // Stamps are seldom exact: a rate within their rounding of a whole number is that number.
    let rate = 1 / mean
    let whole = rate.rounded()
    func numbers(_ values: [Double]) -> MATValue { .numbers(values, dimensions: [values.count]) }
    return [
      "start": numbers([head[0]]), "rate": numbers([abs(rate / whole - 1) < 1e-6 ? whole : rate]),
      "irregular": numbers([isIrregular ? 1 : 0]), "gapPositions": numbers(positions),
      "gapLengths": numbers(lengths),
    ]
  }

  /// Samples of some channels of a series over a range, as they are stored; throws `RecordingError`.
  static func samples(
    _ file: HDF5File, series: String, channels: [Int], range: Range<Int>
  ) throws -> [[Float]] {
    let path = "\(series)/data"
    guard let data = file.dataset(path), (1...2).contains(data.dimensions.count) else {
      return []
    }
    let width = data.dimensions.count == 2 ? data.dimensions[1] : 1
    guard let low = channels.min(), let high = channels.max(), low >= 0, high < width,
      range.upperBound <= data.dimensions[0]
    else { return [] }
    var result = [[Float]](repeating: [], count: channels.count)
    for place in result.indices { result[place].reserveCapacity(range.count) }
    let span = high - low + 1
    let step = max(1, HDF5File.stepLimit / 4 / span)
    var row = range.lowerBound
    while row < range.upperBound {
      let count = min(step, range.upperBound - row)
      let block =
        data.dimensions.count == 2
        ? try file.numbers(path, start: [row, low], count: [count, span])
        : try file.numbers(path, start: [row], count: [count])
      for (place, channel) in channels.enumerated() {
        for index in 0..<count {
          result[place].append(Float(block[index * span + channel - low]))
        }
      }
      row += count
    }
    return result
  }

  /// Discharge times in seconds of all units, with their names; nil where there are none.
  static func units(_ file: HDF5File) throws -> MATValue? {
    let limit = 1_500_000
    guard let ends = try file.numbers("/units/spike_times_index", limit: 20_000),
      let total = file.dataset("/units/spike_times"), total.isNumeric,
      total.dimensions.count == 1, total.count <= limit
    else { return nil }
    let ids = try file.numbers("/units/id", limit: 20_000) ?? []
    let texts = try file.texts("/units/unit_name") ?? []
    let silhouettes = try file.numbers("/units/silhouette", limit: 20_000) ?? []
    let names = ends.indices.map { index -> String in
      if index < texts.count, !texts[index].isEmpty { return texts[index] }
      return "\(index < ids.count ? Int(bounded: ids[index], in: 0...1 << 40) ?? index : index)"
    }
    var units: [MATValue] = []
    var start = 0
    for (index, end) in ends.enumerated() {
      guard let end = Int(bounded: end, in: start...total.count),
        end - start <= HDF5File.stepLimit
      else { return nil }
      let times = try file.numbers("/units/spike_times", start: [start], count: [end - start])
      units.append(
        .structure([
          "name": .text([names[index]]), "times": .numbers(times, dimensions: [times.count]),
          "silhouette": .numbers(
            index < silhouettes.count ? [silhouettes[index]] : [.nan], dimensions: [1]),
        ]))
      start = end
    }
    return .cells(units, dimensions: [units.count])
  }
}
