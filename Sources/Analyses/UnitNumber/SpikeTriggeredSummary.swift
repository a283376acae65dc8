import UnitNumber

/// What `motorpool sta-mune --json` prints.
package struct SpikeTriggeredSummary: Encodable {
  package let analysis: SpikeTriggeredAnalysis

  /// Makes one from its parts.
  package init(
    analysis: SpikeTriggeredAnalysis
  ) {
    self.analysis = analysis
  }

  private enum Keys: String, CodingKey {
    case software, inputs, note, channels, configuration, response
    case channelName, channelsLeftOut, unitNames
  }

  package func encode(to encoder: any Encoder) throws {
    try analysis.estimate.encode(to: encoder)
    var fields = encoder.container(keyedBy: Keys.self)
    try fields.encode(SoftwareVersion.text, forKey: .software)
    try fields.encode(analysis.inputs, forKey: .inputs)
    try fields.encode(analysis.channelNames, forKey: .channels)
    try fields.encode(analysis.channelNames[analysis.estimate.channel], forKey: .channelName)
    try fields.encode(analysis.leftOut, forKey: .channelsLeftOut)
    try fields.encode(analysis.unitNames, forKey: .unitNames)
    try fields.encode(analysis.configuration, forKey: .configuration)
    try fields.encode(analysis.measurement, forKey: .response)
    try fields.encode(SpikeTriggeredAnalysis.wording, forKey: .note)
  }
}
