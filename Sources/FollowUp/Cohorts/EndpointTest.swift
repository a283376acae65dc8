import Progression
import Reports

/// What one endpoint of a cohort is tested by: the one analysis that was asked for.
package struct EndpointTest: Encodable {
  /// The endpoint as it was named.
  package let name: String
  /// What the estimate is.
  package let quantity: String
  /// The estimate in the unit of the quantity; nil where it could not be made.
  package let estimate: SlopeText?
  /// Why there is no estimate; it counts as not significant.
  package let reason: String?

  /// The tests of one endpoint: one, or with several arms one for each beside the control.
  ///
  /// In this order: the last visit of randomised arms, the treated against the other side, the chosen
  /// family of counts, the chosen residual structure, the leading effect of the mixed model, whichever was
  /// asked for.
  package static func tests(
    _ name: String, data: CohortTable, model: MixedModel, options: CohortModel.Options
  ) -> [EndpointTest] {
    func shown(
      _ name: String, _ quantity: String, _ estimate: Estimate?, unit: String? = nil,
      isLogarithmic: Bool? = nil
    ) -> EndpointTest {
      EndpointTest(
        name: name, quantity: quantity,
        estimate: estimate.map {
          SlopeText(
            $0, isLogarithmic: isLogarithmic ?? data.isLogarithmic, unit: unit ?? data.slopeUnit)
        }, reason: estimate == nil ? "the chosen model could not be fitted" : nil)
    }
    do {
      if let arms = options.randomisedArms {
        let result = try arms.fit(data.table)
        guard let last = result.visits.last else { return [] }
        let unit = data.isLogarithmic ? "%" : ""
        return last.differences.enumerated().map { index, estimate in
          let arm = result.arms[index + 1]
          return shown(
            result.arms.count > 2 ? "\(name), \(arm)" : name,
            "\(arm) against \(result.arms[0]) at \(NumberText.significant(last.time, 3))"
              + (unit.isEmpty ? "" : " (\(unit))"), estimate, unit: unit)
        }
      }
      if let side = options.treatedSide {
        let result = try SideComparison(data.table, model: model, treated: side)
        return [
          shown(
            name, "treated against other side (\(data.slopeUnit))",
            result.lines[result.chosen].estimate)
        ]
      }
      if let nodes = options.countNodes {
        let result = try CountComparison(data.raw, model: model, nodes: nodes)
        let unit = "% per \(data.timeUnit)"
        return [
          shown(
            name, "\(result.effect) of the counts (\(unit))", result.lines[result.chosen].estimate,
            unit: unit, isLogarithmic: true)
        ]
      }
      let fit = try model.fit(data.table)
      if options.includesResiduals {
        let result = try ResidualComparison(
          data.table, plain: fit,
          groups: options.varianceGroups == nil ? nil : CohortTable.varianceGroup,
          groupName: options.varianceGroups ?? "groups")
        return [
          shown(
            name, "\(result.effect) (\(data.slopeUnit))", result.lines[result.chosen].estimate)
        ]
      }
      let effects =
        try model.criterion == .restricted
        ? fit.kenwardRoger().effects : fit.satterthwaite().effects
      guard
        let effect = ["post:arm", "post", model.timeName].lazy.compactMap({ name in
          effects.first { $0.name == name }
        }).first
      else {
        throw ProgressionError.notEstimable(effect: "the trend", reason: "the model has none")
      }
      return [shown(name, "\(effect.name) (\(data.slopeUnit))", effect.estimate)]
    } catch let error as ProgressionError {
      return [
        EndpointTest(name: name, quantity: "", estimate: nil, reason: error.description)
      ]
    } catch {
      return [EndpointTest(name: name, quantity: "", estimate: nil, reason: "\(error)")]
    }
  }

  /// The analysis in words.
  package static func analysis(_ model: MixedModel, _ options: CohortModel.Options) -> String {
    PrimaryAnalysis(options).text(model)
  }
}

/// Endpoints named beforehand, tested family by family.
package struct EndpointComparison: Encodable {
  /// One endpoint with its adjusted p value.
  package struct Endpoint: Encodable {
    /// Primary or secondary.
    package let family: String
    package let test: EndpointTest
    /// The p value of its own test; nil without an estimate.
    package let p: Double?
    /// The p value adjusted for all endpoints before and beside it.
    package let adjustedP: Double
    /// Whether the families before it left its gate open.
    package let isTested: Bool
    package let isRejected: Bool

    /// What became of its hypothesis.
    package var verdict: String {
      isRejected ? "rejected" : isTested ? "not rejected" : "not tested"
    }
  }

  /// How each endpoint was tested.
  package let analysis: String
  /// The family-wise level, two-sided.
  package let alpha: Double
  package let endpoints: [Endpoint]

  package init(
    primary: [EndpointTest], secondary: [EndpointTest], analysis: String, alpha: Double = 0.05
  ) {
    let families = [primary, secondary].filter { !$0.isEmpty }
    let gate = Gatekeeping(
      families.map { $0.map { ($0.name, $0.estimate?.p ?? .nan) } }, alpha: alpha)
    self.analysis = analysis
    self.alpha = alpha
    endpoints = zip(families, gate.families).enumerated().flatMap { index, family in
      zip(family.0, family.1).map { test, found in
        Endpoint(
          family: index == 0 ? "primary" : "secondary", test: test, p: test.estimate?.p,
          adjustedP: found.adjustedP, isTested: found.isTested, isRejected: found.isRejected)
      }
    }
  }

  /// How to read the table, for every output that shows it.
  package var explanation: String {
    "Each endpoint: \(analysis). Within a family by Holm's method; the secondary family is tested only "
      + "where all primary hypotheses were rejected (serial gatekeeping), so that the chance of any "
      + "false rejection is at most \(Formatting.fixed(alpha, 2)) provided that the endpoints were "
      + "named before the data were seen. An endpoint without an estimate counts as not significant."
  }

  /// The section of a page.
  package var section: ReportSection {
    ReportSection(
      id: "endpoints", title: "Endpoints named beforehand",
      tables: [
        ReportTable(
          caption: "Primary and secondary endpoints",
          columns: [
            .init("Family", isNumeric: false), .init("Endpoint", isNumeric: false),
            .init("Effect", isNumeric: false), .init("Estimate"), .init("95 % interval"),
            .init("p"), .init("Adjusted p"), .init("No effect", isNumeric: false),
          ],
          rows: endpoints.map { item in
            let shown = item.test.estimate
            return [
              item.family, item.test.name, item.test.reason ?? item.test.quantity,
              shown.map { NumberText.signed($0.value, $0.decimals) } ?? "–",
              shown.map {
                "\(NumberText.signed($0.valueLower, $0.decimals)) to "
                  + NumberText.signed($0.valueUpper, $0.decimals)
              } ?? "–", item.p.map { NumberText.pValue($0, isBare: true) } ?? "–",
              NumberText.pValue(item.adjustedP, isBare: true), item.verdict,
            ]
          },
          markedRows: Set(endpoints.indices.filter { endpoints[$0].isRejected }),
          notes: [explanation])
      ])
  }
}
