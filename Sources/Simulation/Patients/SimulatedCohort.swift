import Foundation
import Signal

/// A cohort of patients measured over time, for trying out trend statistics against a known truth.
///
/// ln(value) = b0 + u0 + (b1 + u1) t + (b2 + arm * effect + u2) max(t - T, 0) + error, in months,
/// with normal effects of patients (u0, u1, u2) and a measurement error of known size.
public struct SimulatedCohortConfiguration: Codable, Sendable, Equatable {
  /// Seed of the cohort.
  public var seed: UInt64 = 1
  /// Patients per arm.
  public var patientsPerArm = 20
  /// Arms: 1 for a cohort in which all are treated, 2 with a control arm (arm 0).
  public var arms = 1
  /// Nominal months of the visits.
  public var visitMonths: [Double] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  /// Month of the first dose, or of the control's first visit under observation.
  public var therapyMonth = 3.0
  /// SD of the visits around their nominal month.
  public var visitJitterMonths = 0.15
  /// Mean value at month 0.
  public var startValue = 100.0
  /// SD of ln(start value) between patients.
  public var startSD = 0.4
  /// Mean change before therapy in % per month (negative for a decline).
  public var slopePercentPerMonth = -4.5
  /// SD of the slope between patients (of ln(value) per month).
  public var slopeSD = 0.03
  /// Change of the slope from the therapy month on, both arms, in ln(value) per month.
  public var slopeChange = 0.0
  /// Additional change of the slope in the treated arm in ln(value) per month.
  public var therapyEffect = 0.03
  /// SD of the change between patients in ln(value) per month.
  public var slopeChangeSD = 0.01
  /// Relative standard error of a measurement.
  public var measurementError = 0.12
  /// Probability that a visit is missed, independently of everything.
  public var missingShare = 0.0
  /// Probability per month that a patient leaves for good.
  public var dropoutPerMonth = 0.0

  /// Makes a cohort of 20 treated patients with ten monthly visits.
  public init() {}

  func validate() throws(SimulationError) {
    try SimulationError.require("patientsPerArm", Double(patientsPerArm), in: 1...1_000_000)
    try SimulationError.require("arms", Double(arms), in: 1...2)
    try SimulationError.require("startValue", startValue, in: 1e-9...1e12)
    try SimulationError.require("slopePercentPerMonth", slopePercentPerMonth, in: -99...1000)
    try SimulationError.require("measurementError", measurementError, in: 0...2)
    try SimulationError.require("missingShare", missingShare, in: 0...1)
    try SimulationError.require("dropoutPerMonth", dropoutPerMonth, in: 0...1)
  }
}

/// A simulated longitudinal table with the slopes behind it.
public struct SimulatedCohort: Sendable, Equatable {
  /// One measurement.
  public struct Row: Codable, Sendable, Equatable {
    /// Pseudonym of the patient.
    public let subject: String
    /// Time in months.
    public let month: Double
    /// The measured value.
    public let value: Double
    /// Standard error of the value.
    public let standardError: Double
    /// Month of the first dose.
    public let therapyMonth: Double
    /// Arm: 1 treated, 0 control.
    public let arm: Int
  }

  /// The truth about one patient, on the scale of ln(value) per month.
  public struct Subject: Codable, Sendable, Equatable {
    /// Pseudonym of the patient.
    public let subject: String
    /// Slope before therapy.
    public let slopeBefore: Double
    /// Slope after therapy.
    public let slopeAfter: Double
    /// Arm: 1 treated, 0 control.
    public let arm: Int
  }

  /// Measurements, patient by patient in order of time.
  public let rows: [Row]
  /// The truth per patient.
  public let subjects: [Subject]
}

/// Simulates a cohort's longitudinal table.
///
/// - Throws: `SimulationError` for settings out of range.
public func simulateCohort(
  _ configuration: SimulatedCohortConfiguration
) throws(SimulationError) -> SimulatedCohort {
  try configuration.validate()
  var rows: [SimulatedCohort.Row] = []
  var subjects: [SimulatedCohort.Subject] = []
  let slope = log(1 + configuration.slopePercentPerMonth / 100)
  for number in 0..<configuration.patientsPerArm * configuration.arms {
    var random = SeededGenerator(seed: configuration.seed, stream: UInt64(number))
    // With two arms patients alternate, so that any first part of the table is balanced.
    let arm = configuration.arms == 1 ? 1 : number % 2
    let name = String(format: "S%04d", number + 1)
    let start = log(configuration.startValue) + configuration.startSD * random.normal()
    let before = slope + configuration.slopeSD * random.normal()
    let change =
      configuration.slopeChange + Double(arm) * configuration.therapyEffect
      + configuration.slopeChangeSD * random.normal()
    subjects.append(
      .init(subject: name, slopeBefore: before, slopeAfter: before + change, arm: arm))
    let leaves =
      configuration.dropoutPerMonth > 0
      ? random.exponential() / -log(max(1e-12, 1 - configuration.dropoutPerMonth)) : .infinity
    for nominal in configuration.visitMonths {
      // The same numbers are drawn for missed visits: missing data do not change the others.
      let month = max(0, nominal + configuration.visitJitterMonths * random.normal())
      let error = configuration.measurementError * random.normal()
      let isMissed = random.uniform() < configuration.missingShare
      if isMissed || month > leaves { continue }
      let after = max(0, month - configuration.therapyMonth)
      let value = exp(start + before * month + change * after + error)
      rows.append(
        .init(
          subject: name, month: month, value: value,
          standardError: value * configuration.measurementError,
          therapyMonth: configuration.therapyMonth, arm: arm))
    }
  }
  return SimulatedCohort(rows: rows, subjects: subjects)
}
