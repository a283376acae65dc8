import Foundation
import Signal

/// The electrodes of a simulated recording: a surface grid or an array inside the muscle.
///
/// Axes as in `MuscleConfiguration`; all lengths in millimetres. Channels run row by row; rows
/// follow one another along the fibres (x), columns across them (y).
public struct ElectrodeLayout: Codable, Sendable, Equatable {
  /// Where the electrodes are.
  public enum Site: String, Codable, Sendable, CaseIterable {
    /// On the skin, over fat and muscle.
    case surface
    /// Inside the muscle: a straight array that crosses the fibres at an angle to the surface.
    case intramuscular
  }

  /// Where the electrodes are.
  public var site = Site.surface
  /// Electrodes along the fibres.
  public var rows = 8
  /// Electrodes across the fibres.
  public var columns = 8
  /// Distance between neighbours in mm.
  public var spacing = 8.0
  /// Grid places without an electrode, as row * columns + column.
  public var missing: [Int] = []
  /// Shift of the whole grid along the fibres in mm.
  public var shiftAlong = 0.0
  /// Shift of the whole grid across the fibres in mm.
  public var shiftAcross = 0.0
  /// Rotation of the grid in degrees.
  public var rotationDegrees = 0.0
  /// Depth of the first electrode of an intramuscular array in mm.
  public var insertionDepth = 3.0
  /// Angle between an intramuscular array and the skin in degrees.
  public var insertionAngleDegrees = 30.0

  /// Makes an 8 x 8 surface grid of 8 mm spacing.
  public init() {}

  /// Makes a surface grid.
  public static func grid(rows: Int, columns: Int, spacing: Double) -> ElectrodeLayout {
    var layout = ElectrodeLayout()
    layout.rows = rows
    layout.columns = columns
    layout.spacing = spacing
    return layout
  }

  /// Makes a straight intramuscular array, at right angles to the fibres seen from above.
  public static func intramuscular(count: Int, spacing: Double) -> ElectrodeLayout {
    var layout = ElectrodeLayout()
    layout.site = .intramuscular
    layout.rows = 1
    layout.columns = count
    layout.spacing = spacing
    // Away from the end-plates, where potentials have their full amplitude.
    layout.shiftAlong = -20
    return layout
  }

  /// One electrode: its grid place and its position in mm (z counts down from the muscle surface).
  public struct Electrode: Codable, Sendable, Equatable {
    /// Row in the grid from 0.
    public let row: Int
    /// Column in the grid from 0.
    public let column: Int
    /// Position along the fibres in mm.
    public let x: Double
    /// Position across the fibres in mm.
    public let y: Double
    /// Depth in the muscle in mm; zero for surface electrodes.
    public let z: Double
  }

  /// The electrodes in the order of the channels.
  public var electrodes: [Electrode] {
    let absent = Set(missing)
    let angle = rotationDegrees * Double.pi / 180
    let slope = insertionAngleDegrees * Double.pi / 180
    var result: [Electrode] = []
    for row in 0..<rows {
      for column in 0..<columns where !absent.contains(row * columns + column) {
        let along = (Double(row) - Double(rows - 1) / 2) * spacing
        switch site {
        case .surface:
          let across = (Double(column) - Double(columns - 1) / 2) * spacing
          result.append(
            Electrode(
              row: row, column: column,
              x: along * cos(angle) - across * sin(angle) + shiftAlong,
              y: along * sin(angle) + across * cos(angle) + shiftAcross, z: 0))
        case .intramuscular:
          let distance = Double(column) * spacing
          let centre = Double(columns - 1) / 2 * spacing * cos(slope)
          result.append(
            Electrode(
              row: row, column: column, x: along + shiftAlong,
              y: distance * cos(slope) - centre + shiftAcross,
              z: insertionDepth + distance * sin(slope)))
        }
      }
    }
    return result
  }

  /// The number of channels.
  public var channelCount: Int {
    let places = rows * columns
    return places - Set(missing).filter { $0 >= 0 && $0 < places }.count
  }

  /// The same grid taken off and mounted again: moved by normal errors.
  ///
  /// `shiftSD` in mm for either direction, `rotationSD` in degrees.
  public func remounted(
    shiftSD: Double, rotationSD: Double, using random: inout SeededGenerator
  ) -> ElectrodeLayout {
    var layout = self
    layout.shiftAlong += shiftSD * random.normal()
    layout.shiftAcross += shiftSD * random.normal()
    layout.rotationDegrees += rotationSD * random.normal()
    return layout
  }

  func validate() throws(SimulationError) {
    try SimulationError.require("electrodes.rows", Double(rows), in: 1...512)
    try SimulationError.require("electrodes.columns", Double(columns), in: 1...512)
    try SimulationError.require("electrodes.spacing", spacing, in: 0.02...50)
    try SimulationError.require("electrodes.channelCount", Double(channelCount), in: 1...512)
    try SimulationError.require("electrodes.shiftAlong", shiftAlong, in: -500...500)
    try SimulationError.require("electrodes.shiftAcross", shiftAcross, in: -500...500)
    try SimulationError.require("electrodes.rotationDegrees", rotationDegrees, in: -360...360)
    try SimulationError.require("electrodes.insertionDepth", insertionDepth, in: 0...100)
    try SimulationError.require(
      "electrodes.insertionAngleDegrees", insertionAngleDegrees, in: 0...90)
  }
}
