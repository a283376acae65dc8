import Progression
import Reports

extension SeriesTests {
  /// The lines for people.
  package func lines(isLogarithmic: Bool, slopeUnit: String) -> [String] {
    func shown(_ slope: Double) -> String {
      Formatting.signed(isLogarithmic ? Estimate.percent(slope) : slope, 2)
    }
    func interval(_ line: TheilSen) -> String {
      guard let lower = line.lower, let upper = line.upper else { return "" }
      return " (95 % interval \(shown(lower)) to \(shown(upper)))"
    }
    var lines: [String] = []
    if let before = theilSenBefore, let after = theilSenAfter {
      lines.append(
        "Theil-Sen slopes  before \(shown(before.slope)), after \(shown(after.slope)) \(slopeUnit)")
    }
    if let all = theilSen {
      lines.append(
        "All visits        Theil-Sen \(shown(all.slope)) \(slopeUnit)\(interval(all)), Mann-Kendall "
          + NumberText.pValue(all.trend.p))
    }
    if let tauU {
      lines.append("Tau-U             \(Formatting.signed(tauU.tauU, 2)) (descriptive)")
    }
    if let change = detectableChange {
      lines.append(
        "Between 2 visits  a fall beyond \(Formatting.fixed(change.fall, 1)) \(change.unit) exceeds "
          + "the measurement error (\(change.source)); first to last: reliable change index "
          + Formatting.signed(change.reliableChangeIndex, 1))
    }
    for item in serialCorrelation {
      lines.append("\(item.method): difference \(item.difference.text(showsP: true))")
    }
    if let reason = serialCorrelationReason, theilSenAfter != nil {
      lines.append("Newey-West, HC3 and AR(1) not shown: \(reason)")
    }
    return lines
  }
}
