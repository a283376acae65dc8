import Foundation
import Signal

/// Decomposition-enhanced spike-triggered averaging (DE-STA).
///
/// Brown, Strong and Snyder 1988; Stashuk 2001: the surface EMG is averaged on the discharges of
/// decomposed units, here by joint least squares; number = CMAP over the mean surface potential. The
/// units are those that the contraction recruits, so the force belongs to the result (McNeil et al.
/// 2005).
public struct DecompositionEnhancedAveraging: Sendable, Equatable, Codable {
  /// Time of the surface potential before the discharge, ms.
  public var beforeMilliseconds: Double = 15
  /// Time of the surface potential after the discharge, ms.
  public var afterMilliseconds: Double = 35
  /// Fewest discharges of a unit.
  public var minimumDischarges: Int = 50
  /// Least correlation between the potentials of odd and even discharges.
  ///
  /// Low, so that small units stay in: leaving them out makes the mean unit too large, while noise in
  /// a potential does not (see `SurfaceUnit`).
  public var minimumSplitHalf: Double = 0.3
  /// Fewest units for an estimate without a flag.
  public var recommendedUnits: Int = 20
  /// Which samples are the negative phase, for units and CMAP alike.
  public var negativePhase: CMAPMeasurement.NegativePhase = .negativeSamples
  /// Largest number of conjugate gradient steps.
  public var iterations: Int = 60
  /// Which of the discharging units the decomposition finds: `largest` for electrode arrays.
  public var detection = UnitDetection.anySize
  /// What finding the largest units first may do to the number.
  public var detectionBias = DetectionBias()
  /// What the units that are not recruited may do to the number.
  public var recruitment = RecruitmentBias()
  /// The error of the CMAP and the bootstrap.
  public var errors = UnitNumberErrorModel()

  /// The default settings.
  public init() {}

