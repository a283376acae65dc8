import Foundation
import MotorUnits
import Reports

/// The research-only extrapolation over the windows of a decomposition.
package struct ResearchCounts: Encodable {
  /// One window.
  package struct Window: Encodable {
    package let start: Double
    package let end: Double
    package let identifiedActive: Int
    package let powerCompleteness: Double?
    package let noiseShare: Double?
    package let effectiveNumber: EffectiveUnitNumber?
    package let extrapolated: ExtrapolatedUnitCount
  }

  /// What has to be said with every value.
  package static let caveat =
    "Research only: the extrapolated count depends on assumed size spread and is not the number of "
    + "motor units."

  package let note = Self.caveat
  package let windows: [Window]

  package init(_ analysis: ArrayAnalysis) {
    let decomposition = analysis.decomposition
    let units = decomposition.units
    let onset = units.compactMap { $0.train.seconds.first }.min() ?? 0
    let agreements = units.compactMap(\.quality.predictedAgreement)
    let agreement =
      agreements.isEmpty ? nil : agreements.reduce(0, +) / Double(agreements.count)
    windows = (analysis.counts.first?.windows ?? []).compactMap { window in
      WindowPowers(units, power: decomposition.power, from: window.start, to: window.end).map {
        Window(
          start: window.start, end: window.end, identifiedActive: $0.units.count,
          powerCompleteness: $0.completeness, noiseShare: $0.noiseShare,
          effectiveNumber: EffectiveUnitNumber($0),
          extrapolated: ExtrapolatedUnitCount(
            $0, firstDischarge: onset, meanAgreement: agreement))
      }
    }
  }

  /// The window with most identified units that has a value; the first of several.
  package var fullest: Window? {
    windows.filter { $0.extrapolated.median != nil }
      .max { ($0.identifiedActive, -$0.start) < ($1.identifiedActive, -$1.start) }
  }

  /// One line a window.
  package var csv: String {
    var lines = [
      "# " + Self.caveat,
      "start_s,end_s,identified,completeness,noise_share,n2,n2_lower,n2_upper,"
        + "extrapolated,lower_5,upper_95,flags",
    ]
    for window in windows {
      let numbers = [
        window.powerCompleteness, window.noiseShare, window.effectiveNumber?.value,
        window.effectiveNumber?.lowerBound, window.effectiveNumber?.upperBound,
        window.extrapolated.median, window.extrapolated.lower, window.extrapolated.upper,
      ].map { $0.map { NumberText.significant($0, 4) } ?? "" }
      lines.append(
        ([Formatting.plain(window.start), Formatting.plain(window.end)]
          + [String(window.identifiedActive)] + numbers
          + [window.extrapolated.flags.map(\.rawValue).joined(separator: "; ")])
          .joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
