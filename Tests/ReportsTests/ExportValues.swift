@testable import Reports

/// A small decomposition that the tests of exports share.
enum ExportValues {
  static func decomposition(seed: UInt64? = 7) -> DecompositionExport {
    DecompositionExport(
      version: "1.2.3", seed: seed,
      parameters: .object([
        .init("bandpass", .array([.number(20), .number(500)])), .init("name", .string("a\"b\n")),
      ]), input: InputFile(name: "a.wav", sha256: "00ff"), samplingRate: 1000, sampleCount: 5000,
      channels: ["1", "2"], badChannels: [.init(name: "2", reason: "constant")],
      units: [
        .init(
          id: "1", positions: [10.4, 99.6], samplingRate: 1000, silhouette: 0.93,
          pulseToNoise: .nan, round: 1, isTentative: false),
        .init(id: "2,b", positions: [50], samplingRate: 1000),
        .init(id: "3", positions: [], samplingRate: 1000),
      ], residualPowerShare: 0.25, notes: ["note"])
  }
}
