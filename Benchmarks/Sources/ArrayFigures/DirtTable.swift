import Decomposition
import Foundation
import Signal

/// What is left of the yield of clean recordings when they are spoilt.
public struct DirtTable: Sendable {
  /// One kind of dirt over all recordings; nil for none.
  public static let cases: [Dirt?] =
    [nil]
    + Dirt.Kind.allCases.flatMap { kind -> [Dirt?] in
      switch kind {
      case .clipping: [Dirt(kind, rate: 0.01), Dirt(kind, rate: 0.05)]
      case .lost: [Dirt(kind, rate: 0.5)]
      default: [Dirt(kind, rate: 2, amplitude: 500), Dirt(kind, rate: 2, amplitude: 5_000)]
      }
    }

  /// Heading of the table.
  public var heading: [String] {
    [
      "| dirt | accepted | RoA >= 0.9 | of clean | duplicates | false | CPU s |"
        + (showsLimit ? " joint decoder given the truth | of clean |" : ""),
      "|---|---|---|---|---|---|---|" + (showsLimit ? "---|---|" : ""),
    ]
  }

  /// Seeds of the recordings.
  public var seeds: [UInt64]
  /// Seconds of each recording.
  public var duration: Double
  /// How to decompose.
  public var configuration: ArrayConfiguration
  /// Threads.
  public var parallelism: Parallelism
  /// What the names of the rows must contain; the row of clean recordings is always made.
  public var only = ""
  /// Whether rows end with the units that are left to a decoder that is given the truth.
  public var showsLimit = false

  /// A table over 64-channel surface recordings whose kinds are drawn from seeds.
  public init(
    seeds: [UInt64], duration: Double = 15, configuration: ArrayConfiguration = .init(),
    parallelism: Parallelism = .single
  ) {
    self.seeds = seeds
    self.duration = duration
    self.configuration = configuration
    self.parallelism = parallelism
  }

  /// Makes the rows one after the other.
  ///
  /// - Throws: `SimulationError`.
  public func rows(_ print: (String) -> Void) throws {
    var (clean, cleanLimit) = (0, 0)
    for dirt in Self.cases where dirt == nil || only.isEmpty || Self.name(dirt).contains(only) {
      let records = seeds.map {
        ArrayCase(ArrayCase(seed: $0, simulator: .both), duration: duration, rows: 8, columns: 8)
      }
      let outcomes = try records.map {
        try ArrayOutcome(
          $0, configuration: configuration, parallelism: parallelism, dirt: dirt)
      }
      let good = outcomes.reduce(0) { $0 + $1.goodCount }
      if dirt == nil { clean = good }
      let founds = outcomes.flatMap(\.founds)
      var row = String(
        format: "| %@ | %d | %d | %.0f %% | %d | %d | %.1f |", Self.name(dirt), founds.count,
        good, 100 * Double(good) / Double(max(1, clean)), founds.count(where: \.isDuplicate),
        founds.count(where: \.isFalse), outcomes.reduce(0) { $0 + $1.seconds })
      if showsLimit {
        let limit = try records.reduce(0) { sum, record in
          var settings = configuration
          settings.electrodes = record.electrodes
          return try sum
            + LimitFigure.bound(
              record, configuration: settings, parallelism: parallelism, dirt: dirt
            ).units
        }
        if dirt == nil { cleanLimit = limit }
        row += String(
          format: " %d | %.0f %% |", limit, 100 * Double(limit) / Double(max(1, cleanLimit)))
      }
      print(row)
    }
  }

  /// What a row of some dirt is called.
  public static func name(_ dirt: Dirt?) -> String {
    guard let dirt else { return "none" }
    switch dirt.kind {
    case .clipping: return String(format: "clipping of %.0f %% of the samples", 100 * dirt.rate)
    case .lost: return String(format: "%@, %.1f/s", dirt.kind.rawValue, dirt.rate)
    default:
      return String(
        format: "%@, %.1f mV, %.0f/s", dirt.kind.rawValue, dirt.amplitude / 1_000, dirt.rate)
    }
  }
}
