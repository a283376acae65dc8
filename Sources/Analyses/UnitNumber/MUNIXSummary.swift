import UnitNumber

/// What `motorpool munix --json` prints.
package struct MUNIXSummary: Encodable {
  package let analysis: MUNIXAnalysis

  /// Makes one from its parts.
  package init(
    analysis: MUNIXAnalysis
  ) {
    self.analysis = analysis
  }

  private enum Keys: String, CodingKey {
    case software, inputs, cmap, note
    case epochsTotal, zScore, zScoreSource, cmapZScore, cmapZScoreSource
  }

  package func encode(to encoder: any Encoder) throws {
    try analysis.estimate.encode(to: encoder)
    var fields = encoder.container(keyedBy: Keys.self)
    try fields.encode(SoftwareVersion.text, forKey: .software)
    try fields.encode(analysis.inputs, forKey: .inputs)
    try fields.encode(analysis.cmap, forKey: .cmap)
    try fields.encode(analysis.epochs.count, forKey: .epochsTotal)
    try fields.encode(MUNIXAnalysis.wording, forKey: .note)
    if let zScore = analysis.zScore {
      try fields.encode(zScore, forKey: .zScore)
      try fields.encode(MUNIXNorms.source, forKey: .zScoreSource)
    }
    if let zScore = analysis.cmapZScore, let muscle = analysis.muscle {
      try fields.encode(zScore, forKey: .cmapZScore)
      try fields.encode(
        CMAPNorms.norm(muscle: muscle, ageYears: nil)?.source, forKey: .cmapZScoreSource)
    }
  }
}
