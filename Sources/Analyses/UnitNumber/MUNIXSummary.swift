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
    case software, inputs, cmap, note, configuration, response
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
    try fields.encode(analysis.configuration, forKey: .configuration)
    try fields.encode(analysis.measurement, forKey: .response)
    if let norm = analysis.norm {
      try fields.encode(norm.zScore(analysis.estimate.munix), forKey: .zScore)
      try fields.encode(norm.source, forKey: .zScoreSource)
    }
    if let norm = analysis.cmapNorm {
      try fields.encode(norm.zScore(analysis.cmap.amplitudeMillivolts), forKey: .cmapZScore)
      try fields.encode(norm.source, forKey: .cmapZScoreSource)
    }
  }
}
