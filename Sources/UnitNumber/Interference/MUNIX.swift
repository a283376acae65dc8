import Foundation
import Signal

/// The motor unit number index (MUNIX) and size index (MUSIX).
///
/// Ideal case motor unit count of each epoch, ICMUC = (CMAP power x SIP area) / (SIP power x CMAP
/// area), fitted by ln ICMUC = ln A + alpha ln(SIP area); MUNIX = A x 20^alpha (Nandedkar et al.
/// 2004, 2010). An index, not a count: for a Gaussian interference pattern it depends on the CMAP
/// alone, and the result says so.
public struct MUNIX: Sendable, Equatable, Codable {
  /// Length of every epoch, ms; the areas scale with it.
  public var epochMilliseconds: Double = 500
  /// Least SIP area of an accepted epoch, mV ms.
  public var minimumAreaMillivoltMilliseconds: Double = 20
  /// Largest ICMUC of an accepted epoch.
  public var maximumIdealCount: Double = 100
  /// Least SIP area over CMAP area of an accepted epoch.
  public var minimumAreaRatio: Double = 1
  /// SIP area at which the fitted curve is read, mV ms.
  public var referenceAreaMillivoltMilliseconds: Double = 20
  /// Fewest accepted epochs for an estimate without a flag.
  public var recommendedEpochs: Int = 20
  /// The index counts as dominated by the CMAP within this share of the Gaussian limit, or within
  /// the error of the fit where that is larger.
  public var dominatedShare: Double = 0.05
  /// Fewest accepted epochs.
  public var fewestEpochs: Int = 3
  /// Fewest epochs that serve below the published area, where too few reach it.
  public var weakEpochs: Int = 5
  /// Least SIP area of such an epoch, as a multiple of that of the weakest epoch.
  public var weakAreaFactor: Double = 2
  /// Least ratio of the largest to the smallest SIP area of such epochs.
  public var weakSpread: Double = 1.5
  /// Bootstrap samples of the interval.
  public var bootstrapSamples: Int = 2000
  /// Seed of the bootstrap.
  public var seed: UInt64 = 1

  /// The published settings.
  public init() {}

  /// Estimates MUNIX and MUSIX from a CMAP and the epochs of an interference pattern.
  ///
  /// Where a muscle with few units gives no epoch of the published area, epochs below it serve and the
  /// result is flagged: the curve is then read beyond its data.
  ///
  /// - Parameters:
  ///   - cmap: the CMAP that the epochs are set against.
  ///   - epochs: the interference pattern, cut into epochs of `epochMilliseconds`.
  ///   - name: what errors call the input.
  ///   - progress: told the share of the bootstrap done, 0 to 1; what it throws ends the estimate.
  /// - Throws: `UnitNumberError` where fewer than three epochs can serve or their areas are equal;
  ///   what `progress` throws.
  public func estimate(
    cmap: CMAPMeasures, epochs: [SurfaceInterferencePattern], name: String = "MUNIX",
    progress: (Double) throws -> Void = { _ in }
  ) throws -> MUNIXEstimate {
    let cmapArea = cmap.areaMillivoltMilliseconds
    let cmapPower = cmap.powerSquaredMillivoltMilliseconds
    guard cmapArea > 0, cmapPower > 0, cmapArea.isFinite, cmapPower.isFinite else {
      throw UnitNumberError(
        .unusableData, source: name, found: "CMAP area \(cmapArea), power \(cmapPower)",
        expected: "a CMAP with area and power above 0")
    }
    let ratio = cmapPower / cmapArea
    var (points, rejected) = accepted(
      epochs, ratio: ratio, cmapArea: cmapArea, least: minimumAreaMillivoltMilliseconds)
    var flags: [String] = []
    if points.count < fewestEpochs, let weak = weaker(epochs, ratio: ratio, cmapArea: cmapArea) {
      (points, rejected) = (weak.points, weak.rejected)
      flags.append(weak.flag)
    }
    guard points.count >= fewestEpochs, let fit = Self.line(points) else {
      throw UnitNumberError(
        .tooLittleData, source: name,
        found: "\(points.count) accepted epochs of \(epochs.count)"
          + (rejected.first.map { " (first rejected: \($0.reason))" } ?? ""),
        expected: "at least \(fewestEpochs) epochs of different force",
        remedy: "record 20 epochs or more over graded force, up to the strongest")
    }
    let reference = log(referenceAreaMillivoltMilliseconds)
    let logIndex = fit.intercept + fit.slope * reference
    let resampled = try bootstrap(points, at: reference, progress)
    let limit = log(
      2 * epochMilliseconds / (.pi * referenceAreaMillivoltMilliseconds) * cmapPower / cmapArea)
    let error = resampled.deviation
    let interval = [exp(resampled.low), exp(resampled.high)]
    let amplitude = 1000 * cmap.amplitudeMillivolts
    if points.count < recommendedEpochs {
      flags.append("\(points.count) accepted epochs, \(recommendedEpochs) or more are recommended")
    }
    return MUNIXEstimate(
      munix: exp(logIndex), musixMicrovolts: amplitude / exp(logIndex), interval90: interval,
      musixInterval90: [amplitude / interval[1], amplitude / interval[0]],
      logStandardError: error, alpha: fit.slope, coefficient: exp(fit.intercept),
      epochsUsed: points.count, rejected: rejected, epochMilliseconds: epochMilliseconds,
      gaussianLimit: exp(limit),
      cmapDominated: abs(logIndex - limit) <= max(1.645 * error, log(1 + dominatedShare)),
      flags: flags)
  }

