import Progression
import Reports

extension CohortPage {
  /// The arms without and with controls of earlier trials.
  func historyTable(_ historical: HistoricalComparison) -> ReportTable {
    let decimals = historical.decimals(isLogarithmic: data.isLogarithmic)
    return ReportTable(
      caption: ReportWording.quantity(
        "Controls of earlier trials, \(historical.title)", in: data.slopeUnit),
      columns: [
        .init("Analysis", isNumeric: false), .init("Mean"), .init("95 % interval"),
        .init("Remark", isNumeric: false),
      ],
      rows: historical.lines(isLogarithmic: data.isLogarithmic).map { line in
        [
          line.name, NumberText.signed(line.value, decimals),
          "\(NumberText.signed(line.lower, decimals)) to "
            + NumberText.signed(line.upper, decimals), line.remark,
        ]
      },
      notes: historical.worth.map { "\($0)." } + [HistoryWording.comparisonExplanation])
  }
}
