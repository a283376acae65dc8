import Foundation

/// The file form of a separation model.
///
/// | bytes | content |
/// |---|---|
/// | 0..<8 | `MPFILTER` |
/// | 8..<12 | version of the form, UInt32 |
/// | 12..<16 | CRC-32 (ISO 3309) of everything after it, UInt32 |
/// | 16..<24 | length of the header in bytes, UInt64 |
/// | 24… | header in JSON, then the arrays it lists, Float32 |
///
/// Numbers are little-endian. The header names every array with its place and shape, so other
/// programs can read the file without this one.
extension SeparationModel {
  /// The first bytes of a model file.
  static let mark = Array("MPFILTER".utf8)
  /// The version that is written, and the latest that is read.
  public static let formatVersion = 1

  private static let correlationNames = ["correlations.signal", "correlations.remainder"]

  private struct Header: Codable {
    struct Listed: Codable {
      var name: String
      var offset: Int
      var shape: [Int]
    }
    struct UnitHeader: Codable {
      var id: Int
      var quality: UnitQuality
      var dischargeCount: Int
      var filterTaps: Int
      var templateRate: Double
      var templateOrigin: Int
      var streamingDelay: Int
      var firstHeights: PeakHeights
      var secondHeights: PeakHeights
      var isSubtracted: Bool
      var trainingAgreement: Double
    }
    var content = "MotorPool separation filters"
    var setUp: ChannelSetUp
    var configuration: ArrayConfiguration
    var channels: [Int]
    var filterRate: Double
    var notches: [Double]
    var scaleMicrovolts: Float
    var ridges: [Float]
    var provenance: Provenance
    var units: [UnitHeader]
    var arrays: [Listed]
  }

  /// The model as the content of a file.
  public func encoded() throws -> Data {
    var payload = Data()
    var arrays: [Header.Listed] = []
    func add(_ name: String, _ values: [Float], shape: [Int]) {
      arrays.append(Header.Listed(name: name, offset: payload.count, shape: shape))
      for value in values {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { payload.append(contentsOf: $0) }
      }
    }
    let m = channels.count
    for unit in units {
      let name = "unit.\(unit.id)."
      let taps = unit.filter.tapCount
      add(name + "filter", unit.filter.coefficients, shape: [taps, unit.filter.channels.count])
      let length = unit.template.channels.map(\.count).max() ?? 0
      add(
        name + "template",
        unit.template.channels.flatMap {
          $0.isEmpty ? [Float](repeating: .nan, count: length) : $0
        }, shape: [unit.template.channels.count, length])
      let streaming = unit.streaming
      add(
        name + "streaming.template", streaming.template, shape: [streaming.template.count / m, m])
      add(
        name + "streaming.first", streaming.firstFilter,
        shape: [streaming.firstFilter.count / m, m])
      add(
        name + "streaming.second", streaming.secondFilter,
        shape: [streaming.secondFilter.count / m, m])
    }
    for (name, lags) in zip(Self.correlationNames, correlations) {
      add(name, lags, shape: [lags.count / (m * m), m * m])
    }
    let header = Header(
      setUp: setUp, configuration: configuration, channels: channels, filterRate: filterRate,
      notches: notches, scaleMicrovolts: scaleMicrovolts, ridges: ridges, provenance: provenance,
      units: units.map { unit in
        Header.UnitHeader(
          id: unit.id, quality: unit.quality, dischargeCount: unit.dischargeCount,
          filterTaps: unit.filter.tapCount, templateRate: unit.template.samplingRate,
          templateOrigin: unit.template.origin, streamingDelay: unit.streaming.delay,
          firstHeights: unit.streaming.firstHeights, secondHeights: unit.streaming.secondHeights,
          isSubtracted: unit.streaming.isSubtracted,
          trainingAgreement: unit.streaming.trainingAgreement)
      }, arrays: arrays)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = try encoder.encode(header)
    var body = Data()
    withUnsafeBytes(of: UInt64(json.count).littleEndian) { body.append(contentsOf: $0) }
    body.append(json)
    body.append(payload)
    var file = Data(Self.mark)
    for word in [UInt32(Self.formatVersion), CyclicRedundancyCheck.value(body)] {
      withUnsafeBytes(of: word.littleEndian) { file.append(contentsOf: $0) }
    }
    file.append(body)
    return file
  }

