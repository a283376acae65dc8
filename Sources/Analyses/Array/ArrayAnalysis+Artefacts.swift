import Decomposition
import Reports

extension ArrayAnalysis {
  /// What was mended before the search, for report and export.
  var artefacts: [RunReport.Artefact] {
    let rate = decomposition.samplingRate
    return decomposition.artefacts.map { artefact in
      RunReport.Artefact(
        kind: artefact.kind.words, startSeconds: Double(artefact.start) / rate,
        endSeconds: Double(artefact.end) / rate,
        channels: artefact.channels.map { recording.channels[channels[$0]].name })
    }
  }
}

extension ArrayDecomposition {
  /// One line for each kind of artefact that was mended.
  func artefactWarnings(names: [String]) -> [String] {
    SignalArtefact.Kind.allCases.compactMap { kind in
      let all = artefacts.filter { $0.kind == kind }
      guard let first = all.first else { return nil }
      let affected = Set(all.flatMap(\.channels)).sorted()
      let places =
        affected.count == names.count
        ? "all channels"
        : affected.count > 6
          ? "\(affected.count) channels"
          : "channel " + affected.map { names[$0] }.joined(separator: ", ")
      if kind == .clipping {
        let samples = all.reduce(0) { $0 + $1.sampleCount }
        let share = 100 * Double(samples) / Double(max(1, sampleCount * affected.count))
        return
          "clipping: \(Formatting.fixed(share, share < 1 ? 2 : 1)) % of the samples on \(places) "
          + "were at the limits of the input and were mended; lower the gain"
      }
      let start = Formatting.fixed(Double(first.start) / samplingRate, 2)
      return "\(kind.words): \(all.count) mended on \(places), the first at \(start) s"
    }
  }
}
