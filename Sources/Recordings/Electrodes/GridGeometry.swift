/// The shape of an electrode array and the order in which its channels run over it.
public struct GridGeometry: Hashable, Codable, Sendable {
  /// The order in which channels fill the sites; missing sites are passed over.
  public enum Order: String, CaseIterable, Codable, Sendable {
    /// Column by column, each from the first row to the last.
    case columns
    /// Row by row, each from the first column to the last.
    case rows
    /// Column by column, the first downwards, the next upwards and so on.
    case snakingColumns
    /// Column by column upwards, each from the last row to the first.
    case columnsUpwards
    /// Column by column downwards, from the last column to the first.
    case columnsFromRight
    /// Column by column upwards, from the last column to the first.
    case columnsUpwardsFromRight
  }

  /// Maker's code or free name.
  public var name: String
  /// Number of rows, at least 1.
  public var rows: Int
  /// Number of columns, at least 1.
  public var columns: Int
  /// Distance between neighbouring electrodes in millimetres, nil where unknown.
  public var interElectrodeDistanceMillimetres: Double?
  /// Sites without an electrode.
  public var missing: [ElectrodeGrid.Position]
  /// The order of the channels.
  public var order: Order

  /// Makes a geometry.
  public init(
    name: String = "", rows: Int, columns: Int, interElectrodeDistanceMillimetres: Double?,
    missing: [ElectrodeGrid.Position] = [], order: Order = .columns
  ) {
    precondition(rows >= 1 && columns >= 1, "a grid has at least one row and one column")
    self.name = name
    self.rows = rows
    self.columns = columns
    self.interElectrodeDistanceMillimetres = interElectrodeDistanceMillimetres
    self.missing = missing
    self.order = order
  }

  /// Number of electrodes.
  public var electrodeCount: Int { rows * columns - Set(missing).count }

  /// The geometry behind a maker's code, nil where the text holds none or the order of the
  /// electrodes on that array is not known: a guessed layout would show waves that are none.
  ///
  /// Codes such as `GR08MM1305` or `HD10MM0808` tell distance, rows and columns; corner and order are
  /// those of the maker's data sheets (`makersLayouts`).
  public init?(code text: String) {
    guard let code = Self.makersCode(in: text), let layout = Self.makersLayouts[code.text] else {
      return nil
    }
    self.init(
      name: code.text, rows: code.rows, columns: code.columns,
      interElectrodeDistanceMillimetres: code.distance, missing: layout.missing,
      order: layout.order)
  }

  /// Missing site and order of the maker's arrays, electrode 1 first.
  private static let makersLayouts: [String: (missing: [ElectrodeGrid.Position], order: Order)] = {
    let leftCorner = [ElectrodeGrid.Position(row: 0, column: 0)]
    let rightCorner = [ElectrodeGrid.Position(row: 0, column: 4)]
    return [
      "GR04MM1305": (leftCorner, .snakingColumns), "GR08MM1305": (leftCorner, .snakingColumns),
      "HD04MM1305": (rightCorner, .columnsFromRight),
      "HD08MM1305": (rightCorner, .columnsFromRight), "GR10MM0808": ([], .columnsUpwards),
      "HD10MM0808": ([], .columnsUpwardsFromRight),
      "GR10MM0804": ([], .columnsUpwardsFromRight), "HD10MM0804": ([], .columns),
    ]
  }()

  /// A maker's code inside a text with what its digits say, nil where there is none.
  package static func makersCode(
    in text: String
  ) -> (text: String, distance: Double, rows: Int, columns: Int)? {
    let characters = Array(text.uppercased().unicodeScalars.prefix(400))
    for start in characters.indices where start + 10 <= characters.count {
      let prefix = String(String.UnicodeScalarView(characters[start..<start + 2]))
      let middle = String(String.UnicodeScalarView(characters[start + 4..<start + 6]))
      guard prefix == "GR" || prefix == "HD", middle == "MM" else { continue }
      func number(_ offset: Int) -> Int? {
        let digits = characters[start + offset..<start + offset + 2]
        return digits.allSatisfy { ("0"..."9").contains($0) }
          ? Int(String(String.UnicodeScalarView(digits))) : nil
      }
      guard let distance = number(2), let rows = number(6), let columns = number(8),
        distance > 0, rows > 0, columns > 0
      else { continue }
      let name = String(String.UnicodeScalarView(characters[start..<start + 10]))
      return (name, Double(distance), rows, columns)
    }
    return nil
  }

