import Foundation

/// A decomposition as the JSON file of openhdemg 0.1.
///
/// The file is one gzipped JSON object of thirteen members, each itself JSON text. Tables are in
/// the "split" form of pandas: columns, index, data by row.
public struct OpenHDEMGExport: Sendable, Equatable {
  /// Name of the recording.
  public var fileName: String
  /// Samples per second, in Hz.
  public var samplingRate: Double
  /// Distance between electrodes in millimetres.
  public var interElectrodeMillimetres: Double
  /// The signal, channels x samples, in microvolts.
  public var signal: [[Float]]
  /// The reference signal, such as force, as long as the signal; empty for none.
  public var reference: [Float]
  /// Discharges of each unit in 0-based whole samples.
  public var discharges: [[Int]]
  /// Silhouette value of each unit.
  public var silhouettes: [Double]
  /// Pulse trains, units x samples; empty writes zeros.
  public var pulseTrains: [[Float]]

  /// A decomposition for openhdemg.
  public init(
    fileName: String, samplingRate: Double, interElectrodeMillimetres: Double,
    signal: [[Float]], reference: [Float] = [], discharges: [[Int]], silhouettes: [Double],
    pulseTrains: [[Float]] = []
  ) {
    self.fileName = fileName
    self.samplingRate = samplingRate
    self.interElectrodeMillimetres = interElectrodeMillimetres
    self.signal = signal
    self.reference = reference
    self.discharges = discharges
    self.silhouettes = silhouettes
    self.pulseTrains = pulseTrains
  }

  /// The gzipped file.
  ///
  /// - Throws: `ReportsError.invalidInput` where lengths do not agree or a discharge lies outside
  ///   the signal.
  public func data() throws -> Data { GzipStored.wrap(try json()) }

  /// The text inside the gzip container.
  func json() throws -> [UInt8] {
    let length = try checkedLength()
    let unitCount = discharges.count
    var writer = TwiceEncodedJSON()
    writer.member("SOURCE", string: "CUSTOMCSV")
    writer.member("FILENAME", string: fileName)
    writer.table("RAW_SIGNAL", rows: length, columns: signal.count) { signal[$1][$0] }
    writer.table("REF_SIGNAL", rows: reference.count, columns: 1) { row, _ in reference[row] }
    writer.table("ACCURACY", rows: unitCount, columns: 1) { row, _ in
      row < silhouettes.count ? Float(silhouettes[row]) : .nan
    }
    writer.table("IPTS", rows: length, columns: unitCount) { row, unit in
      pulseTrains.isEmpty ? 0 : pulseTrains[unit][row]
    }
    let pulses = JSONValue.array(discharges.map { .array($0.map { .integer($0) }) })
    writer.member("MUPULSES", json: pulses.compactText())
    writer.member("FSAMP", json: JSONValue.number(samplingRate).compactText())
    writer.member("IED", json: JSONValue.number(interElectrodeMillimetres).compactText())
    writer.member("EMG_LENGTH", json: String(length))
    writer.member("NUMBER_OF_MUS", json: String(unitCount))
    var firing = [[Bool]](repeating: [Bool](repeating: false, count: length), count: unitCount)
    for (unit, samples) in discharges.enumerated() {
      for sample in samples { firing[unit][sample] = true }
    }
    writer.table("BINARY_MUS_FIRING", rows: length, columns: unitCount) { row, unit in
      firing[unit][row] ? 1 : 0
    }
    writer.table("EXTRAS", rows: 0, columns: 1) { _, _ in 0 }
    return writer.finished()
  }

  private func checkedLength() throws -> Int {
    func refuse(_ place: String, _ found: String, _ expected: String) -> ReportsError {
      .invalidInput(
        output: "openhdemg export of \(fileName)", place: place, found: found, expected: expected,
        advice: "export the units together with the recording they were found in")
    }
    guard let length = signal.first?.count, length > 0 else {
      throw refuse("signal", "no samples", "at least one channel")
    }
    for (index, channel) in signal.enumerated() where channel.count != length {
      throw refuse("channel \(index + 1)", "\(channel.count) samples", "\(length)")
    }
    if !reference.isEmpty && reference.count != length {
      throw refuse("reference", "\(reference.count) samples", "\(length)")
    }
    if !pulseTrains.isEmpty {
      guard pulseTrains.count == discharges.count else {
        throw refuse("pulse trains", "\(pulseTrains.count)", "\(discharges.count)")
      }
      for (index, train) in pulseTrains.enumerated() where train.count != length {
        throw refuse("pulse train \(index + 1)", "\(train.count) samples", "\(length)")
      }
    }
    for (index, samples) in discharges.enumerated() {
      if let outside = samples.first(where: { $0 < 0 || $0 >= length }) {
        throw refuse("unit \(index + 1)", "a discharge at sample \(outside)", "0 to \(length - 1)")
      }
    }
    return length
  }
}

/// An object whose values are JSON texts inside JSON strings, written as bytes.
private struct TwiceEncodedJSON {
  private var bytes: [UInt8] = Array("{".utf8)
  private var isFirst = true

  mutating func member(_ name: String, string: String) {
    member(name, json: JSONValue.string(string).compactText())
  }

  mutating func member(_ name: String, json: String) {
    open(name)
    var quoted = ""
    JSONValue.write(json, to: &quoted)
    bytes.append(contentsOf: quoted.utf8)
  }

  /// A table; only its three names hold quotes, so the numbers are written once, unescaped.
  mutating func table(
    _ name: String, rows: Int, columns: Int, value: (_ row: Int, _ column: Int) -> Float
  ) {
    open(name)
    bytes.append(contentsOf: "\"{\\\"columns\\\":".utf8)
    list(columns) { String($0) }
    bytes.append(contentsOf: ",\\\"index\\\":".utf8)
    list(rows) { String($0) }
    bytes.append(contentsOf: ",\\\"data\\\":[".utf8)
    for row in 0..<rows {
      if row > 0 { bytes.append(UInt8(ascii: ",")) }
      list(columns) { column in
        let number = value(row, column)
        guard number.isFinite else { return "null" }
        return number == 0 ? "0" : (number == 1 ? "1" : number.description)
      }
    }
    bytes.append(contentsOf: "]}\"".utf8)
  }

  func finished() -> [UInt8] { bytes + Array("}".utf8) }

  private mutating func open(_ name: String) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    bytes.append(contentsOf: "\"\(name)\":".utf8)
  }

  private mutating func list(_ count: Int, _ item: (Int) -> String) {
    bytes.append(UInt8(ascii: "["))
    for index in 0..<count {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: item(index).utf8)
    }
    bytes.append(UInt8(ascii: "]"))
  }
}
