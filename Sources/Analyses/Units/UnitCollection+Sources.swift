import Decomposition
import Recordings
import Signal

extension UnitCollection {
  /// Longest recording that is one stretch, in seconds; a longer one is taken in steps.
  private static let wholeLimit = 90.0
  private static let step = 60.0
  private static let margin = 2.0

  /// The units with their sources and potentials, made from the trains and the recording.
  ///
  /// Sources are those of the filters that the trains give (`SourceField`), scaled to 1 at a mean
  /// discharge, at the rate of the recording. Sources that the file brought are kept. Units without
  /// a discharge in a stretch have zeros there. Without a recording of four or more EMG channels
  /// nothing is added.
  ///
  /// - Throws: `RecordingError`, `AnalysisError`, and what `progress` throws.
  package func withSources(
    parallelism: Parallelism = Parallelism(), progress: AnalysisProgressHandler = { _ in }
  ) throws -> UnitCollection {
    guard let recording, channels.count >= ArrayDecomposer.fewestChannels, !units.isEmpty else {
      return self
    }
    var result = self
    let rate = samplingRate
    let stretches =
      recording.duration <= Self.wholeLimit
      ? 1 : max(1, Int((recording.duration / Self.step).rounded(.up)))
    let length = stretches == 1 ? sampleCount : Int((Self.step * rate).rounded())
    let margin = stretches == 1 ? 0 : Int(Self.margin * rate)
    for index in result.units.indices where units[index].source.isEmpty {
      result.units[index].source = [Float](repeating: 0, count: sampleCount)
    }
    for stretch in 0..<stretches {
      try progress(
        AnalysisProgress(
          Double(stretch) / Double(stretches),
          detail: stretches == 1 ? "sources" : "sources, part \(stretch + 1) of \(stretches)"))
      let core =
        stretch * length..<(stretch == stretches - 1 ? sampleCount : (stretch + 1) * length)
      let start = max(0, core.lowerBound - margin)
      let end = min(sampleCount, core.upperBound + margin)
      // The end of a recording is shorter than a field can be made from.
      guard Double(end - start) / rate >= ArrayDecomposer.shortestDuration else { continue }
      let field: SourceField
      do {
        field = try SourceField(
          channels: try recording.samples(channels: channels, range: start..<end),
          samplingRate: rate, start: start, trains: units.map(\.positions),
          configuration: configuration, parallelism: parallelism)
      } catch let error as DecompositionError {
        throw AnalysisError(path: recording.source.path, error.description)
      }
      for index in units.indices {
        let own = units[index].positions.filter { core.contains(Int($0)) }
        if stretch == 0 || result.units[index].template == nil, !own.isEmpty {
          result.units[index].template = field.template(of: index)
        }
        guard units[index].source.isEmpty, !own.isEmpty,
          let source = field.source(components: [index], discharges: own)
        else { continue }
        for sample in core {
          result.units[index].source[sample] = source.value(at: Double(sample))
        }
        if result.units[index].silhouette == nil, stretches == 1 {
          let quality = source.quality(of: own, in: source.range)
          result.units[index].silhouette = quality.silhouette
          result.units[index].pulseToNoise = quality.pulseToNoise
        }
      }
    }
    return result
  }
}

extension UnitSource {
  /// The value at a sample of the recording, between two values on a cubic (Catmull and Rom 1974).
  func value(at time: Double) -> Float {
    let place = (time - start) / ratio
    let index = Int(place.rounded(.down))
    guard values.indices.contains(index) else { return 0 }
    let t = Float(place - Double(index))
    if t == 0 { return values[index] }
    func at(_ offset: Int) -> Float { values[max(0, min(values.count - 1, index + offset))] }
    let (a, b, c, d) = (at(-1), at(0), at(1), at(2))
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
  }
}
