import Progression
import Reports

/// The effect of the main analysis in the subgroups of one attribute, as outputs show it.
package struct SubgroupSummary: Encodable {
  /// One subgroup.
  package struct Group: Encodable {
    package let name: String
    /// Patients of each arm, the control first; one number where arms are not compared.
    package let patients: [Int]
    /// One estimate for each of `effects`.
    package let estimates: [SlopeText]
  }

  package let attribute: String
  /// What is estimated, as in the main analysis.
  package let effects: [String]
  /// The arms that `patients` counts; empty where arms are not compared.
  package let arms: [String]
  package let groups: [Group]
  /// The same effects in the same patients without subgroups.
  package let overall: [SlopeText]
  /// The test that the effects are the same in all subgroups; nil where there is none.
  package let interaction: LinearHypothesis?
  /// Patients whose attribute is not known.
  package let unknown: Int
  /// Subgroups with too few patients, which are left out.
  package let small: [String]
  package let remark: String?
  /// Why there is no comparison.
  package let reason: String?

  /// Compares the effect of the primary analysis in the subgroups.
  package init(
    _ own: Subgrouping, data: CohortTable, model: MixedModel, options: CohortModel.Options
  ) {
    let primary = PrimaryAnalysis(options)
    var isLogarithmic = data.isLogarithmic
    var unit = data.slopeUnit
    attribute = own.attribute
    remark = own.remark
    do {
      let found: SubgroupComparison
      switch primary {
      case .visits(let arms):
        unit = data.isLogarithmic ? "%" : ""
        found = try SubgroupComparison(
          data.table, attribute: own.attribute, labels: own.labels, randomised: arms)
      case .sides:
        found = try SubgroupComparison(
          data.table, attribute: own.attribute, labels: own.labels,
          model: SideComparison.model(
            model, treated: options.treatedSide ?? "", sideSlopes: true),
          effect: options.treatedSide.map { "post:\($0)" })
      case .counts:
        isLogarithmic = true
        unit = "% per \(data.timeUnit)"
        found = try SubgroupComparison(
          data.raw, attribute: own.attribute, labels: own.labels, model: model,
          analysis: .counts(nodes: options.countNodes ?? 1))
      case .residuals:
        found = try SubgroupComparison(
          data.table, attribute: own.attribute, labels: own.labels, model: model,
          analysis: .residuals(
            groups: options.varianceGroups == nil ? nil : CohortTable.varianceGroup))
      case .slopes:
        found = try SubgroupComparison(
          data.table, attribute: own.attribute, labels: own.labels, model: model)
      }
      func shown(_ estimate: Estimate) -> SlopeText {
        SlopeText(estimate, isLogarithmic: isLogarithmic, unit: unit)
      }
      effects = found.effects
      arms = found.arms
      groups = found.groups.map {
        Group(name: $0.name, patients: $0.patients, estimates: $0.estimates.map(shown))
      }
      overall = found.overall.map(shown)
      interaction = found.interaction
      unknown = found.unknown
      small = found.small
      reason = nil
    } catch {
      effects = []
      arms = []
      groups = []
      overall = []
      interaction = nil
      unknown = 0
      small = []
      reason = (error as? ProgressionError)?.description ?? String(describing: error)
    }
  }

  /// How to read subgroups, for every output that shows them.
  package static let explanation =
    "Subgroups are exploratory: nothing is adjusted for their number, and intervals of a subgroup that "
    + "hold or miss zero say nothing about a difference between subgroups; the test of the interaction "
    + "does. Where it was not planned beforehand it can only raise a question."

  /// The test of the interaction in words.
  package var interactionText: String {
    guard let interaction else { return reason ?? "" }
    return "interaction \(NumberText.pValue(interaction.p)) "
      + "(F \(Formatting.fixed(interaction.f, 2)) on \(Formatting.plain(interaction.numerator)) and "
      + "\(Formatting.fixed(interaction.denominator, 1)) df)"
  }

  /// Patients of a subgroup by arm.
  package func count(_ group: Group) -> String {
    group.patients.map(String.init).joined(separator: " + ")
  }

  /// What was left out or divided, for the reader.
  package var remarks: [String] {
    [remark].compactMap { $0 }
      + (unknown > 0 ? ["\(attribute): \(unknown) patients without it left out"] : [])
      + (small.isEmpty
        ? []
        : [
          "\(attribute): too few patients in \(small.prefix(6).joined(separator: ", ")), left out"
        ])
  }

  /// The section of a page; nil without subgroups.
  ///
  /// - Parameters:
  ///   - effect: what is estimated, for the axis.
  ///   - risesWithLoss: whether a rising value means loss.
  package static func section(
    _ all: [SubgroupSummary], effect: String, risesWithLoss: Bool
  ) -> ReportSection? {
    guard !all.isEmpty else { return nil }
    let fitted = all.filter { !$0.groups.isEmpty }
    var section = ReportSection(
      id: "subgroups", title: "Subgroups", paragraphs: [explanation])
    for place in (fitted.first?.effects ?? []).indices {
      let attributes = fitted.map { own in
        SubgroupForestFigure.Attribute(
          name: own.attribute, interaction: ReportWording.withMinusSigns(own.interactionText),
          rows: own.groups.map {
            SubgroupForestFigure.Row(
              name: $0.name, patients: own.count($0), estimate: $0.estimates[place].interval)
          })
      }
      let first = fitted[0]
      let unit = first.overall[place].unit
      let several = first.effects.count > 1
      let complete = fitted.first { $0.unknown == 0 && $0.small.isEmpty }
      let overall = complete ?? first
      section.figures.append(
        SubgroupForestFigure(
          valueTitle: effect + (several ? ", \(first.effects[place])" : "")
            + (unit.isEmpty ? "" : " (\(unit))"), attributes: attributes,
          overall: SubgroupForestFigure.Row(
            name: complete == nil ? "All by \(first.attribute)" : "All patients",
            patients: overall.count(
              Group(
                name: "",
                patients: overall.groups[0].patients.indices.map { k in
                  overall.groups.reduce(0) { $0 + $1.patients[k] }
                }, estimates: [])), estimate: overall.overall[place].interval),
          sides: risesWithLoss
            ? .init(below: "better", above: "worse") : .init(below: "worse", above: "better"),
          note: first.arms.count > 1
            ? "Patients by arm: \(first.arms.joined(separator: " + "))." : ""
        ).figure(id: "subgroup-forest\(place == 0 ? "" : String(place))"))
    }
    section.tables = fitted.map { own in
      let decimals = SlopeText.decimals(own.groups.flatMap { $0.estimates })
      return ReportTable(
        caption: "By \(own.attribute)",
        columns: [
          .init("Subgroup", isNumeric: false),
          .init("Patients" + (own.arms.isEmpty ? "" : " (\(own.arms.joined(separator: " + ")))")),
          .init("Effect", isNumeric: false),
          .init("Estimate"), .init("95 % interval"),
        ],
        rows: own.groups.flatMap { group in
          zip(own.effects, group.estimates).map { name, estimate in
            [
              group.name, own.count(group), name,
              NumberText.signed(estimate.value, decimals),
              "\(NumberText.signed(estimate.valueLower, decimals)) to "
                + NumberText.signed(estimate.valueUpper, decimals),
            ]
          }
        }, notes: ([own.interactionText] + own.remarks).map { "\($0)." })
    }
    section.paragraphs += all.compactMap { own in
      own.reason.map { "\(own.attribute): no comparison (\($0))." }
    }
    return section
  }
}
