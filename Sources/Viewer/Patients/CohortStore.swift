import FollowUp
import Foundation
import Progression
import Registry

/// Comparisons of cohorts, each made once for a state of the registry.
actor CohortStore {
  /// What is asked for.
  struct Choice: Hashable, Sendable {
    var measure: String?
    var muscle: String?
    var side: BodySide?
    var therapy: String?
    /// Patients of one arm only.
    var arm: String?
    /// Whether arms are compared; nil where each patient has one.
    var comparesArms: Bool?
    var effects = MixedModel.RandomEffects.m3
    var onsetLag = 0.0
    /// Simulated cohorts for the responder rate by chance; nil for enough.
    var simulations: Int?
  }
  struct Made: Sendable {
    let summary: Carried<CohortSummary>
    let page: Carried<CohortPage>
  }
  private var head = ""
  private var made: [Choice: Task<Made, any Error>] = [:]

  /// The comparison of a choice.
  ///
  /// - Throws: `FollowUpError`, `RegistryError`, `ProgressionError`, or `ViewerError` where values of
  ///   several muscles would be taken for one.
  func comparison(_ choice: Choice, _ registry: PatientRegistry) async throws -> Made {
    let head = try registry.head().hash
    if head != self.head || made.count > 50 {
      self.head = head
      made = [:]
    }
    if let known = made[choice] { return try await known.value }
    let task = Task.detached { try await Background.run { try Self.make(choice, registry) } }
    made[choice] = task
    do {
      return try await task.value
    } catch {
      made[choice] = nil
      throw error
    }
  }

  private static func make(_ choice: Choice, _ registry: PatientRegistry) throws -> Made {
    let values = try RegistryCohort(
      registry, measure: choice.measure, muscle: choice.muscle, side: choice.side,
      therapy: choice.therapy, arm: choice.arm)
    if values.isAmbiguous {
      throw ViewerError.badRequest(
        "\(values.kind.displayName): values of \(values.muscles.count) muscles "
          + "(\(values.muscles.joined(separator: "; "))); choose one, or all for each its own block"
      )
    }
    let model = MixedModel(
      randomEffects: choice.effects,
      armEffects: choice.comparesArms ?? values.data.comparesArms ? .slopeChange : .none,
      muscles: values.muscles.count > 1, onsetLag: choice.onsetLag)
    let comparison = try CohortComparison(
      values.data, model: model, regression: SegmentedRegression(onsetLag: choice.onsetLag),
      options: CohortModel.Options(simulations: choice.simulations), isModelRequired: false)
    let summary = CohortSummary(comparison, cohort: values.cohort)
    return Made(
      summary: Carried(summary),
      page: Carried(CohortPage(comparison, summary: summary, cohort: values.cohort, seed: 1)))
  }
}
