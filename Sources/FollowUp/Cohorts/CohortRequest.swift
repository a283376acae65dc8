import Analyses
import Foundation
import Progression
import Reports

/// What is asked of a cohort: where its values come from, and by what they are compared.
///
/// ```swift
/// var request = CohortRequest(.registry(registry, CohortSource.Selection()))
/// request.subgroups = ["site"]
/// let result = try request.result(of: try request.values())
/// print(result.text)
/// ```
package struct CohortRequest {
  /// Randomised arms that are compared visit by visit.
  package struct Randomised: Sendable {
    /// The analysis.
    package var method: RandomisedArms.Method
    /// Covariance of the visits.
    package var covariance = VisitCovariance.unstructured
    /// Whether the slope of the visits before therapy is a covariate.
    package var includesPreSlope = false

    /// An analysis with unstructured covariance.
    package init(_ method: RandomisedArms.Method) { self.method = method }
  }

  /// What patients who left would have shown.
  package struct Imputation: Sendable {
    /// What they are taken to have gone on like, one imputation each.
    package var rules: [ReferenceImputation.Rule]
    /// Completed data sets.
    package var count = 100
    /// Added to each imputed value of a treated patient, in the unit of the values, or percent of logarithms.
    package var delta = 0.0

    /// Imputation by some rules.
    package init(_ rules: [ReferenceImputation.Rule]) { self.rules = rules }

    /// The imputations.
    ///
    /// - Parameter isLogarithmic: whether delta is in percent.
    func imputations(isLogarithmic: Bool) -> [ReferenceImputation] {
      rules.map {
        ReferenceImputation(
          $0, imputations: count, delta: isLogarithmic ? log1p(delta / 100) : delta)
      }
    }
  }

  /// Where the values come from.
  package var source: CohortSource
  /// The mixed model.
  package var model = CohortModelRequest()
  /// What is computed beside it that needs no data to be said.
  package var options = CohortModel.Options()
  /// Randomised arms compared visit by visit; nil for none.
  package var randomised: Randomised?
  /// Times of the visits after baseline in the unit of the times; nil to find them.
  package var visits: [Double]?
  /// Slope after therapy from which a patient responds, in the values' unit per unit of time, of
  /// logarithms in percent; nil for the share of the decline that the options hold.
  package var responderSlope: Double?
  /// Imputation of what patients who left would have shown; nil for none.
  package var imputation: Imputation?
  /// Controls of earlier trials; nil for none.
  package var earlierTrials: EarlierTrials?
  /// Attributes in whose subgroups the effect is shown.
  package var subgroups: [String] = []
  /// Primary endpoints named beforehand, the first of which is shown in full; empty for none.
  package var primary: [EndpointName] = []
  /// Secondary endpoints, tested where all primary ones were rejected.
  package var secondary: [EndpointName] = []

  /// Everything by its defaults.
  package init(_ source: CohortSource) { self.source = source }

  /// Reads the values that are shown in full: those of the first primary endpoint, or of the source.
  ///
  /// - Throws: `FollowUpError` for values of several muscles of which none is chosen, arms without therapy
  ///   times, and a side that is not told by 0 and 1; `TableError`, `RegistryError`, `ProgressionError`.
  package func values() throws -> CohortValues { try values(of: primary.first) }

  /// What is computed beside the mixed model of some values.
  ///
  /// - Throws: `FollowUpError` for earlier trials, shifts and slopes of responders that cannot be.
  func options(_ values: CohortValues) throws -> CohortModel.Options {
    let isLogarithmic = values.data.isLogarithmic
    try Self.require(responderSlope, "slope of a responder", isLogarithmic: isLogarithmic)
    try Self.require(imputation?.delta, "shift of imputed values", isLogarithmic: isLogarithmic)
    var options = options
    options.randomisedArms = randomised.map {
      RandomisedArms(
        $0.method, covariance: $0.covariance, controlArm: values.model.controlArm,
        covariates: values.model.covariates.filter { !$0.contains(":") },
        includesPreSlope: $0.includesPreSlope, visits: visits)
    }
    if let responderSlope {
      options.responders = ResponderCriterion(
        slope: isLogarithmic ? log1p(responderSlope / 100) : responderSlope)
    }
    options.treatedSide = values.treatedSide
    options.imputations = imputation?.imputations(isLogarithmic: isLogarithmic) ?? []
    options.history = try earlierTrials?.controls(isLogarithmic: isLogarithmic)
    return options
  }

  /// Refuses a number by which no value can be shifted or told.
  private static func require(_ number: Double?, _ name: String, isLogarithmic: Bool) throws {
    guard let number else { return }
    guard isLogarithmic ? number > -100 && number <= 1e6 : abs(number) <= 1e9 else {
      throw FollowUpError(
        .wrongSetting,
        "\(name) \(number): expected "
          + (isLogarithmic ? "percent above -100, at most 1e6" : "a number from -1e9 to 1e9"))
    }
  }

  /// The endpoints named beforehand, tested family by family; nil where none are named.
  private func endpoints(
    beside values: CohortValues, _ options: CohortModel.Options
  ) throws -> EndpointComparison? {
    guard !primary.isEmpty else { return nil }
    func tests(_ names: [EndpointName]) throws -> [EndpointTest] {
      try names.flatMap { name in
        let own = try self.values(of: name)
        return EndpointTest.tests(
          name.text, data: own.data, model: own.model, options: try self.options(own))
      }
    }
    return EndpointComparison(
      primary: try tests(primary), secondary: try tests(secondary),
      analysis: EndpointTest.analysis(values.model, options))
  }

  /// Compares the values, and tests the endpoints.
  ///
  /// - Throws: `FollowUpError` naming the table or the measure where nothing can be compared, and what
  ///   `progress` throws.
  package func result(
    of values: CohortValues, progress: AnalysisProgressHandler = { _ in }
  ) throws -> CohortResult {
    var (place, isTable) = (values.data.measure, false)
    if case .table(let table) = source { (place, isTable) = (table.file, true) }
    let options = try options(values)
    let comparison: CohortComparison
    do {
      comparison = try CohortComparison(
        values.data, model: values.model,
        regression: SegmentedRegression(onsetLag: values.model.onsetLag), options: options,
        isModelRequired: isTable && randomised == nil, cohort: values.cohort, progress: progress)
    } catch let error as ProgressionError {
      throw FollowUpError(path: place, values.data.named(error.description))
    }
    var summary = CohortSummary(comparison, cohort: values.cohort)
    summary.endpoints = try endpoints(beside: values, options)
    return CohortResult(
      values: values, options: options, comparison: comparison, summary: summary)
  }
}

