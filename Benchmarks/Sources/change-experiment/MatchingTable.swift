import Foundation
import MotorUnits

/// Tables of precision, recall and calibration of links.
enum MatchingTable {
  static func print(_ all: [LabelledPairs], law: UnitMatchCalibration) {
    let limit = UnitMatching.Configuration().acceptedFrom
    Swift.print(
      "| sessions | pairs of sessions | common units | links | right | precision | recall |")
    Swift.print("|---|---|---|---|---|---|---|")
    var sources: [String] = []
    for item in all where !sources.contains(item.source) { sources.append(item.source) }
    for source in sources + ["all"] {
      let chosen = source == "all" ? all : all.filter { $0.source == source }
      let links = chosen.flatMap(\.pairs).filter {
        $0.isTrackable && law.probability($0.evidence) >= limit
      }
      let right = links.filter(\.isSame).count
      let common = chosen.reduce(0) { $0 + $1.common }
      Swift.print(
        "| \(source) | \(chosen.count) | \(common) | \(links.count) | \(right) | "
          + share(right, links.count) + " | " + share(right, common) + " |")
    }
    let errors = all.compactMap(\.shiftError).sorted()
    if !errors.isEmpty {
      Swift.print(
        String(
          format: "error of the found shift: median %.1f mm, 90 %% below %.1f mm",
          errors[errors.count / 2], errors[errors.count * 9 / 10]))
    }
  }

  static func printCalibration(_ all: [LabelledPairs], law: UnitMatchCalibration) {
    Swift.print("| probability | candidates | mean probability | right |")
    Swift.print("|---|---|---|---|")
    let pairs = all.flatMap(\.pairs).map { (law.probability($0.evidence), $0.isSame) }
    let edges = [0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.000001]
    for (low, high) in zip(edges, edges.dropFirst()) {
      let inside = pairs.filter { $0.0 >= low && $0.0 < high }
      guard !inside.isEmpty else { continue }
      let mean = inside.reduce(0) { $0 + $1.0 } / Double(inside.count)
      Swift.print(
        String(format: "| %.2f–%.2f | %d | %.3f | ", low, min(1, high), inside.count, mean)
          + share(inside.filter(\.1).count, inside.count) + " |")
    }
  }

  private static func share(_ part: Int, _ whole: Int) -> String {
    whole > 0 ? String(format: "%.3f", Double(part) / Double(whole)) : "-"
  }
}
