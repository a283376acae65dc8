import Foundation
import MATFiles
import Recordings

/// The file of MUedit: structures `signal` and `parameters`.
struct MUeditFormat: UnitFormat {
  let name = "muedit"
  let summary = "MUedit (.mat, version 7.3)"
  let form = OutputPlace.Form.file
  let needs = UnitNeeds.sources

  func write(_ units: UnitCollection, to path: String) throws {
    let arrays = units.arrays
    let signal = try units.signal()
    let order = arrays.flatMap(\.places)
    let count = units.sampleCount
    // A unit belongs to the array on which its potential is largest.
    let home = units.units.map { unit in
      arrays.indices.max { first, second in
        unit.peakToPeak(over: arrays[first].places) < unit.peakToPeak(over: arrays[second].places)
      } ?? 0
    }
    let members = arrays.indices.map { array in units.units.indices.filter { home[$0] == array } }
    let most = members.map(\.count).max() ?? 0
    func cell(_ array: Int, _ place: Int) -> UnitCollection.Unit? {
      place < members[array].count ? units.units[members[array][place]] : nil
    }
    let cells = (0..<most).flatMap { place in arrays.indices.map { cell($0, place) } }
    let empty = MATVariable.double([], rows: 0, columns: 0)
    let channelNames = units.channels.map { units.recording?.channels[$0].name ?? "" }
    let force = try units.force()
    var fields: [(name: String, value: MATVariable)] = [
      (
        "data",
        .rows(order.map { signal[$0] }, columns: count)
      ),
      ("fsamp", .number(units.samplingRate)), ("nChan", .number(Double(order.count))),
      ("ngrid", .number(Double(arrays.count))),
      ("gridname", .row(arrays.map { .text($0.grid?.name ?? "unknown") })),
      ("muscle", .row(arrays.map { _ in .text("") })),
      (
        "IED",
        .double(
          arrays.map { $0.grid?.interElectrodeDistanceMillimetres ?? 0 }, rows: 1,
          columns: arrays.count)
      ),
      ("emgtype", .double(arrays.map { _ in 1 }, rows: 1, columns: arrays.count)),
      (
        "coordinates",
        .row(
          arrays.map { array in
            let sites = array.places.map { place in
              array.grid?.position(ofChannel: units.channels[place])
            }
            return .double(
              sites.map { Double(($0?.row ?? 0) + 1) }
                + sites.map { Double(($0?.column ?? 0) + 1) },
              rows: sites.count, columns: 2)
          })
      ),
      (
        "EMGmask",
        .row(
          arrays.map { array in
            .double(
              array.places.map { units.rejectedNames.contains(channelNames[$0]) ? 1 : 0 },
              rows: array.places.count, columns: 1)
          })
      ),
      (
        "Pulsetrain",
        .row(members.map { .rows($0.map { units.units[$0].source }, columns: count) })
      ),
      (
        "Dischargetimes",
        .cells(
          cells.map { unit in
            guard let unit else { return empty }
            let samples = unit.samples(of: count)
            return .double(samples.map { Double($0 + 1) }, rows: 1, columns: samples.count)
          }, rows: arrays.count, columns: most)
      ),
      (
        "silval",
        .cells(
          cells.map { $0?.silhouette.map { .number($0) } ?? empty }, rows: arrays.count,
          columns: most)
      ),
    ]
    if !force.isEmpty {
      fields.append(("auxiliary", .rows([force], columns: count)))
      fields.append(("auxiliaryname", .row([.text("Performed force")])))
    }
    let file = URL(fileURLWithPath: units.name)
    try MATWriter.write(
      [
        ("signal", .structure(fields)),
        (
          "parameters",
          .structure([
            ("pathname", .text("")), ("filename", .text(file.lastPathComponent)),
            ("software", .text(units.software)),
          ])
        ),
      ], to: path, version: .version73)
  }
}

/// The result file of DEMUSE: `SIG`, `IPTs`, `MUPulses`, `fsamp`, `IED`, `ref_signal`.
struct DEMUSEFormat: UnitFormat {
  let name = "demuse"
  let summary = "DEMUSE (.mat), also openhdemg's emg_from_demuse"
  let form = OutputPlace.Form.file
  let needs = UnitNeeds.sources

  func write(_ units: UnitCollection, to path: String) throws {
    let arrays = units.arrays
    let signal = try units.signal()
    let count = units.sampleCount
    guard let first = arrays.first else { return }
    var sites: [MATVariable]
    var (rows, columns) = (first.places.count, 1)
    if arrays.count == 1, let grid = first.grid {
      (rows, columns) = (grid.rows, grid.columns)
      sites = (0..<rows * columns).map { index in
        let position = ElectrodeGrid.Position(row: index % rows, column: index / rows)
        let channel = grid.channel(at: position).flatMap { units.channels.firstIndex(of: $0) }
        return channel.map { .rows([signal[$0]], columns: count) }
          ?? .double([], rows: 0, columns: 0)
      }
    } else {
      // SIG has the shape of one array; several stand below each other.
      rows = signal.count
      sites = arrays.flatMap(\.places).map { .rows([signal[$0]], columns: count) }
    }
    var variables: [(name: String, value: MATVariable)] = [
      ("SIG", .cells(sites, rows: rows, columns: columns)),
      ("IPTs", .rows(units.units.map(\.source), columns: count)),
      (
        "MUPulses",
        .row(
          units.units.map { unit in
            let samples = unit.samples(of: count)
            return .whole(samples.map { $0 + 1 }, rows: 1, columns: samples.count)
          })
      ),
      (
        "PNR",
        .double(
          units.units.map { $0.pulseToNoise ?? .nan }, rows: 1, columns: units.units.count)
      ),
      ("fsamp", .number(units.samplingRate)), ("IED", .number(units.electrodeDistance ?? 0)),
      ("SIGlength", .number(Double(count) / units.samplingRate)),
    ]
    let force = try units.force()
    if !force.isEmpty {
      variables.append(
        ("ref_signal", .double(force.map { Double($0) }, rows: 1, columns: count)))
    }
    try MATWriter.write(variables, to: path)
  }
}

extension UnitCollection.Unit {
  /// The largest peak-to-peak amplitude over some channels.
  func peakToPeak(over places: [Int]) -> Float {
    guard let template else { return 0 }
    return places.map { place in
      guard template.channels.indices.contains(place) else { return 0 }
      return (template.channels[place].max() ?? 0) - (template.channels[place].min() ?? 0)
    }.max() ?? 0
  }
}

extension MATVariable {
  /// A matrix in double precision from its rows; a row that is missing is zeros.
  static func rows(_ rows: [[Float]], columns: Int) -> MATVariable {
    var values = [Double](repeating: 0, count: rows.count * columns)
    for (index, row) in rows.enumerated() {
      for column in 0..<min(columns, row.count) {
        values[column * rows.count + index] = Double(row[column])
      }
    }
    return .double(values, rows: rows.count, columns: rows.isEmpty ? 0 : columns)
  }

  /// One row of cells.
  static func row(_ cells: [MATVariable]) -> MATVariable {
    .cells(cells, rows: cells.isEmpty ? 0 : 1, columns: cells.count)
  }
}
