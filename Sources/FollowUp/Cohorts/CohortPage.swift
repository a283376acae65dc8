import Analyses
import Foundation
import Progression
import Registry
import Reports

/// The report of a cohort: courses, slowing by patient, change of slope, tables.
package struct CohortPage {
  package let comparison: CohortComparison
  package let summary: CohortSummary
  private let cohort: CohortSeries?
  private let seed: UInt64
  private let armNames: [String: String]
  private let endings: [String: WaterfallFigure.Ending]
  package let posteriors: [String: CohortSummary.Posterior]

  package init(
    _ comparison: CohortComparison, summary: CohortSummary, cohort: CohortSeries?, seed: UInt64
  ) {
    self.comparison = comparison
    self.summary = summary
    self.cohort = cohort
    self.seed = seed
    armNames = Dictionary(
      comparison.data.table.rows.compactMap { row in row.arm.map { (row.subject, $0) } },
      uniquingKeysWith: { first, _ in first })
    posteriors = Dictionary(
      uniqueKeysWithValues: (summary.posterior ?? []).map { ($0.subject, $0) })
    endings = Self.endings(cohort)
  }

  package var data: CohortTable { comparison.data }

  /// What is compared, as the title of the page.
  private var title: String {
    if data.table.rows.contains(where: { $0.therapyTime != nil }) {
      return "Before and after therapy"
    }
    return comparison.randomised == nil ? "Course of a cohort" : "Randomised arms"
  }

  package func report(command: String?) -> CohortReport {
    CohortReport(
      title: title, context: ["\(summary.subjects) patients"],
      measure: summary.measure, keyFigures: keyFigures, courses: courses,
      visitMeans: visitMeans, patients: panels,
      forest: forest, waterfall: waterfall, survival: comparison.survival?.section,
      endpoints: summary.endpoints?.section, subgroups: subgroupSection,
      randomised: randomised?.section,
      imputation: imputation?.section, tables: tables,
      estimands: summary.estimands.isEmpty ? nil : Estimand.section(summary.estimands),
      flow: summary.flow?.table, check: modelCheck,
      deathCount: summary.deaths ?? 0,
      withdrawalCount: summary.withdrawals ?? 0,
      unexplainedCount: data.attrition?.unexplained.count ?? 0,
      knowsEndings: data.attrition != nil, isIdentifiedCount: data.isIdentifiedCount,
      hasControlArm: summary.fixed?.contains { $0.name.hasPrefix("post:arm") } ?? false,
      methods: methods, warnings: (summary.reason.map { [$0] } ?? []) + summary.warnings,
      provenance: Provenance(
        version: SoftwareVersion.number, command: command, seed: seed, parameters: parameters,
        dataHash: summary.data?.dataHash))
  }

  private var subgroupSection: ReportSection? {
    SubgroupSummary.section(
      comparison.subgroups, effect: comparison.primary, risesWithLoss: data.risesWithLoss)
  }

  private func shown(_ slope: Double) -> Double {
    data.isLogarithmic ? Estimate.percent(slope) : slope
  }

  func value(_ fitted: Double) -> Double { data.isLogarithmic ? exp(fitted) : fitted }

  /// The arms that are compared, or those of the table where no model could be fitted.
  var arms: [String] {
    guard summary.fixed?.contains(where: { $0.name.hasSuffix("arm") }) ?? true else { return [] }
    let names = data.table.arms
    guard names.count > 1 else { return [] }
    // The control first, as where arms are compared by visit or by survival: one arm keeps its colour.
    let control =
      comparison.randomised?.arms.first ?? (summary.model ?? MixedModel()).control(among: names)
    return names.filter { $0 == control } + names.filter { $0 != control }
  }

  func arm(of subject: String) -> Int {
    arms.firstIndex(of: armNames[subject] ?? "") ?? 0
  }

  private var keyFigures: [KeyFigure] {
    var result: [KeyFigure] = []
    if let effect = comparison.model?.leadingEffect {
      let slope = SlopeText(
        effect.estimate, isLogarithmic: data.isLogarithmic, unit: data.slopeUnit)
      result.append(
        KeyFigure(
          label: effect.name == "post"
            ? "Change of slope"
            : effect.name == "post:arm" ? "Difference between arms" : "Treated against other side",
          value: NumberText.signed(slope.value, slope.decimals),
          detail: "\(data.slopeUnit) (\(NumberText.signed(slope.valueLower, slope.decimals)) to "
            + "\(NumberText.signed(slope.valueUpper, slope.decimals)))"
            + (slope.p.map { ", \(NumberText.pValue($0))" } ?? "")))
    }
    // Of the treated side its own, not that of both sides after therapy.
    let sides = summary.sides.map { $0.lines[$0.chosen].slowing }
    if let slowing = sides ?? summary.slowing {
      result.append(
        KeyFigure(
          label: "Slowing", value: "\(NumberText.fixed(slowing.percentSlowing, 0)) %",
          detail: summary.sides == nil
            ? ReportWording.withMinusSigns(slowing.text) : "of the later slope of the other side"))
    }
    if let responders = summary.responders {
      result.append(
        KeyFigure(
          label: "Responders", value: "\(responders.responders.count) of \(responders.patients)",
          detail: responders.chance.map {
            "by chance alone \(NumberText.percent($0.posterior, 1))"
          } ?? ""))
    }
    if let signTest = summary.signTest {
      result.append(
        KeyFigure(
          label: arms.isEmpty ? "Slower after" : "Slower after, all arms",
          value: "\(signTest.positive) of "
            + "\(signTest.positive + signTest.negative + signTest.zero)",
          detail: "sign test \(NumberText.pValue(signTest.p))"))
    }
    return result
  }

  private var forest: ForestFigure? {
    guard let posterior = summary.posterior, !posterior.isEmpty else { return nil }
    let raw = Dictionary(
      uniqueKeysWithValues: summary.patients.map { ($0.subject, $0.difference?.value) })
    return ForestFigure(
      valueTitle: "Slowing of the decline, "
        + (data.isLogarithmic ? "percentage points per \(data.timeUnit)" : data.slopeUnit),
      rows: posterior.map { item in
        ForestFigure.Row(
          pseudonym: item.subject,
          posterior: IntervalEstimate(
            value: shown(item.change), lower: shown(item.lower), upper: shown(item.upper)),
          raw: raw[item.subject] ?? nil, arm: arms.isEmpty ? nil : arm(of: item.subject))
      },
      cohort: comparison.model?.leadingEffect.map {
        SlopeText($0.estimate, isLogarithmic: data.isLogarithmic, unit: data.slopeUnit).interval
      },
      cohortName: comparison.model?.leadingEffect?.name == "post"
        ? "Cohort" : comparison.sides == nil ? "Between arms" : "Between sides", arms: arms)
  }

  private var waterfall: WaterfallFigure? {
    guard let posterior = summary.posterior, !posterior.isEmpty else { return nil }
    return WaterfallFigure(
      bars: posterior.map { item in
        WaterfallFigure.Bar(
          pseudonym: item.subject,
          // Without a decline before there is nothing to take a share of.
          slowingPercent: item.slope < 0 ? -100 * item.change / item.slope : .nan,
          arm: arm(of: item.subject), ending: endings[item.subject])
      },
      arms: arms,
      // A slope after therapy is no share of the slope before.
      responderPercent: summary.responders.flatMap {
        $0.criterion.slope == nil ? 100 * $0.criterion.share : nil
      },
      chancePercent: summary.responders?.chance?.slowingOfATenth,
      responders: summary.responders.map {
        WaterfallFigure.Responders(
          count: $0.responders.count, judged: $0.patients, chanceShare: $0.chance?.posterior)
      })
  }

  private static func endings(_ cohort: CohortSeries?) -> [String: WaterfallFigure.Ending] {
    guard let cohort else { return [:] }
    let names = Dictionary(uniqueKeysWithValues: cohort.subjects.map { ($0.id, $0.pseudonym) })
    var result: [String: WaterfallFigure.Ending] = [:]
    for event in cohort.events {
      guard let name = names[event.subject] else { continue }
      switch event.kind {
      case .death: result[name] = .death
      case .withdrawal, .lostToFollowUp: result[name] = result[name] ?? .withdrawal
      default: continue
      }
    }
    return result
  }
}