  /// Estimates from discharges, surface channels and the CMAP of each channel.
  ///
  /// - `trains`: units x sample positions (0-based, on the clock of `surface`).
  /// - `surface`: channels x samples, uV, high-pass filtered, at `samplingRate` Hz.
  /// - `cmaps`: the CMAP of each channel, measured with the same polarity; where the area is not
  ///   known (NaN) there is no estimate by area.
  /// - `forcePercent`: force of the contraction, percent of maximum; stored with the result.
  ///
  /// The channel is that of the largest CMAP. The result does not depend on `parallelism`.
  ///
  /// - Throws: `UnitNumberError` where shapes do not fit or fewer than two units pass.
  public func estimate(
    trains: [[Double]], surface: [[Float]], samplingRate: Double, cmaps: [CMAPMeasures],
    forcePercent: Double?, parallelism: Parallelism = .single,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> SpikeTriggeredEstimate {
    let method = "de-sta"
    guard !surface.isEmpty, surface.count == cmaps.count,
      surface.allSatisfy({ $0.count == surface[0].count }), samplingRate > 0,
      samplingRate.isFinite
    else {
      throw UnitNumberError(
        .unusableData, source: method,
        found: "\(surface.count) channels, \(cmaps.count) CMAPs, \(samplingRate) Hz",
        expected: "channels of equal length with one CMAP each")
    }
    let best = cmaps.indices.max {
      cmaps[$0].amplitudeMillivolts < cmaps[$1].amplitudeMillivolts
    }
    let channel = best ?? 0
    let cmap = try errors.checkedCMAP(cmaps[channel].amplitudeMillivolts, method: method)
    let before = Int((beforeMilliseconds * samplingRate / 1000).rounded())
    let after = Int((afterMilliseconds * samplingRate / 1000).rounded())
    let fitted = try SurfacePotentials(
      channels: surface, trains: trains, before: before, after: after, iterations: iterations,
      parallelism: parallelism, progress: progress)
    var units: [SurfaceUnit] = []
    var rejected: [Rejection] = []
    for unit in trains.indices {
      if let reason = reason(trains[unit], fitted.splitHalf[unit][channel]) {
        rejected.append(Rejection(index: unit, reason: reason))
      } else if let measured = SurfaceUnit(
        fitted.potentials[unit], halves: fitted.halves[unit], samplingRate: samplingRate,
        index: unit, splitHalf: fitted.splitHalf[unit][channel], negativePhase: negativePhase,
        channel: channel)
      {
        units.append(measured)
      } else {
        rejected.append(Rejection(index: unit, reason: "no negative phase on the channel"))
      }
    }
    guard units.count >= 2 else {
      throw UnitNumberError(
        .tooLittleData, source: method,
        found: "\(units.count) usable units of \(trains.count)"
          + (rejected.first.map { " (first rejected: \($0.reason))" } ?? ""),
        expected: "at least 2", remedy: "decompose several contractions of 10 to 30 s")
    }
    return try summary(
      units, rejected, cmap: cmap, cmaps: cmaps, channel: channel, force: forcePercent)
  }

  private func reason(_ train: [Double], _ splitHalf: Double) -> String? {
    if train.count < minimumDischarges {
      return "\(train.count) discharges, \(minimumDischarges) needed"
    }
    if splitHalf < minimumSplitHalf {
      return "split-half correlation \((100 * splitHalf).rounded() / 100), "
        + "\(minimumSplitHalf) needed"
    }
    return nil
  }

  private func summary(
    _ units: [SurfaceUnit], _ rejected: [Rejection], cmap: Double, cmaps: [CMAPMeasures],
    channel: Int, force: Double?
  ) throws -> SpikeTriggeredEstimate {
    let sizes = units.map { $0.amplitudesMicrovolts[channel] }
    let deviation = Self.logDeviation(sizes)
    let cancellation = SurfaceUnit.logCancellation(units, channel: channel)
    let corrected = correction(
      deviation: deviation, units: units.count, cancellation: cancellation, force: force)
    let amplitude = try errors.sample(cmap: cmap).count(sizes: sizes, corrected: corrected)
    let cmapArea = cmaps[channel].areaMillivoltMilliseconds
    let areas = units.map { $0.areasMicrovoltMilliseconds[channel] }
    let area =
      cmapArea.isFinite && cmapArea > 0 && areas.reduce(0, +) > 0
      ? try errors.sample(cmap: 1000 * cmapArea).count(sizes: areas, corrected: corrected) : nil
    let peakOfMean = amplitude.meanSize * exp(-cancellation)
    let perChannel = cmaps.indices.compactMap { index -> Double? in
      let mean =
        units.reduce(0) { $0 + $1.amplitudesMicrovolts[index] } / Double(units.count)
      guard mean > 0, cmaps[index].amplitudeMillivolts > 0 else { return nil }
      return 1000 * cmaps[index].amplitudeMillivolts / mean
    }
    var flags: [String] = []
    if units.count < recommendedUnits {
      flags.append("\(units.count) units, \(recommendedUnits) or more are recommended")
    }
    let weak = rejected.count { $0.reason.hasPrefix("split-half") }
    if 3 * weak > units.count + weak {
      flags.append(
        "\(weak) of \(units.count + weak) units fail the split-half test: small units are missing "
          + "and the number is likely too low")
    }
    if let force, force < 20 {
      flags.append(
        "a contraction at \((10 * force).rounded() / 10) % of maximum recruits few, small units: "
          + "the number is likely too high, and its interval wide")
    }
    if force == nil { flags.append("the force is not stated; the number depends on it") }
    return SpikeTriggeredEstimate(
      unitCount: amplitude.count, interval90: amplitude.interval,
      logStandardError: amplitude.logStandardError, unitCountByArea: area?.count,
      areaInterval90: area?.interval, unitCountByPeakOfMean: cmap / peakOfMean,
      medianUnitCountOverChannels: perChannel.isEmpty ? nil : OrderStatistics.median(perChannel),
      meanUnitMicrovolts: amplitude.meanSize, peakOfMeanUnitMicrovolts: peakOfMean,
      cmapMillivolts: cmap / 1000, channel: channel, forcePercent: force,
      recruitmentFactor90: recruitment.factor90(
        forcePercent: force, recruitedDeviation: deviation, units: units.count, seed: errors.seed),
      units: units, rejected: rejected, flags: flags)
  }

  /// Draws ln(number) from ln(CMAP / mean size of the units found).
  private func correction(
    deviation: Double, units: Int, cancellation: Double, force: Double?
  ) -> (Double, inout SeededGenerator) -> Double {
    { logCount, random in
      // Too high where larger units are not recruited.
      let recruited = recruitment.draw(
        forcePercent: force, recruitedDeviation: deviation, units: units, &random)
      var logNumber = logCount - recruited.logBias
      if detection == .largest {
        // Too low where the largest units are found first.
        logNumber = log(
          detectionBias.number(
            count: exp(logNumber), found: units, recruitedShare: recruited.share,
            strictness: random.uniform(
              detectionBias.leastStrictness, detectionBias.greatestStrictness),
            foundDeviation: deviation))
      }
      // Too low where phases cancel in the CMAP; never fewer than were found.
      return max(logNumber + cancellation * random.uniform(), log(Double(units)))
    }
  }

  /// Standard deviation of ln(size) of lognormal sizes with this mean and variance.
  private static func logDeviation(_ sizes: [Double]) -> Double {
    let mean = sizes.reduce(0, +) / Double(sizes.count)
    guard mean > 0 else { return 0 }
    let variance =
      sizes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(sizes.count - 1, 1))
    return log(1 + variance / (mean * mean)).squareRoot()
  }
}
