import Decomposition
import MotorUnits

extension RecordingDesk {
  /// The potentials of a needle unit one upon the other, and what their mean measures.
  struct ShimmerAnswer: Encodable {
    /// The channel of the recording on which the potential is largest.
    let channel: Int
    let samplingRate: Double
    /// The sample that stands at the discharge.
    let origin: Int
    let unitSymbol: String
    /// Discharges x samples, the first and then evenly spread ones of all.
    let rows: [[Float]]
    /// Discharges of these rows, in samples of the recording.
    let times: [Double]
    /// Discharges that lie whole in this part of the recording.
    let count: Int
    let mean: [Float]
    /// Of the mean; nil without a calibration, or where nothing rises above the baseline.
    let measures: PotentialMeasures?
    /// Jiggle; nil with fewer than ten discharges.
    let variability: ShapeVariability?
  }

  /// Most potentials that are sent.
  static let mostPotentials = 200

  /// - Throws: `ViewerError` where the run is no needle's, or no discharge lies here.
  func shimmer(_ editor: RunEditor, unit id: Int, segment: Int) async throws -> ShimmerAnswer {
    let unit = try await editor.unit(id)
    guard let field = try await fields.field(editor.run, segment: segment) as? NeedleField else {
      throw ViewerError.unusable("single potentials are shown of needle recordings")
    }
    let isCalibrated = opened.recording.hasPhysicalAmplitude
    let channels = editor.run.channels
    let answer = await Background.value { () -> ShimmerAnswer? in
      guard
        let found = field.shimmer(components: unit.components, discharges: unit.times)
      else { return nil }
      let rows = found.rows
      let mean = rows[0].indices.map { sample in
        rows.reduce(Float(0)) { $0 + $1[sample] } / Float(rows.count)
      }
      let reach = Int(0.002_5 * field.rate)
      let outer = Int(0.003 * field.rate)
      let length = mean.count
      let core = max(0, found.origin - reach)..<min(length, found.origin + reach + 1)
      let step = max(1, (rows.count + Self.mostPotentials - 1) / Self.mostPotentials)
      let shown = Array(stride(from: 0, to: rows.count, by: step))
      return ShimmerAnswer(
        channel: channels[found.channel], samplingRate: field.rate, origin: found.origin,
        unitSymbol: isCalibrated ? "µV" : "a.u.", rows: shown.map { rows[$0] },
        times: shown.map { found.times[$0] }, count: rows.count, mean: mean,
        measures: isCalibrated
          ? PotentialMeasures(
            potential: mean, samplingRate: field.rate,
            averagingError: AveragingError(potentials: rows, samplingRate: field.rate)) : nil,
        variability: ShapeVariability(
          potentials: rows, core: core, baselines: [0..<outer, (length - outer)..<length]))
    }
    guard let answer else {
      throw ViewerError.unusable("unit \(id) has no whole discharge in this part of the recording")
    }
    return answer
  }
}
