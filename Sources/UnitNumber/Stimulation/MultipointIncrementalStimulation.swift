import Foundation

/// Multipoint incremental stimulation: three increments at three sites (Shefner 2011).
///
/// Mean unit = sum over the sites of the response after the last increment over the number of all
/// increments; number = CMAP over mean unit.
public struct MultipointIncrementalStimulation: Sendable, Equatable, Codable {
  /// Increments below this size are not told from noise, uV.
  public var minimumIncrementMicrovolts: Double = 10
  /// Number of sites of the protocol.
  public var sites: Int = 3
  /// Increments at each site.
  public var incrementsPerSite: Int = 3
  /// The error of the CMAP and the bootstrap.
  public var errors = UnitNumberErrorModel()

  /// The published protocol.
  public init() {}

  /// Estimates from the response levels (mV, weakest first) at each site and the CMAP (mV).
  ///
  /// `progress` is told the share of the bootstrap done, 0 to 1; what it throws ends it.
  ///
  /// - Throws: `UnitNumberError` where fewer than two increments can be used.
  public func estimate(
    siteLevelsMillivolts: [[Double]], cmapMillivolts: Double,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> UnitNumberEstimate {
    let method = "multipoint-incremental"
    let cmap = try errors.checkedCMAP(cmapMillivolts, method: method)
    var sizes: [Double] = []
    var rejected: [Rejection] = []
    var flags: [String] = []
    if siteLevelsMillivolts.count != sites {
      flags.append("\(siteLevelsMillivolts.count) sites, the protocol has \(sites)")
    }
    var offset = 0
    for (site, levels) in siteLevelsMillivolts.enumerated() {
      let accepted = try QuantalIncrements(
        levels, minimumMicrovolts: minimumIncrementMicrovolts,
        method: method + ", site \(site + 1)")
      if accepted.sizes.count != incrementsPerSite {
        flags.append(
          "site \(site + 1): \(accepted.sizes.count) usable increments, the protocol has "
            + "\(incrementsPerSite)")
      }
      sizes += accepted.sizes
      rejected += accepted.rejected.map {
        Rejection(index: offset + $0.index, reason: "site \(site + 1): " + $0.reason)
      }
      offset += levels.count
    }
    guard sizes.count >= 2 else {
      throw UnitNumberError(
        .tooLittleData, source: method, found: "\(sizes.count) usable increments",
        expected: "at least 2", remedy: "record three increments at three sites")
    }
    // The sum of the increments of a site is its last accepted level.
    let result = try errors.sample(cmap: cmap).count(
      sizes: sizes, raised: { errors.bias.cancelling($0, &$1) }, progress: progress)
    return UnitNumberEstimate(
      method: method, unitCount: result.count, interval90: result.interval,
      logStandardError: result.logStandardError, cmapMillivolts: cmapMillivolts,
      meanUnitMicrovolts: result.meanSize, unitsUsed: sizes.count, rejected: rejected, flags: flags)
  }
}
