/// Multipoint stimulation: the lowest all-or-none potential at many sites along the nerve.
///
/// Number = CMAP over the mean of the surface potentials (Kadrie et al. 1976; Doherty and Brown
/// 1993); 11 to 20 units give a stable mean.
public struct MultipointStimulation: Sendable, Equatable, Codable {
  /// Potentials below this size are not told from noise, uV.
  public var minimumUnitMicrovolts: Double = 10
  /// Fewest units for an estimate without a flag.
  public var recommendedUnits: Int = 11
  /// The error of the CMAP and the bootstrap.
  public var errors = UnitNumberErrorModel()

  /// The default settings.
  public init() {}

  /// Estimates from single unit amplitudes (uV) and the CMAP (mV).
  ///
  /// `progress` is told the share of the bootstrap done, 0 to 1; what it throws ends it.
  ///
  /// - Throws: `UnitNumberError` where fewer than two units can be used.
  public func estimate(
    unitsMicrovolts: [Double], cmapMillivolts: Double,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> UnitNumberEstimate {
    let method = "multipoint-stimulation"
    let cmap = try errors.checkedCMAP(cmapMillivolts, method: method)
    var sizes: [Double] = []
    var rejected: [Rejection] = []
    for (index, size) in unitsMicrovolts.enumerated() {
      if size.isFinite && size >= minimumUnitMicrovolts {
        sizes.append(size)
      } else {
        rejected.append(
          Rejection(index: index, reason: "\(size) uV, \(minimumUnitMicrovolts) uV needed"))
      }
    }
    guard sizes.count >= 2 else {
      throw UnitNumberError(
        .tooLittleData, source: method, found: "\(sizes.count) usable units",
        expected: "at least 2", remedy: "record 11 to 20 units at different sites")
    }
    let result = try errors.sample(cmap: cmap).count(
      sizes: sizes, raised: { errors.bias.cancelling($0, &$1) }, progress: progress)
    let flags =
      sizes.count < recommendedUnits
      ? ["\(sizes.count) units, \(recommendedUnits) or more are recommended"] : []
    return UnitNumberEstimate(
      method: method, unitCount: result.count, interval90: result.interval,
      logStandardError: result.logStandardError, cmapMillivolts: cmapMillivolts,
      meanUnitMicrovolts: result.meanSize, unitsUsed: sizes.count, rejected: rejected, flags: flags)
  }
}
