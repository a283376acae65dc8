import Foundation

/// The trained estimator: networks, calibration and a description of the training.
///
/// The file is one line of JSON (sizes and description), a line feed and little-endian Float32
/// numbers.
package struct ScanWeights: Sendable, Equatable {
  /// How the weights came about.
  package struct Description: Sendable, Equatable, Codable {
    /// Version of the weights; stored with every result.
    package var version: String
    /// The command that reproduces them.
    package var command: String
    /// Number of simulated scans.
    package var scanCount: Int
    /// Seed of the simulation.
    package var seed: UInt64
    /// What was simulated, in words.
    package var trainedOn: String

    package init(
      version: String, command: String, scanCount: Int, seed: UInt64, trainedOn: String
    ) {
      self.version = version
      self.command = command
      self.scanCount = scanCount
      self.seed = seed
      self.trainedOn = trainedOn
    }
  }

  private struct Header: Codable {
    var format: String
    var description: Description
    var layerSizes: [Int]
    var networkCount: Int
    var logCounts: [Double]
    var logNoises: [Double]
    var logDeviations: [Double]
    var n50LogCounts: [Double]
    var repeatLogCounts: [Double]
  }

  private static let format = "motorpool cmap-scan weights 3"

  package var description: Description
  package var ensemble: ScanEnsemble
  /// The calibration of the number of units.
  package var calibration: ScanCalibration
  /// The calibration of N50, on the same noise and deviation nodes.
  package var n50Calibration: ScanCalibration
  /// How far two scans of one pool differ, on the same noise and deviation nodes.
  package var repeatability: ScanRepeatability

  package init(
    description: Description, ensemble: ScanEnsemble, calibration: ScanCalibration,
    n50Calibration: ScanCalibration, repeatability: ScanRepeatability
  ) {
    self.description = description
    self.ensemble = ensemble
    self.calibration = calibration
    self.n50Calibration = n50Calibration
    self.repeatability = repeatability
  }

  /// The bytes of the file.
  package func encoded() throws -> Data {
    let first = ensemble.networks[0]
    let header = Header(
      format: Self.format, description: description,
      layerSizes: first.layers.map(\.inputs) + [first.skip.outputs],
      networkCount: ensemble.networks.count, logCounts: calibration.logCounts,
      logNoises: calibration.logNoises, logDeviations: calibration.logDeviations,
      n50LogCounts: n50Calibration.logCounts, repeatLogCounts: repeatability.logCounts)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(header)
    data.append(0x0A)
    func append(_ values: [Float]) {
      for value in values {
        let bits = value.bitPattern
        for shift in [0, 8, 16, 24] as [UInt32] { data.append(UInt8((bits >> shift) & 0xFF)) }
      }
    }
    append(ensemble.mean)
    append(ensemble.deviation)
    for network in ensemble.networks {
      for layer in network.layers + [network.skip] {
        append(layer.weights)
        append(layer.biases)
      }
    }
    append(calibration.quantiles.map(Float.init))
    append(n50Calibration.quantiles.map(Float.init))
    append(repeatability.logCountErrors.map(Float.init))
    append(repeatability.logN50Errors.map(Float.init))
    return data
  }

  /// Reads the bytes of a file; throws `UnitNumberError` where they are damaged.
  package init(data: Data, source: String) throws {
    func damaged(_ found: String, _ expected: String) -> UnitNumberError {
      UnitNumberError(
        .damagedWeights, source: source, found: found, expected: expected,
        remedy: "install the program again")
    }
    guard let lineEnd = data.firstIndex(of: 0x0A),
      let header = try? JSONDecoder().decode(Header.self, from: data[..<lineEnd]),
      header.format == Self.format
    else { throw damaged("no valid header", "\"\(Self.format)\"") }
    let sizes = header.layerSizes
    guard sizes.count >= 2, sizes.first == ScanFeatures.count,
      sizes.last == ScanNetwork.Output.allCases.count,
      sizes.allSatisfy({ (1...4096).contains($0) }),
      (1...64).contains(header.networkCount), !header.logCounts.isEmpty,
      !header.logNoises.isEmpty, !header.logDeviations.isEmpty, !header.n50LogCounts.isEmpty,
      !header.repeatLogCounts.isEmpty
    else { throw damaged("layer sizes \(sizes)", "the sizes of this program version") }
    let perNetwork =
      zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 + $1.1 }
      + sizes[0] * sizes[sizes.count - 1] + sizes[sizes.count - 1]
    let perNode = header.logNoises.count * header.logDeviations.count
    let perCount = 3 * perNode
    let total =
      2 * sizes[0] + header.networkCount * perNetwork
      + perCount * (header.logCounts.count + header.n50LogCounts.count)
      + 2 * perNode * header.repeatLogCounts.count
    let payload = [UInt8](data[(lineEnd + 1)...])
    guard payload.count == 4 * total else {
      throw damaged("\(payload.count) bytes of numbers", "\(4 * total)")
    }
    var position = 0
    func take(_ count: Int) -> [Float] {
      let start = position
      position += 4 * count
      return (0..<count).map { index in
        let byte = start + 4 * index
        let bits =
          UInt32(payload[byte]) | UInt32(payload[byte + 1]) << 8
          | UInt32(payload[byte + 2]) << 16 | UInt32(payload[byte + 3]) << 24
        return Float(bitPattern: bits)
      }
    }
    func layer(_ inputs: Int, _ outputs: Int) -> ScanNetwork.Layer {
      let weights = take(inputs * outputs)
      return ScanNetwork.Layer(
        inputs: inputs, outputs: outputs, weights: weights, biases: take(outputs))
    }
    description = header.description
    let mean = take(sizes[0])
    let deviation = take(sizes[0])
    let networks = (0..<header.networkCount).map { _ in
      let layers = zip(sizes, sizes.dropFirst()).map { layer($0.0, $0.1) }
      return ScanNetwork(layers: layers, skip: layer(sizes[0], sizes[sizes.count - 1]))
    }
    ensemble = ScanEnsemble(mean: mean, deviation: deviation, networks: networks)
    func table(_ logCounts: [Double]) -> ScanCalibration {
      ScanCalibration(
        logCounts: logCounts, logNoises: header.logNoises, logDeviations: header.logDeviations,
        quantiles: take(perCount * logCounts.count).map(Double.init))
    }
    calibration = table(header.logCounts)
    n50Calibration = table(header.n50LogCounts)
    let size = perNode * header.repeatLogCounts.count
    let countErrors = take(size).map(Double.init)
    repeatability = ScanRepeatability(
      logCounts: header.repeatLogCounts, logNoises: header.logNoises,
      logDeviations: header.logDeviations, logCountErrors: countErrors,
      logN50Errors: take(size).map(Double.init))
  }

  /// The weights that are part of the program.
  package static func builtIn() throws -> ScanWeights { try loaded.get() }

  private static let loaded = Result<ScanWeights, any Error> {
    let places = WeightsLocation.candidates(
      beside: Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent())
    for url in places where FileManager.default.isReadableFile(atPath: url.path) {
      return try ScanWeights(data: Data(contentsOf: url), source: WeightsLocation.fileName)
    }
    throw UnitNumberError(
      .damagedWeights, source: WeightsLocation.fileName,
      found: "no such file beside the program or in ../share/motorpool",
      expected: "the weights of the CMAP scan estimator",
      remedy: "install the program with its resources")
  }
}
