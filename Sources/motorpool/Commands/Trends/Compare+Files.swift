import FollowUp
import Foundation
import Recordings
import Reports
import Terminal

/// What a comparison writes.
extension Compare {
  /// Writes report, plan and script where they were asked for; returns a line for each.
  func write(
    _ result: CohortResult, to places: PaperTrailArguments.Places
  ) throws -> [String] {
    let inputs = [table].compactMap { $0 }.compactMap { OutputOrigin.Input($0) }
    func write(_ place: OutputPlace, _ text: String) throws {
      try place.write(place.origin(seed: model.seed, inputs: inputs), text)
    }
    var lines: [String] = []
    // A script that cannot be had is told before anything is written.
    let script = try papers.script.map {
      try result.script(
        $0, dataFile: places.values.map { ($0.path as NSString).lastPathComponent } ?? "")
    }
    if let place = places.report {
      try write(place, result.report(command: CommandText.invocation).html())
      lines.append("Report in \(place.path)")
    }
    if let place = places.plan {
      let page = result.plan(
        command: CommandText.invocation,
        inputs: inputs.map { InputFile(name: $0.name ?? "", sha256: $0.sha256) })
      try write(place, papers.plan.text(page))
      lines.append("Statistical analysis plan in \(place.path)")
    }
    if let script, let place = places.script, let values = places.values {
      try write(values, script.data)
      try write(place, script.text)
      lines.append("Script in \(place.path), its values in \(values.path)")
    }
    return lines
  }
}