/// A cohort compared as it was asked for, with everything that is shown or written of it.
package struct CohortResult {
  /// What was compared, and by which model.
  package let values: CohortValues
  /// What was computed beside the model.
  package let options: CohortModel.Options
  /// The comparison.
  package let comparison: CohortComparison
  /// The summary for machines.
  package let summary: CohortSummary

  /// The comparison for people.
  package var text: String {
    summary.text(
      randomisedText: comparison.randomised.map { RandomisedPage($0, data: comparison.data).text },
      imputationText: summary.imputation.map { ImputationPage($0, data: comparison.data).text })
  }

  /// The report; `command` is what made it.
  package func report(command: String?) -> CohortReport {
    CohortPage(comparison, summary: summary, cohort: values.cohort, seed: options.seed)
      .report(command: command)
  }

  /// The statistical analysis plan that the comparison followed.
  ///
  /// - Parameters:
  ///   - command: what made it.
  ///   - inputs: files that the values came from.
  package func plan(command: String?, inputs: [InputFile]) -> ReportPage {
    CohortPlan(
      comparison, model: values.model, options: options, endpoints: summary.endpoints,
      dataHash: summary.data?.dataHash
    ).page(command: command, inputs: inputs)
  }

  /// The script that repeats the primary analysis, with the values that it reads from `dataFile`.
  ///
  /// - Throws: `FollowUpError` where the language cannot do the analysis.
  package func script(
    _ language: AnalysisScript.Language, dataFile: String
  ) throws -> AnalysisScript {
    try AnalysisScript(
      comparison, model: values.model, options: options, language: language, dataFile: dataFile)
  }
}
