import RealModule

/// Simulates the ln values of a cohort under model M3, with known truth.
///
/// y = b0 + b1 t + (b2 + effect of the arm) (t - T)+ + u0 + u1 t + u2 (t - T)+ + e with normal
/// (u0, u1), u2 and e. Used for power, chance rates and calibration; it knows nothing of recordings.
public struct CohortSimulation: Codable, Sendable, Equatable {
  /// Number of patients.
  public var patients: Int
  /// Planned months of the visits.
  public var visitTimes: [Double]
  /// SD of the actual visit about its plan, months (the first visit stays at its plan).
  public var visitJitter: Double
  /// Months of the first dose; patients take them in turn.
  public var therapyTimes: [Double]
  /// ln(value) at month 0.
  public var intercept: Double
  /// Slope before therapy, ln units a month; -.045 by default (4.4 % a month).
  public var slope: Double
  /// Change of slope of a treated patient, ln units a month.
  public var slopeChange: Double
  /// SD of the intercepts between patients.
  public var sdIntercept: Double
  /// SD of the slopes between patients.
  public var sdSlope: Double
  /// Correlation of intercept and slope.
  public var correlation: Double
  /// SD of the change of slope between patients.
  public var sdSlopeChange: Double
  /// SD of one measurement on the ln scale; .12 by default, a coefficient of variation of 12 %.
  public var measurementSD: Double
  /// Correlation of the errors of visits a planned gap apart, falling as a power of the time between.
  public var residualCorrelation: Double
  /// SD of the errors of every third visit relative to the others, such as of visits at home.
  public var unevenSD: Double
  /// Share of the visits after the first that are missing at random.
  public var missingShare: Double
  /// Whether every second patient is a control: the same visits and knot, no change of slope.
  public var hasControls: Bool

  /// Makes a simulation; the defaults are a two-monthly cohort of slowly treated ALS patients.
  public init(
    patients: Int = 40, visitTimes: [Double] = [0, 2, 4, 6, 8, 10, 12, 14],
    visitJitter: Double = 0.15, therapyTimes: [Double] = [3, 4, 5], intercept: Double = 4.55,
    slope: Double = -0.045, slopeChange: Double = 0.018, sdIntercept: Double = 0.45,
    sdSlope: Double = 0.03, correlation: Double = -0.2, sdSlopeChange: Double = 0.015,
    measurementSD: Double = 0.12, hasControls: Bool = false, residualCorrelation: Double = 0,
    unevenSD: Double = 1, missingShare: Double = 0
  ) {
    self.patients = patients
    self.visitTimes = visitTimes
    self.visitJitter = visitJitter
    self.therapyTimes = therapyTimes
    self.intercept = intercept
    self.slope = slope
    self.slopeChange = slopeChange
    self.sdIntercept = sdIntercept
    self.sdSlope = sdSlope
    self.correlation = correlation
    self.sdSlopeChange = sdSlopeChange
    self.measurementSD = measurementSD
    self.hasControls = hasControls
    self.residualCorrelation = residualCorrelation
    self.unevenSD = unevenSD
    self.missingShare = missingShare
  }

  /// One simulated patient with its true slopes.
  public struct Patient: Sendable {
    /// The rows.
    public let rows: [LongitudinalTable.Row]
    /// The true level at month 0.
    public let level: Double
    /// The true slope before therapy.
    public let slope: Double
    /// The true change of slope.
    public let slopeChange: Double
  }

  /// Simulates the patients.
  public func simulate(using generator: inout some RandomNumberGenerator) -> [Patient] {
    precondition(
      patients > 0 && !visitTimes.isEmpty && !therapyTimes.isEmpty, "a cohort has visits")
    return (0..<patients).map { index in
      let (z0, z1) = generator.nextNormalPair()
      let z2 = generator.nextNormal()
      let u0 = sdIntercept * z0
      let u1 = sdSlope * (correlation * z0 + (1 - correlation * correlation).squareRoot() * z1)
      let isControl = hasControls && index % 2 == 0
      let change = (isControl ? 0 : slopeChange) + sdSlopeChange * z2
      let pair = hasControls ? index / 2 : index
      let therapy = therapyTimes[pair % therapyTimes.count]
      let digits = String(index + 1)
      let name = "P" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
      var rows: [LongitudinalTable.Row] = []
      rows.reserveCapacity(visitTimes.count)
      var error = 0.0
      var before = 0.0
      for (visit, planned) in visitTimes.enumerated() {
        let (jitter, noise) = generator.nextNormalPair()
        let time = planned + (visit == 0 ? 0 : visitJitter * jitter)
        let phi =
          visit == 0 || residualCorrelation == 0
          ? 0 : Double.pow(residualCorrelation, abs(time - before) / plannedGap)
        error = phi * error + (1 - phi * phi).squareRoot() * noise
        before = time
        if missingShare > 0, visit > 0, Double.random(in: 0..<1, using: &generator) < missingShare {
          continue
        }
        let value =
          intercept + u0 + (slope + u1) * time + change * max(0, time - therapy)
          + measurementSD * error * (visit % 3 == 2 ? unevenSD : 1)
        rows.append(
          LongitudinalTable.Row(
            subject: name, time: time, value: value, therapyTime: therapy,
            arm: hasControls ? (isControl ? "0" : "1") : nil,
            covariates: unevenSD == 1 ? [:] : ["place": visit % 3 == 2 ? 1 : 0]))
      }
      return Patient(
        rows: rows, level: intercept + u0, slope: slope + u1, slopeChange: change)
    }
  }

  /// Time between the first two planned visits.
  private var plannedGap: Double {
    visitTimes.count > 1 ? max(1e-9, visitTimes[1] - visitTimes[0]) : 1
  }

  /// Simulates the cohort as one table.
  public func table(using generator: inout some RandomNumberGenerator) -> LongitudinalTable {
    LongitudinalTable(checked: simulate(using: &generator).flatMap(\.rows))
  }
}