  private func accepted(
    _ epochs: [SurfaceInterferencePattern], ratio: Double, cmapArea: Double, least: Double
  ) -> (points: [(x: Double, y: Double)], rejected: [Rejection]) {
    var points: [(x: Double, y: Double)] = []
    var rejected: [Rejection] = []
    for (index, epoch) in epochs.enumerated() {
      let area = epoch.areaMillivoltMilliseconds
      let count = ratio * area / epoch.powerSquaredMillivoltMilliseconds
      if let reason = reason(area: area, count: count, cmapArea: cmapArea, least: least) {
        rejected.append(Rejection(index: index, reason: reason))
      } else {
        points.append((log(area), log(count)))
      }
    }
    return (points, rejected)
  }

  /// Epochs below the published area, where a muscle gives no others; nil where they do not serve.
  ///
  /// At least twice the weakest epoch, which may be rest; five epochs over half again as much area.
  private func weaker(
    _ epochs: [SurfaceInterferencePattern], ratio: Double, cmapArea: Double
  ) -> (points: [(x: Double, y: Double)], rejected: [Rejection], flag: String)? {
    let areas = epochs.map(\.areaMillivoltMilliseconds).filter { $0.isFinite && $0 > 0 }
    guard let weakest = areas.min() else { return nil }
    let found = accepted(epochs, ratio: ratio, cmapArea: cmapArea, least: weakAreaFactor * weakest)
    let used = found.points.map { exp($0.x) }
    guard found.points.count >= weakEpochs, let low = used.min(), let high = used.max(),
      high > weakSpread * low
    else { return nil }
    func short(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    return (
      found.points, found.rejected,
      "extrapolated: no three epochs have the SIP area of \(minimumAreaMillivoltMilliseconds) mV ms "
        + "that the published rule asks for; \(used.count) of \(short(low)) to \(short(high)) mV ms "
        + "serve (few units, or weak effort), and the index is read off beyond them"
    )
  }

  private func reason(
    area: Double, count: Double, cmapArea: Double, least: Double
  ) -> String? {
    guard area.isFinite, count.isFinite, count > 0 else { return "the epoch holds no signal" }
    func short(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
    if area <= least {
      return "SIP area \(short(area)) mV ms, more than \(least) needed"
    }
    if count >= maximumIdealCount {
      return "ideal count \(short(count)), less than \(maximumIdealCount) needed"
    }
    if area / cmapArea <= minimumAreaRatio {
      return "SIP area \(short(area / cmapArea)) of the CMAP area, more than \(minimumAreaRatio) "
        + "needed"
    }
    return nil
  }

  private static func line(
    _ points: [(x: Double, y: Double)]
  ) -> (intercept: Double, slope: Double)? {
    let number = Double(points.count)
    let meanX = points.reduce(0) { $0 + $1.x } / number
    let meanY = points.reduce(0) { $0 + $1.y } / number
    let xx = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    let xy = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
    guard xx > 1e-12 * number else { return nil }
    return (meanY - xy / xx * meanX, xy / xx)
  }

  /// 5 and 95 % quantiles and standard deviation of ln MUNIX over resampled epochs.
  private func bootstrap(
    _ points: [(x: Double, y: Double)], at reference: Double, _ progress: (Double) throws -> Void
  ) rethrows -> (low: Double, high: Double, deviation: Double) {
    var random = SeededGenerator(seed: seed)
    var values: [Double] = []
    let wanted = max(bootstrapSamples, 40)
    for draw in 0..<wanted {
      if draw % 200 == 0 { try progress(Double(draw) / Double(wanted)) }
      let sample = points.indices.map { _ in points[random.index(below: points.count)] }
      if let fit = Self.line(sample) { values.append(fit.intercept + fit.slope * reference) }
    }
    values.sort()
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (
      OrderStatistics.quantile(sorted: values, 0.05),
      OrderStatistics.quantile(sorted: values, 0.95), variance.squareRoot()
    )
  }
}

/// MUNIX and MUSIX of one muscle.
public struct MUNIXEstimate: Sendable, Equatable, Codable {
  /// The index (no unit).
  public var munix: Double
  /// CMAP amplitude over MUNIX, uV.
  public var musixMicrovolts: Double
  /// 90 % interval of MUNIX by bootstrap over the epochs.
  public var interval90: [Double]
  /// 90 % interval of MUSIX, uV.
  public var musixInterval90: [Double]
  /// Standard error of ln MUNIX.
  public var logStandardError: Double
  /// Exponent of the fit.
  public var alpha: Double
  /// Coefficient A of the fit.
  public var coefficient: Double
  /// Number of accepted epochs.
  public var epochsUsed: Int
  /// The epochs that were not accepted, with reasons.
  public var rejected: [Rejection]
  /// Length of the epochs, ms.
  public var epochMilliseconds: Double
  /// What MUNIX would be for a Gaussian interference pattern: a function of the CMAP alone.
  public var gaussianLimit: Double
  /// Whether MUNIX says no more than the CMAP does.
  public var cmapDominated: Bool
  /// Warnings.
  public var flags: [String]
}
