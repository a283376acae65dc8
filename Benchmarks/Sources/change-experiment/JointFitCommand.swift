import ArgumentParser
import Foundation
import MotorUnits
import Signal

/// Fits the laws behind joint links on recorded visits.
struct JointFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "joint-fit",
    abstract: "Fit the laws of shares, pairs and joining that follow units over visits.")

  @Argument(help: "Folder with the visits that visits made.")
  var folder: String
  @OptionGroup var muscles: MuscleArguments
  @Option(help: "Rounds of grouping with the law so far and fitting it anew.")
  var rounds = 4

  @Option(help: "Seed of the visits with few units.")
  var seed: UInt64 = 4101

  /// What visits of several muscles count: there are as many of them as of one, but such a mistake is rare.
  private static let mixtureWeight = 0.25

  func run() throws {
    let whole = try CoursePatient.all(VisitFolder(folder: URL(fileURLWithPath: folder)), muscles)
    var random = SeededGenerator(seed: seed, stream: 16)
    let patients = whole.flatMap { patient in
      [patient] + [true, false].map { patient.thinned(same: $0, using: &random) }
    }
    var configuration = UnitIdentities.Configuration()
    guard let shareLaw = Self.shareLaw(patients) else { throw nothing("pair of visits") }
    configuration.shared = SharedUnitsLaw(law: shareLaw)
    guard let pairLaw = Self.pairLaw(patients, configuration) else {
      throw nothing("pair of units")
    }
    configuration.pairLaw = pairLaw
    print("law of shares: intercept \(shareLaw.intercept)\nweights \(shareLaw.weights)")
    guard let matchingLaw = Self.matchingLaw(patients, configuration.shared) else {
      throw nothing("candidate")
    }
    print(
      "law of two recordings: intercept \(matchingLaw.intercept)\nweights \(matchingLaw.weights)")
    print("law of pairs: intercept \(pairLaw.intercept)\nweights \(pairLaw.weights)")
    configuration.acceptedFrom = 0.05
    for round in 1...rounds {
      var rows: [[Double]] = []
      var labels: [Double] = []
      var weights: [Double] = []
      for patient in patients {
        for step in UnitIdentities.steps(patient.evidence, configuration: configuration) {
          rows.append(step.evidence.features)
          labels.append(patient.rightShare(step.first, step.second))
          weights.append(Self.weight(patient))
        }
      }
      guard let law = LogisticFit.fit(rows, shares: labels, weights: weights) else {
        throw nothing("step of joining")
      }
      configuration.joiningLaw = law
      print("round \(round): \(rows.count) steps; intercept \(law.intercept)")
      print("weights \(law.weights)")
    }
  }

  private func nothing(_ what: String) -> ValidationError {
    ValidationError(
      "\(folder) has no \(what) of these muscles to fit to; make visits with the command visits")
  }

  private static func weight(_ patient: CoursePatient) -> Double {
    patient.isOneMuscle ? 1 : mixtureWeight
  }

  /// The share of true ones among the mutual best pairs of two visits, which share their fate: five
  /// of them count as one.
  private static func shareLaw(_ patients: [CoursePatient]) -> LogisticLaw? {
    var rows: [[Double]] = []
    var shares: [Double] = []
    var weights: [Double] = []
    for patient in patients {
      for pair in patient.evidence.visitPairs() where !pair.mutual.isEmpty {
        let right = pair.mutual.count { patient.isSame($0.first, $0.second) }
        rows.append(pair.features)
        shares.append(Double(right) / Double(pair.mutual.count))
        weights.append(Double(pair.mutual.count) / 5 * weight(patient))
      }
    }
    return LogisticFit.fit(rows, shares: shares, weights: weights, penalty: 5)
  }

  /// The calibration of `UnitMatching`, with its weight of electrodes, which are 64 in all arrays here.
  private static func matchingLaw(
    _ patients: [CoursePatient], _ shared: SharedUnitsLaw
  ) -> LogisticLaw? {
    var rows: [[Double]] = []
    var labels: [Double] = []
    var weights: [Double] = []
    for patient in patients {
      for pair in patient.evidence.visitPairs(shared).flatMap(\.mutual) {
        rows.append(pair.evidence.features)
        labels.append(patient.isSame(pair.first, pair.second) ? 1 : 0)
        weights.append(weight(patient))
      }
    }
    return fit(rows, labels, weights, setting: 5, to: UnitMatchCalibration.surface.weights[5])
  }

  /// Fits a law of which one weight is set.
  private static func fit(
    _ rows: [[Double]], _ labels: [Double], _ weights: [Double], setting place: Int,
    to value: Double
  ) -> LogisticLaw? {
    // Taken about their mean, so that the search begins near its end.
    let mean = rows.reduce(0) { $0 + $1[place] } / Double(max(1, rows.count))
    var law = LogisticFit.fit(
      rows.map { row in row.indices.filter { $0 != place }.map { row[$0] } }, shares: labels,
      offsets: rows.map { value * ($0[place] - mean) }, weights: weights)
    law?.intercept -= value * mean
    law?.weights.insert(value, at: place)
    return law
  }

  private static func pairLaw(
    _ patients: [CoursePatient], _ configuration: UnitIdentities.Configuration
  ) -> LogisticLaw? {
    var rows: [[Double]] = []
    var labels: [Double] = []
    var weights: [Double] = []
    for patient in patients {
      for pair in patient.evidence.unitPairs(configuration) {
        let isSame = patient.isSame(pair.first, pair.second)
        guard pair.similarity > 0.5 || isSame else { continue }
        rows.append(pair.features)
        labels.append(isSame ? 1 : 0)
        weights.append(weight(patient))
      }
    }
    print("\(rows.count) pairs, \(labels.reduce(0, +)) true")
    // All arrays of the fit have 64 electrodes, so that the weight of fewer ones is set, not fitted.
    return fit(
      rows, labels, weights, setting: 6, to: UnitIdentities.Configuration().pairLaw.weights[6])
  }
}
