/// One recording of a batch.
public struct BatchItem: Sendable, Equatable, Codable {
  /// Place in the list, which is sorted by path: the same on every node.
  public var index: Int
  /// Path below the folder or as the manifest has it, with `/` between its parts.
  public var path: String
  /// Name of the result below the output folder, unique in the list: `sub-01/emg/sub-01_task-hold`.
  public var name: String
  /// The entities of a BIDS name; nil for other files.
  public var entities: BIDSEntities?
  /// Options for this recording, from a manifest.
  public var options: [String]
  /// Facts that a manifest states, such as `patient` and `date`.
  public var facts: [String: String]
  /// Length of the file in bytes.
  public var bytes: Int
  /// EMG channels; 0 where the header cannot be read.
  public var channels: Int
  /// Sampling rate in Hz; 0 where the header cannot be read.
  public var samplingRate: Double
  /// Duration in seconds; 0 where the header cannot be read.
  public var seconds: Double
  /// Predicted processor time in seconds.
  public var predictedSeconds: Double
  /// Predicted peak memory in MB.
  public var predictedMegabytes: Double

  /// An item whose header has not been read.
  public init(
    index: Int, path: String, name: String, entities: BIDSEntities? = nil, options: [String] = [],
    facts: [String: String] = [:], bytes: Int = 0
  ) {
    self.index = index
    self.path = path
    self.name = name
    self.entities = entities
    self.options = options
    self.facts = facts
    self.bytes = bytes
    channels = 0
    samplingRate = 0
    seconds = 0
    predictedSeconds = 0
    predictedMegabytes = 0
  }
}
