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
      measure: summary.measure, keyFigures: keyFigures, courses: courses, patients: panels,
      forest: forest, waterfall: waterfall, survival: comparison.survival?.section,
      endpoints: summary.endpoints?.section, randomised: randomised?.section,
      imputation: imputation?.section, tables: tables,
      estimands: Estimand.section(summary.estimands),
      deathCount: summary.deaths ?? 0,
      withdrawalCount: summary.withdrawals ?? 0,
      unexplainedCount: data.attrition?.unexplained.count ?? 0,
      knowsEndings: data.attrition != nil, isIdentifiedCount: data.isIdentifiedCount,
      hasControlArm: summary.fixed?.contains { $0.name == "post:arm" } ?? false,
      methods: methods, warnings: summary.warnings,
      provenance: Provenance(
        version: SoftwareVersion.number, command: command, seed: seed, parameters: parameters,
        dataHash: summary.data?.dataHash))
  }

  private func shown(_ slope: Double) -> Double {
    data.isLogarithmic ? Estimate.percent(slope) : slope
  }

  private func value(_ fitted: Double) -> Double { data.isLogarithmic ? exp(fitted) : fitted }

  private var arms: [String] {
    summary.fixed?.contains { $0.name.hasSuffix("arm") } ?? (comparison.randomised != nil)
      ? Set(data.table.rows.compactMap(\.arm)).sorted() : []
  }

  private func arm(of subject: String) -> Int {
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
          value: "\(Formatting.signed(slope.value, slope.decimals)) \(data.slopeUnit)",
          detail: "\(Formatting.signed(slope.valueLower, slope.decimals)) to "
            + "\(Formatting.signed(slope.valueUpper, slope.decimals)), "
            + (slope.p.map { NumberText.pValue($0) } ?? "")))
    }
    // Of the treated side its own, not that of both sides after therapy.
    let sides = summary.sides.map { $0.lines[$0.chosen].slowing }
    if let slowing = sides ?? summary.slowing {
      result.append(
        KeyFigure(
          label: "Slowing", value: "\(Formatting.fixed(slowing.percentSlowing, 0)) %",
          detail: summary.sides == nil ? slowing.text : "of the later slope of the other side"))
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

  private var courses: CohortSpaghettiFigure {
    // Without any therapy the arms count from the first visit.
    let firstVisit =
      data.table.rows.contains { $0.therapyTime != nil } ? nil : data.table.rows.map(\.time).min()
    let origin = firstVisit == nil ? "start of therapy" : "the first visit"
    // One line for each muscle: joined into one they would jump between muscles at every visit.
    let patients = data.table.subjects.flatMap {
      subject, rows -> [CohortSpaghettiFigure.Patient] in
      guard let therapy = rows.first?.therapyTime ?? firstVisit else { return [] }
      return Dictionary(grouping: rows) { $0.muscle ?? "" }.sorted { $0.key < $1.key }.map {
        _, own in
        CohortSpaghettiFigure.Patient(
          pseudonym: subject, months: own.map { $0.time - therapy },
          values: own.map { value($0.value) }, arm: arms.isEmpty ? nil : arm(of: subject))
      }
    }
    return CohortSpaghettiFigure(
      measure: data.measure, patients: patients, means: means(patients),
      isLogarithmic: data.isLogarithmic,
      timeTitle: data.timeUnit.hasPrefix("unit")
        ? "Time from \(origin), in the unit of the table"
        : "\(data.timeUnit.capitalized)s from \(origin)")
  }

  /// The model's mean with its interval, at the mean therapy time; none for further covariates.
  private func means(_ patients: [CohortSpaghettiFigure.Patient]) -> [CohortSpaghettiFigure.Mean] {
    guard let model = comparison.model, let exact = model.kenwardRoger,
      model.fit.model.covariates.isEmpty,
      let first = patients.flatMap(\.months).min(), let last = patients.flatMap(\.months).max(),
      last > first, arms.count < 3
    else { return [] }
    let starts = data.table.subjects.compactMap { $0.rows.first?.therapyTime }
    let start = starts.reduce(0, +) / Double(max(1, starts.count))
    let muscles = Double(model.fit.effectNames.count { $0.hasPrefix("muscle") })
    let lag = model.fit.model.onsetLag
    let control = CohortModel.controlArm(data.table, model.fit.model)
    let months = (0...40).map { first + (last - first) * Double($0) / 40 }
    return (arms.isEmpty ? ["All patients"] : arms).map { arm in
      let isTreated = arms.isEmpty || arm != control ? 1.0 : 0
      let estimates = months.map { month in
        exact.estimate(
          model.fit.effectNames.map { name -> Double in
            let post = max(0, month - lag)
            switch name {
            case "(Intercept)": return 1
            case model.fit.model.timeName: return month + start
            case "post": return post
            case "step": return post > 0 ? 1 : 0
            case "arm": return isTreated
            case "post:arm": return post * isTreated
            case "\(model.fit.model.timeName):arm": return (month + start) * isTreated
            default: return name.hasPrefix("muscle") ? 1 / muscles : 0
            }
          })
      }
      return CohortSpaghettiFigure.Mean(
        name: arms.isEmpty ? arm : "arm \(arm)",
        line: TrendLine(
          months: months, fit: estimates.map { value($0.value) },
          lower: estimates.map { value($0.lower) }, upper: estimates.map { value($0.upper) }))
    }
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
          pseudonym: arms.isEmpty
            ? item.subject : "\(item.subject) (\(armNames[item.subject] ?? "no arm"))",
          posterior: IntervalEstimate(
            value: shown(item.change), lower: shown(item.lower), upper: shown(item.upper)),
          raw: raw[item.subject] ?? nil)
      },
      cohort: comparison.model?.leadingEffect.map {
        SlopeText($0.estimate, isLogarithmic: data.isLogarithmic, unit: data.slopeUnit).interval
      },
      cohortName: comparison.model?.leadingEffect?.name == "post"
        ? "Cohort" : comparison.sides == nil ? "Between arms" : "Between sides")
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
      arms: arms, chancePercent: summary.responders?.chance?.slowingOfATenth,
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
