import Analyses
import Progression
import Registry
import Reports

/// Survival as a section of a page, and as a page of its own.
package struct SurvivalPage {
  package let comparison: SurvivalComparison
  package let summary: SurvivalSummary

  package init(_ comparison: SurvivalComparison, summary: SurvivalSummary) {
    self.comparison = comparison
    self.summary = summary
  }

  /// The curves.
  package var figure: SurvivalFigure {
    SurvivalFigure(
      curves: comparison.arms.map { arm in
        let curve = arm.curve
        return SurvivalFigure.Curve(
          name: arm.name, times: curve.steps.map(\.time), survival: curve.steps.map(\.survival),
          lower: curve.steps.map { $0.lower ?? .nan }, upper: curve.steps.map { $0.upper ?? .nan },
          censored: curve.censored,
          end: max(curve.steps.last?.time ?? 0, curve.censored.last ?? 0),
          atRisk: { curve.atRisk(at: $0) })
      },
      timeTitle: summary.timeUnit.hasPrefix("unit")
        ? "Time, in the \(summary.timeUnit)"
        : "\(summary.timeUnit.capitalized)s from \(summary.timeZero)",
      shareTitle: "Share without \(summary.eventNames)",
      notes: summary.logRank.map { ["Log-rank test \(NumberText.pValue($0.p))"] } ?? [])
  }

  /// Arms and tests.
  package var tables: [ReportTable] {
    let digits = { (value: Double?) in value.map { NumberText.fixed($0, 2) } ?? "–" }
    var result = [
      ReportTable(
        caption: "Survival without \(summary.eventNames), in \(summary.timeUnit)s",
        columns: [
          .init("Arm", isNumeric: false), .init("Patients"), .init("Events"), .init("Median"),
          .init("95 % interval"), .init("Mean to \(summary.horizonText)"),
          .init("SE"),
        ],
        rows: comparison.arms.map { arm in
          [
            arm.name.isEmpty ? "all" : arm.name, String(arm.patients), String(arm.events),
            digits(arm.median.time),
            arm.median.lower == nil && arm.median.upper == nil
              ? "–" : "\(digits(arm.median.lower)) to \(digits(arm.median.upper))",
            digits(arm.restrictedMean.mean), digits(arm.restrictedMean.standardError),
          ]
        },
        notes: comparison.arms.contains { $0.median.time == nil }
          ? ["A dash in place of the median: fewer than half have had an event."] : [])
    ]
    if !summary.tests.isEmpty {
      result.append(
        ReportTable(
          caption: "Comparison of the arms",
          columns: [.init("Analysis", isNumeric: false), .init("Result", isNumeric: false)],
          rows: summary.tests.map { [$0.label, ReportWording.withMinusSigns($0.statement)] },
          notes: summary.jointRanks.isEmpty ? [] : [SurvivalSummary.jointRankExplanation]))
    }
    return result
  }

  /// The section.
  package var section: ReportSection {
    ReportSection(
      id: "survival", title: "Function and survival",
      paragraphs: ["\(summary.accounting); times count from \(summary.timeZero)."]
        + summary.warnings.map { "\($0.prefix(1).uppercased())\($0.dropFirst())." },
      figures: [figure.figure(id: "survival-curves")], tables: tables)
  }

  private var keyFigures: [KeyFigure] {
    func detail(_ unit: String, _ lower: Double, _ upper: Double, _ p: Double) -> String {
      "\(unit)95 % interval \(NumberText.interval(lower, upper, 2)), \(NumberText.pValue(p))"
    }
    var result: [KeyFigure] = []
    if let logRank = summary.logRank {
      result.append(
        KeyFigure(
          label: "Log-rank test", value: NumberText.pValue(logRank.p),
          detail: "chi-squared \(NumberText.fixed(logRank.statistic, 2)) on "
            + "\(logRank.degreesOfFreedom) df"))
    }
    result += (summary.hazardRatios ?? []).map { ratio in
      KeyFigure(
        label: "Hazard ratio, \(ratio.name)", value: NumberText.fixed(ratio.hazardRatio, 2),
        detail: detail("", ratio.lower, ratio.upper, ratio.p))
    }
    result += summary.jointRanks.map { joint in
      KeyFigure(
        label: "Joint rank, \(joint.arm)",
        value: NumberText.signed(joint.difference.estimate, 1),
        detail: detail(
          "mean rank, ", joint.difference.lower, joint.difference.upper, joint.difference.p))
    }
    result += summary.meanDifferences.filter(\.p.isFinite).map { difference in
      KeyFigure(
        label: "Mean time, \(difference.arm)", value: NumberText.signed(difference.estimate, 2),
        detail: detail(
          "\(summary.timeUnit)s up to \(summary.horizonText), ", difference.lower,
          difference.upper, difference.p))
    }
    return result
  }

  /// The page.
  package func page(command: String?, dataHash: String? = nil) -> ReportPage {
    ReportPage(
      kind: "Survival report", title: "Survival without \(summary.eventNames)",
      subtitle: [summary.accounting, summary.measure].compactMap { $0 }.joined(separator: " · "),
      keyFigures: Array(keyFigures.prefix(4)),
      warnings: summary.warnings,
      sections: [
        section,
        ReportSection(
          id: "method", title: "Method and limits",
          paragraphs: [
            "Curves after Kaplan and Meier 1958 with Greenwood's errors; log-rank test after Mantel 1966, "
              + "hazard ratios by Cox's model with Efron's ties, both within strata; restricted means up "
              + "to the longest follow-up that all arms have; joint rank after Finkelstein and Schoenfeld "
              + "1999 and Berry et al. 2013. Follow-up without an event counts as censored, which takes "
              + "leaving as unrelated to the event.",
            FollowUpWording.arms,
          ], isBoxed: true),
      ],
      provenance: Provenance(
        version: SoftwareVersion.number, command: command, parameters: [], dataHash: dataHash))
  }
}