  /// Reads what a user gives with `--grid`: a maker's code, `8x8` or `8x8,10` (distance in mm).
  public init?(option text: String) {
    if let known = GridGeometry(code: text) {
      self = known
      return
    }
    // A code without a known order: who states it as the grid accepts channels column by column.
    if let code = Self.makersCode(in: text), code.text.count == text.trimmingWhitespace().count {
      self.init(
        name: code.text, rows: code.rows, columns: code.columns,
        interElectrodeDistanceMillimetres: code.distance)
      return
    }
    let parts = text.lowercased().split(separator: ",", omittingEmptySubsequences: false)
    guard let shape = parts.first, parts.count <= 2 else { return nil }
    let sides = shape.split(separator: "x", omittingEmptySubsequences: false)
    guard sides.count == 2, let rows = Int(sides[0]), let columns = Int(sides[1]),
      (1...64).contains(rows), (1...64).contains(columns)
    else { return nil }
    var distance: Double?
    if parts.count == 2 {
      guard let value = Double(String(parts[1]).replacingSuffix("mm").trimmingWhitespace()),
        RecordingLimits.electrodeDistance.contains(value)
      else { return nil }
      distance = value
    }
    self.init(
      name: String(shape), rows: rows, columns: columns,
      interElectrodeDistanceMillimetres: distance)
  }

  /// Lays channels over the sites in the geometry's order.
  ///
  /// `channels` are indices into the recording's channels. Nil where their number is not that of
  /// the electrodes; a full 13 x 5 shape given 64 channels is taken with its first corner missing.
  public func grid(channels: [Int]) -> ElectrodeGrid? {
    var missing = Set(missing)
    var order = order
    if rows == 13, columns == 5, missing.isEmpty, channels.count == 64 {
      missing = [ElectrodeGrid.Position(row: 0, column: 0)]
      order = .snakingColumns
    }
    let sites = Self.sites(rows: rows, columns: columns, order: order).filter {
      !missing.contains($0)
    }
    guard sites.count == channels.count else { return nil }
    return ElectrodeGrid(
      name: name, rows: rows, columns: columns,
      interElectrodeDistanceMillimetres: interElectrodeDistanceMillimetres,
      electrodes: zip(channels, sites).map { ElectrodeGrid.Electrode(channel: $0, position: $1) })
  }

  /// Lays channels over the sites by the maker's electrode numbers, counted from 1.
  ///
  /// For exports that hold a part of the array's channels. Nil where a number is out of range or
  /// comes twice.
  public func grid(electrodes: [(channel: Int, number: Int)]) -> ElectrodeGrid? {
    let missing = Set(missing)
    let sites = Self.sites(rows: rows, columns: columns, order: order).filter {
      !missing.contains($0)
    }
    guard electrodes.allSatisfy({ sites.indices.contains($0.number - 1) }),
      Set(electrodes.map(\.number)).count == electrodes.count
    else { return nil }
    return ElectrodeGrid(
      name: name, rows: rows, columns: columns,
      interElectrodeDistanceMillimetres: interElectrodeDistanceMillimetres,
      electrodes: electrodes.map {
        ElectrodeGrid.Electrode(channel: $0.channel, position: sites[$0.number - 1])
      })
  }

  private static func sites(rows: Int, columns: Int, order: Order) -> [ElectrodeGrid.Position] {
    var sites: [ElectrodeGrid.Position] = []
    sites.reserveCapacity(rows * columns)
    switch order {
    case .rows:
      for row in 0..<rows {
        for column in 0..<columns { sites.append(.init(row: row, column: column)) }
      }
    default:
      let isFromRight = order == .columnsFromRight || order == .columnsUpwardsFromRight
      for turn in 0..<columns {
        let column = isFromRight ? columns - 1 - turn : turn
        let isUpwards =
          order == .columnsUpwards || order == .columnsUpwardsFromRight
          || order == .snakingColumns && turn % 2 == 1
        for step in 0..<rows {
          sites.append(.init(row: isUpwards ? rows - 1 - step : step, column: column))
        }
      }
    }
    return sites
  }
}

extension String {
  /// The text without one trailing suffix, if it has it.
  func replacingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