  /// Reads the content of a model file.
  ///
  /// - Throws: `DecompositionError.model` saying what is wrong with it.
  public init(decoding data: Data) throws {
    let file = [UInt8](data)
    func refuse(_ message: String) -> DecompositionError { .model(message) }
    guard file.count >= 24, Array(file[0..<8]) == Self.mark else {
      throw refuse("is not a file of separation filters; save one with a decomposition")
    }
    func number(_ offset: Int, _ count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(file[offset + $1]) << UInt64(8 * $1) }
    }
    let version = number(8, 4)
    if version == 0 || version > UInt64(Self.formatVersion) {
      throw refuse(
        "has version \(version) of the form, this program reads up to \(Self.formatVersion); "
          + "use a newer MotorPool")
    }
    guard UInt64(CyclicRedundancyCheck.value(data.dropFirst(16))) == number(12, 4) else {
      throw refuse("is damaged: its checksum does not fit; save the model again")
    }
    let headerLength = number(16, 8)
    guard headerLength <= UInt64(file.count - 24) else {
      throw refuse("ends within its header; save the model again")
    }
    let payload = 24 + Int(headerLength)
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(file[24..<payload]))
    } catch {
      throw refuse("has a header that cannot be read; save the model again")
    }
    let listed = Dictionary(header.arrays.map { ($0.name, $0) }) { first, _ in first }
    func array(_ name: String) throws -> (values: [Float], shape: [Int]) {
      guard let entry = listed[name], entry.shape.count == 2,
        entry.shape.allSatisfy({ $0 >= 0 && $0 < 1 << 20 }), entry.offset >= 0,
        entry.offset <= file.count, entry.shape[0] * entry.shape[1] <= file.count,
        payload + entry.offset + 4 * entry.shape[0] * entry.shape[1] <= file.count
      else { throw refuse("lacks the array \(name); save the model again") }
      let count = entry.shape[0] * entry.shape[1]
      let values = (0..<count).map {
        Float(bitPattern: UInt32(number(payload + entry.offset + 4 * $0, 4)))
      }
      return (values, entry.shape)
    }
    let m = header.channels.count
    // Everything is computed from these numbers: they are checked before the first is used.
    guard (1...10_000).contains(header.setUp.channelCount), m > 0,
      header.channels.allSatisfy({ (0..<header.setUp.channelCount).contains($0) })
    else { throw refuse("names channels that its electrodes do not have; save the model again") }
    let rate = header.setUp.samplingRate
    guard ArrayDecomposer.samplingRates.contains(rate), header.scaleMicrovolts > 0 else {
      throw refuse("states a sampling rate of \(rate) Hz; save the model again")
    }
    guard (1...ArrayDecomposer.samplingRates.upperBound).contains(header.filterRate) else {
      throw refuse("states a filter rate of \(header.filterRate) Hz; save the model again")
    }
    try header.configuration.validate()
    var configuration = header.configuration
    let usual = configuration.rateConversion(samplingRate: rate).rate(from: rate)
    // Filters that were made at another rate than is usual now are used at theirs.
    if abs(usual - header.filterRate) > 1e-6 * usual {
      configuration.analysisRate = header.filterRate
      let own = configuration.rateConversion(samplingRate: rate).rate(from: rate)
      guard abs(own - header.filterRate) <= 1e-6 * own else {
        throw refuse("states a filter rate of \(header.filterRate) Hz; save the model again")
      }
    }
    let taps = header.configuration.tapCount(channelCount: m, rate: header.filterRate)
    let length = header.configuration.templateLength(rate: header.filterRate)
    let units = try header.units.map { unit in
      let name = "unit.\(unit.id)."
      let filter = try array(name + "filter")
      let template = try array(name + "template")
      let causal = try array(name + "streaming.template")
      let first = try array(name + "streaming.first")
      let second = try array(name + "streaming.second")
      guard filter.shape == [unit.filterTaps, m], template.shape[0] == header.setUp.channelCount,
        causal.shape == [length, m], first.shape == [taps, m], second.shape == [taps, m]
      else { throw refuse("holds arrays of other sizes than it states; save the model again") }
      return Unit(
        id: unit.id,
        filter: SeparationFilter(
          coefficients: filter.values, tapCount: unit.filterTaps, channels: header.channels),
        template: MUAPTemplate(
          channels: (0..<template.shape[0]).map { channel in
            let row = template.values[
              (channel * template.shape[1])..<((channel + 1) * template.shape[1])]
            return row.contains { !$0.isFinite } ? [] : Array(row)
          }, samplingRate: unit.templateRate, origin: unit.templateOrigin),
        quality: unit.quality, dischargeCount: unit.dischargeCount,
        streaming: StreamingUnit(
          template: causal.values, delay: unit.streamingDelay, firstFilter: first.values,
          firstHeights: unit.firstHeights, isSubtracted: unit.isSubtracted,
          secondFilter: second.values, secondHeights: unit.secondHeights,
          trainingAgreement: unit.trainingAgreement))
    }
    let correlations = try Self.correlationNames.map { name in
      let lags = try array(name)
      guard lags.shape == [taps, m * m], lags.values.allSatisfy(\.isFinite) else {
        throw refuse("holds arrays of other sizes than it states; save the model again")
      }
      return lags.values
    }
    self.init(
      setUp: header.setUp, configuration: configuration, channels: header.channels,
      filterRate: header.filterRate, notches: header.notches,
      scaleMicrovolts: header.scaleMicrovolts, ridges: header.ridges, correlations: correlations,
      units: units,
      provenance: header.provenance)
  }
}

/// The cyclic redundancy check of ISO 3309 (polynomial 0x04C11DB7, reflected), as zip files use it.
enum CyclicRedundancyCheck {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }

  /// The check value of some bytes.
  static func value(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
  }
}
