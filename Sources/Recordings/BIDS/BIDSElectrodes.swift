/// Electrode positions of a BIDS `_electrodes.tsv`, brought onto grids where they form lattices.
struct BIDSElectrodes {
  let table: TabSeparatedTable
  /// Name and group of the electrode that each channel records.
  let electrodeOfChannel: [Int: (name: String, group: String?)]
  /// Whether a coordinate system is in millimetres.
  let isMillimetres: (String?) throws -> Bool
  /// Inter-electrode distance in millimetres stated for the recording, nil where none is.
  let distance: Double?

  /// One grid per group of at least four electrodes on a regular lattice; rows run along y.
  func grids(channels: [Int], warnings: inout [String]) throws -> [ElectrodeGrid] {
    var groups: [String: [ElectrodeGrid.Site]] = [:]
    var systems: [String: String] = [:]
    for channel in channels {
      guard let electrode = electrodeOfChannel[channel],
        let row = table.row(named: electrode.name, group: electrode.group),
        let x = table.value("x", row).flatMap({ Double($0) }), abs(x) < 1e9,
        let y = table.value("y", row).flatMap({ Double($0) }), abs(y) < 1e9
      else { continue }
      let system = table.value("coordinate_system", row)
      let group = table.value("group", row) ?? system ?? ""
      systems[group] = system
      groups[group, default: []].append(ElectrodeGrid.Site(channel: channel, x: x, y: y))
    }
    var grids: [ElectrodeGrid] = []
    for (name, sites) in groups.sorted(by: { $0.value[0].channel < $1.value[0].channel }) {
      let usesMillimetres = try isMillimetres(systems[name])
      guard
        let grid = ElectrodeGrid(
          name: name, sites: sites, isMillimetres: usesMillimetres, statedDistance: distance)
      else { continue }
      if let distance, let found = grid.interElectrodeDistanceMillimetres,
        abs(distance - found) > 0.01
      {
        warnings.append(
          "electrode positions of \(name) are \(found) mm apart, InterelectrodeDistance says "
            + "\(distance) mm; the positions are taken")
      }
      grids.append(grid)
    }
    return grids
  }
}

extension ElectrodeGrid {
  /// Where the electrode of a channel sits on the skin.
  package struct Site {
    package var channel: Int
    package var x: Double
    package var y: Double

    package init(channel: Int, x: Double, y: Double) {
      self.channel = channel
      self.x = x
      self.y = y
    }
  }

  /// The grid behind positions that all lie on a square lattice, nil where they do not; rows run
  /// along y.
  ///
  /// - Parameters:
  ///   - isMillimetres: whether the positions are in millimetres, so that they tell the distance.
  ///   - statedDistance: distance in millimetres where they do not.
  package init?(
    name: String, sites: [Site], isMillimetres: Bool, statedDistance: Double? = nil
  ) {
    guard sites.count >= 4 else { return nil }
    let xs = Set(sites.map(\.x)).sorted()
    let ys = Set(sites.map(\.y)).sorted()
    let steps = zip(xs.dropFirst(), xs).map { $0 - $1 } + zip(ys.dropFirst(), ys).map { $0 - $1 }
    guard let pitch = steps.min(), pitch > 0 else { return nil }
    var electrodes: [ElectrodeGrid.Electrode] = []
    for site in sites {
      let column = (site.x - xs[0]) / pitch
      let row = (site.y - ys[0]) / pitch
      guard abs(column - column.rounded()) < 0.05, abs(row - row.rounded()) < 0.05, row < 128,
        column < 128
      else { return nil }
      electrodes.append(
        ElectrodeGrid.Electrode(
          channel: site.channel,
          position: .init(row: Int(row.rounded()), column: Int(column.rounded()))))
    }
    let rows = (electrodes.map(\.position.row).max() ?? 0) + 1
    let columns = (electrodes.map(\.position.column).max() ?? 0) + 1
    // Two electrodes on one site, or a mostly empty rectangle, are no grid.
    guard Set(electrodes.map(\.position)).count == electrodes.count,
      electrodes.count * 2 > rows * columns
    else { return nil }
    self.init(
      name: name, rows: rows, columns: columns,
      interElectrodeDistanceMillimetres: isMillimetres ? pitch : statedDistance,
      electrodes: electrodes)
  }
}
