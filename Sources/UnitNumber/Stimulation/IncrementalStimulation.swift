/// Incremental stimulation at one site: CMAP over the mean quantal increment (McComas 1971).
public struct IncrementalStimulation: Sendable, Equatable, Codable {
  /// Increments below this size are not told from noise, uV.
  public var minimumIncrementMicrovolts: Double = 10
  /// Fewest increments for an estimate without a flag.
  public var recommendedIncrements: Int = 8
  /// The error of the CMAP and the bootstrap.
  public var errors = UnitNumberErrorModel()

  /// The default settings.
  public init() {}

  /// Estimates from the response levels in mV, weakest first, and the CMAP in mV.
  ///
  /// Each level is the response after one more quantal increment; alternation (units whose
  /// thresholds overlap taking turns) inflates the number.
  ///
  /// `progress` is told the share of the bootstrap done, 0 to 1; what it throws ends it.
  ///
  /// - Throws: `UnitNumberError` where fewer than two increments can be used.
  public func estimate(
    levelsMillivolts: [Double], cmapMillivolts: Double,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> UnitNumberEstimate {
    let method = "incremental"
    let cmap = try errors.checkedCMAP(cmapMillivolts, method: method)
    let accepted = try QuantalIncrements(
      levelsMillivolts, minimumMicrovolts: minimumIncrementMicrovolts, method: method)
    guard accepted.sizes.count >= 2 else {
      throw UnitNumberError(
        .tooLittleData, source: method, found: "\(accepted.sizes.count) usable increments",
        expected: "at least 2", remedy: "record about 10 increments")
    }
    let result = try errors.sample(cmap: cmap).count(
      sizes: accepted.sizes,
      corrected: { errors.bias.alternating(errors.bias.cancelling($0, &$1), &$1) },
      raised: { errors.bias.passingOver($0, sizes: accepted.sizes, &$1) },
      progress: progress)
    var flags: [String] = []
    if accepted.sizes.count < recommendedIncrements {
      flags.append(
        "\(accepted.sizes.count) increments, \(recommendedIncrements) or more are recommended")
    }
    return UnitNumberEstimate(
      method: method, unitCount: result.count, interval90: result.interval,
      logStandardError: result.logStandardError, cmapMillivolts: cmapMillivolts,
      meanUnitMicrovolts: result.meanSize, unitsUsed: accepted.sizes.count,
      rejected: accepted.rejected, flags: flags)
  }
}

/// The increments between ascending response levels.
struct QuantalIncrements {
  /// Accepted increments, uV.
  var sizes: [Double] = []
  var rejected: [Rejection] = []

  init(_ levelsMillivolts: [Double], minimumMicrovolts: Double, method: String) throws {
    var last = 0.0
    for (index, level) in levelsMillivolts.enumerated() {
      guard level.isFinite else {
        throw UnitNumberError(
          .unusableData, source: method, place: "level \(index + 1)", found: "\(level)",
          expected: "a response in mV")
      }
      let size = 1000 * (level - last)
      if size < minimumMicrovolts {
        rejected.append(
          Rejection(
            index: index,
            reason: "increment \((10 * size).rounded() / 10) uV, \(minimumMicrovolts) uV needed"))
      } else {
        sizes.append(size)
        last = level
      }
    }
  }
}
