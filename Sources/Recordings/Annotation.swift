/// A remark at a time of the recording, such as an EDF+ annotation.
public struct Annotation: Hashable, Codable, Sendable {
  /// Start in seconds after the start of the recording, gaps included.
  public var onset: Double
  /// Duration in seconds, nil where the file gives none.
  public var duration: Double?
  /// The text.
  public var text: String

  /// Makes an annotation.
  public init(onset: Double, duration: Double? = nil, text: String) {
    self.onset = onset
    self.duration = duration
    self.text = text
  }
}

/// An interruption between two samples that are stored side by side (EDF+D, BDF+D).
public struct Gap: Hashable, Codable, Sendable {
  /// Seconds of recorded signal before the gap; times the channel's rate it is the sample index.
  public var position: Double
  /// Time in seconds after the start of the recording at which the signal stops, gaps included.
  public var onset: Double
  /// Length of the interruption in seconds.
  public var duration: Double

  /// Makes a gap.
  public init(position: Double, onset: Double, duration: Double) {
    self.position = position
    self.onset = onset
    self.duration = duration
  }
}
