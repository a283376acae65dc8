import RealModule

/// Joint models of visits and deaths against cohorts whose hazard follows the current value and its slope.
public struct JointCalibration: Codable, Sendable, Equatable {
  /// Patients of both arms.
  public var patients: Int
  /// Cohorts of each cell.
  public var replicates: Int

  /// Makes a study.
  public init(patients: Int = 200, replicates: Int = 300) {
    self.patients = patients
    self.replicates = replicates
  }

  /// How patients die.
  struct Scenario {
    let name: String
    /// ln hazard ratio of a value lower by one ln unit.
    let value: Double
    /// ln hazard ratio of a slope lower by .01 a month.
    let slope: Double
    /// ln of the hazard at the mean course at its begin, a month.
    let level: Double
    /// ln of the rise of the hazard a month beside the course.
    let rise: Double
  }

  static let scenarios = [
    Scenario(name: "value", value: 1, slope: 0, level: -4.1, rise: 0),
    Scenario(name: "value and slope", value: 0.8, slope: 0.2, level: -4.1, rise: 0),
    Scenario(name: "neither", value: 0, slope: 0, level: -3.5, rise: 0),
    Scenario(
      name: "value and slope, hazard rises too", value: 0.8, slope: 0.2, level: -4.6, rise: 0.06),
  ]

  /// One cell.
  public struct Row: Sendable, Codable, Equatable {
    /// What the hazard follows.
    public let scenario: String
    /// Mean share of patients who died.
    public let deaths: Double
    /// For difference of the arms, value (one ln unit) and slope (.01 a month): true, mean estimate, its Monte
    /// Carlo standard error, share of 95 % intervals that hold the truth.
    public let found: [[Double]]
    /// Mean difference of the arms by the mixed model that takes visits as missing at random, and its coverage.
    public let plain: [Double]
    /// Cohorts that could not be fitted.
    public let failures: Int
  }

  /// Runs every cell; the same generator gives the same table.
  public func run(using generator: inout some RandomNumberGenerator) -> [Row] {
    precondition(replicates > 1, "at least two replicates")
    return Self.scenarios.map { row($0, using: &generator) }
  }

  private func row(
    _ scenario: Scenario, using generator: inout some RandomNumberGenerator
  ) -> Row {
    let simulation = CohortSimulation(
      patients: patients, slopeChange: 0.02, hasControls: true)
    let truths = [simulation.slopeChange, scenario.value, scenario.slope]
    var sums = [0.0, 0, 0]
    var squares = [0.0, 0, 0]
    var covered = [0, 0, 0]
    var plain = (sum: 0.0, covered: 0)
    var died = 0
    var fitted = 0
    var failures = 0
    for _ in 0..<replicates {
      let (table, survival) = Self.cohort(simulation, scenario, using: &generator)
      died += survival.count { $0.died }
      let model = MixedModel(armEffects: .slopeChange)
      guard
        let joint = try? CurrentValueModel(
          table, model: model, survival: survival, slopeUnit: 0.01),
        let slope = joint.slope,
        let apart = try? model.fit(table).kenwardRoger().effects.last?.estimate
      else {
        failures += 1
        continue
      }
      fitted += 1
      let estimates = [
        (joint.change, 1.0), (joint.value, 1 / joint.valueUnit), (slope, 1),
      ]
      for (k, (estimate, factor)) in estimates.enumerated() {
        let value = estimate.value * factor
        sums[k] += value
        squares[k] += value * value
        if estimate.lower * factor <= truths[k] && truths[k] <= estimate.upper * factor {
          covered[k] += 1
        }
      }
      plain.sum += apart.value
      if apart.lower <= truths[0] && truths[0] <= apart.upper { plain.covered += 1 }
    }
    let count = Double(max(2, fitted))
    return Row(
      scenario: scenario.name,
      deaths: Double(died) / Double(replicates * patients),
      found: truths.indices.map { k in
        let mean = sums[k] / count
        let variance = max(0, squares[k] / count - mean * mean)
        return [truths[k], mean, (variance / count).squareRoot(), Double(covered[k]) / count]
      }, plain: [plain.sum / count, Double(plain.covered) / count], failures: failures)
  }

  /// A cohort whose visits end with death.
  static func cohort(
    _ simulation: CohortSimulation, _ scenario: Scenario,
    using generator: inout some RandomNumberGenerator
  ) -> (LongitudinalTable, [SharedParameterModel.Survival]) {
    let end = (simulation.visitTimes.max() ?? 0) + 1
    let step = 0.05
    var rows: [LongitudinalTable.Row] = []
    var survival: [SharedParameterModel.Survival] = []
    for patient in simulation.simulate(using: &generator) {
      guard let first = patient.rows.first else { continue }
      let therapy = first.therapyTime ?? .infinity
      var left = -Double.log(1 - generator.nextUniform())
      var time = 0.0
      while time < end {
        let middle = time + 0.5 * step
        let value =
          patient.level + patient.slope * middle
          + patient.slopeChange * max(0, middle - therapy)
        let slope = patient.slope + (middle > therapy ? patient.slopeChange : 0)
        let hazard = Double.exp(
          scenario.level + scenario.rise * middle
            - scenario.value * (value - simulation.intercept)
            - scenario.slope * (slope - simulation.slope) / 0.01)
        if hazard * step > left {
          time += left / hazard
          left = -1
          break
        }
        left -= hazard * step
        time += step
      }
      let death = left < 0 ? time : .infinity
      rows += patient.rows.filter { $0.time <= death }
      survival.append(
        .init(
          subject: first.subject, time: max(0.01, min(death, end) - first.time), died: death < end))
    }
    return (LongitudinalTable(checked: rows), survival)
  }
}
