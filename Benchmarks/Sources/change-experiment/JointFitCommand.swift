import ArgumentParser
import Foundation
import MotorUnits

/// Fits the laws behind joint links on recorded visits.
struct JointFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "joint-fit",
    abstract: "Fit the laws of pairs and of joining that follow units over visits.")

  @Argument(help: "Folder with the visits that visits made.")
  var folder: String
  @OptionGroup var muscles: MuscleArguments
  @Option(help: "Rounds of grouping with the law so far and fitting it anew.")
  var rounds = 4

  func run() throws {
    let patients = try CoursePatient.all(VisitFolder(folder: URL(fileURLWithPath: folder)), muscles)
    var rows: [[Double]] = []
    var labels: [Double] = []
    var mutualCount = 0
    var mutualRight = 0
    for patient in patients {
      for pair in patient.evidence.unitPairs {
        let isSame = patient.isSame(pair.first, pair.second)
        if pair.isMutual {
          mutualCount += 1
          mutualRight += isSame ? 1 : 0
        }
        guard pair.evidence.similarity > 0.5 || isSame else { continue }
        rows.append(pair.evidence.features)
        labels.append(isSame ? 1 : 0)
      }
    }
    var configuration = UnitIdentities.Configuration()
    // All arrays of the fit have 64 electrodes, so that the weight of fewer ones is set, not fitted.
    let weight = UnitIdentities.Configuration().pairLaw.weights.last ?? 0
    guard
      var pairLaw = LogisticFit.fit(
        rows.map { Array($0.dropLast()) }, shares: labels,
        offsets: rows.map { weight * ($0.last ?? 0) })
    else { return }
    pairLaw.weights.append(weight)
    configuration.pairLaw = pairLaw
    configuration.baseShare = Double(mutualRight) / Double(max(1, mutualCount))
    print("\(rows.count) pairs, \(labels.reduce(0, +)) true; base share \(configuration.baseShare)")
    print("pair law: intercept \(pairLaw.intercept)\nweights \(pairLaw.weights)")
    configuration.acceptedFrom = 0.05
    for round in 1...rounds {
      rows = []
      labels = []
      for patient in patients {
        for step in UnitIdentities.steps(patient.evidence, configuration: configuration) {
          rows.append(step.evidence.features)
          labels.append(patient.rightShare(step.first, step.second))
        }
      }
      guard let law = LogisticFit.fit(rows, shares: labels) else { return }
      configuration.joiningLaw = law
      print("round \(round): \(rows.count) steps; intercept \(law.intercept)")
      print("weights \(law.weights)")
    }
  }
}
