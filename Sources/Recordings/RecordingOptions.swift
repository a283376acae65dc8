/// What the user states about a file that the file itself does not tell.
public struct RecordingOptions: Hashable, Codable, Sendable {
  /// Sampling rate in Hz (`--fs`), for files that state none or only a rounded one.
  public var samplingRate: Double?
  /// Unit of the stored EMG values (`--unit`), for files that state none.
  public var unit: VoltageUnit?
  /// Millivolts at full scale (`--mv-per-fs`), for audio files and uncalibrated integers.
  public var millivoltsAtFullScale: Double?
  /// Geometry of the electrode grid (`--grid`); its channels are the EMG channels in order.
  public var grid: GridGeometry?
  /// The channels to take as EMG (0-based); every other EMG channel becomes auxiliary.
  public var emgChannels: [Int]?
  /// Roles that override what the file says, by 0-based channel.
  public var roles: [Int: ChannelRole]

  /// Makes options; everything left out is taken from the file.
  public init(
    samplingRate: Double? = nil, unit: VoltageUnit? = nil, millivoltsAtFullScale: Double? = nil,
    grid: GridGeometry? = nil, emgChannels: [Int]? = nil, roles: [Int: ChannelRole] = [:]
  ) {
    self.samplingRate = samplingRate
    self.unit = unit
    self.millivoltsAtFullScale = millivoltsAtFullScale
    self.grid = grid
    self.emgChannels = emgChannels
    self.roles = roles
  }
}
