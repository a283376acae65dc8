/// The electrodes a model was made with: what another recording must share to be decomposed by it.
public struct ChannelSetUp: Sendable, Equatable, Codable {
  /// Number of EMG channels.
  public var channelCount: Int
  /// Sampling rate in Hz.
  public var samplingRate: Double
  /// Row and column of each channel on the grid, counted from 0; nil where unknown.
  public var positions: [[Int]]?
  /// Distance of neighbouring electrodes in millimetres; nil where unknown.
  public var spacingMillimetres: Double?

  /// A set-up from its parts.
  public init(
    channelCount: Int, samplingRate: Double, positions: [[Int]]? = nil,
    spacingMillimetres: Double? = nil
  ) {
    self.channelCount = channelCount
    self.samplingRate = samplingRate
    self.positions = positions
    self.spacingMillimetres = spacingMillimetres
  }

  /// Checks that a recording has this set-up; what either does not tell is not compared.
  ///
  /// - Throws: `DecompositionError.model` saying what differs.
  public func require(_ other: ChannelSetUp) throws {
    if other.channelCount != channelCount {
      throw DecompositionError.model(
        "the model was made with \(channelCount) EMG channels, the recording has "
          + "\(other.channelCount); choose the same channels")
    }
    if abs(other.samplingRate - samplingRate) > 1e-6 * samplingRate {
      throw DecompositionError.model(
        "the model was made at \(samplingRate) Hz, the recording has \(other.samplingRate) Hz; "
          + "decompose it anew, or state its true rate")
    }
    if let mine = positions, let theirs = other.positions, mine != theirs {
      let place = zip(mine, theirs).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      throw DecompositionError.model(
        "the electrodes are laid out otherwise than those of the model"
          + (place.map { " (first at channel \($0 + 1))" } ?? "")
          + "; check the grid that is stated")
    }
    if let mine = spacingMillimetres, let theirs = other.spacingMillimetres,
      abs(mine - theirs) > 0.01 * mine
    {
      throw DecompositionError.model(
        "the model's electrodes are \(mine) mm apart, the recording's \(theirs) mm; check the grid "
          + "that is stated")
    }
  }
}
