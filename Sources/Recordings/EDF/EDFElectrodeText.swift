/// The place of a channel's electrode on its grid, as it stands in the transducer field of the EDF
/// and BDF files that are written here: EDF has no other place for a layout.
///
/// `EMG electrode, grid 1 8x5 row 3 column 2 10 mm`; rows and columns are counted from 1.
struct EDFElectrodeText: Hashable {
  var grid: Int
  var rows: Int
  var columns: Int
  var row: Int
  var column: Int
  var distance: Double?

  private static let start = "EMG electrode"
  private static let sides = 1...128

  /// Reads a transducer field, nil where it states no place.
  init?(_ text: String) {
    let words = text.split { $0 == " " || $0 == "," }.map { String($0) }
    guard text.hasPrefix(Self.start), words.count >= 9, words[2] == "grid",
      let grid = Int(words[3]), words[5] == "row", words[7] == "column",
      let row = Int(words[6]), let column = Int(words[8])
    else { return nil }
    let shape = words[4].split(separator: "x").map { Int($0) }
    guard shape.count == 2, let rows = shape[0], let columns = shape[1],
      Self.sides.contains(rows), Self.sides.contains(columns), Self.sides.contains(grid),
      (1...rows).contains(row), (1...columns).contains(column)
    else { return nil }
    (self.grid, self.rows, self.columns) = (grid, rows, columns)
    (self.row, self.column) = (row - 1, column - 1)
    if words.count >= 11, words[10] == "mm", let distance = Double(words[9]),
      RecordingLimits.electrodeDistance.contains(distance)
    {
      self.distance = distance
    }
  }

  /// The grids that the fields of all channels make; `sites` has one entry a channel.
  static func grids(_ sites: [EDFElectrodeText?], channels: [Channel]) -> [ElectrodeGrid] {
    let placed = sites.indices.filter { sites[$0] != nil && channels[$0].role == .emg }
    let groups = Dictionary(grouping: placed) { sites[$0]?.grid ?? 0 }
    return groups.sorted { $0.key < $1.key }.compactMap { _, members in
      guard let first = sites[members[0]] else { return nil }
      let electrodes = members.compactMap { index -> ElectrodeGrid.Electrode? in
        guard let site = sites[index], site.rows == first.rows, site.columns == first.columns else {
          return nil
        }
        return .init(channel: index, position: .init(row: site.row, column: site.column))
      }
      guard electrodes.count == members.count,
        Set(electrodes.map(\.position)).count == members.count
      else { return nil }
      return ElectrodeGrid(
        rows: first.rows, columns: first.columns,
        interElectrodeDistanceMillimetres: first.distance, electrodes: electrodes)
    }
  }

  /// The field of a channel that is written.
  static func text(channel: Int, of recording: Recording) -> String {
    guard recording.channels[channel].role == .emg else { return "" }
    for (index, grid) in recording.electrodeGrids.enumerated() {
      guard let site = grid.position(ofChannel: channel), sides.contains(grid.rows),
        sides.contains(grid.columns), sides.contains(index + 1)
      else { continue }
      let distance = grid.interElectrodeDistanceMillimetres.map { " \($0) mm" } ?? ""
      return "\(start), grid \(index + 1) \(grid.rows)x\(grid.columns) "
        + "row \(site.row + 1) column \(site.column + 1)\(distance)"
    }
    return start
  }
}
