/// Where the electrodes of an array sit, and which channel records each of them.
public struct ElectrodeGrid: Hashable, Codable, Sendable {
  /// A site of the grid, counted from 0.
  public struct Position: Hashable, Codable, Sendable {
    /// Row, counted from 0 along the longer side of the usual adhesive grids.
    public var row: Int
    /// Column, counted from 0.
    public var column: Int

    /// Makes a position.
    public init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  /// A channel and the site it records.
  public struct Electrode: Hashable, Codable, Sendable {
    /// Index into the recording's channels.
    public var channel: Int
    /// Site of the electrode.
    public var position: Position

    /// Makes an electrode.
    public init(channel: Int, position: Position) {
      self.channel = channel
      self.position = position
    }
  }

  /// Maker's code or group name, such as `GR08MM1305`; empty where unknown.
  public var name: String
  /// Number of rows.
  public var rows: Int
  /// Number of columns.
  public var columns: Int
  /// Distance between neighbouring electrodes in millimetres, nil where unknown.
  public var interElectrodeDistanceMillimetres: Double?
  /// The electrodes in ascending order of channel; sites without one are missing corners.
  public var electrodes: [Electrode]

  /// Makes a grid from explicit electrodes, each inside `rows` x `columns`.
  public init(
    name: String = "", rows: Int, columns: Int, interElectrodeDistanceMillimetres: Double?,
    electrodes: [Electrode]
  ) {
    precondition(
      electrodes.allSatisfy {
        (0..<rows).contains($0.position.row) && (0..<columns).contains($0.position.column)
      }, "electrode outside the grid")
    self.name = name
    self.rows = rows
    self.columns = columns
    self.interElectrodeDistanceMillimetres = interElectrodeDistanceMillimetres
    self.electrodes = electrodes.sorted { $0.channel < $1.channel }
  }

  /// The site of a channel, nil where the channel is not on this grid.
  public func position(ofChannel channel: Int) -> Position? {
    electrodes.first { $0.channel == channel }?.position
  }

  /// The channel at a site, nil at a missing corner.
  public func channel(at position: Position) -> Int? {
    electrodes.first { $0.position == position }?.channel
  }

  /// The sites that no channel records, row by row.
  public var missingPositions: [Position] {
    let taken = Set(electrodes.map(\.position))
    var missing: [Position] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let position = Position(row: row, column: column)
        if !taken.contains(position) { missing.append(position) }
      }
    }
    return missing
  }

  /// Distance in millimetres between the electrodes of two channels on a flat grid.
  ///
  /// Nil where a channel is not on the grid or the inter-electrode distance is unknown.
  public func distanceMillimetres(_ first: Int, _ second: Int) -> Double? {
    guard let pitch = interElectrodeDistanceMillimetres, let a = position(ofChannel: first),
      let b = position(ofChannel: second)
    else { return nil }
    let rows = Double(a.row - b.row)
    let columns = Double(a.column - b.column)
    return pitch * (rows * rows + columns * columns).squareRoot()
  }
}
