import Decomposition

/// The potential of one unit as matching across visits sees it.
public struct TrackedTemplate: Sendable, Equatable, Codable {
  /// Name of the unit in its recording.
  public var unit: String
  /// The potential on each electrode of the array.
  public var template: MUAPTemplate
  /// RMS of the averaging noise in the template, in microvolts; nil where it is not known.
  ///
  /// About the RMS of the residual over the square root of the number of discharges.
  public var noiseMicrovolts: Double?

  /// A template from its parts.
  public init(unit: String, template: MUAPTemplate, noiseMicrovolts: Double? = nil) {
    self.unit = unit
    self.template = template
    self.noiseMicrovolts = noiseMicrovolts
  }
}

/// The units of one visit's recording, ready to be matched with another visit's.
public struct TrackedRecording: Sendable, Equatable, Codable {
  /// Electrode positions in millimetres as `[along, across]`, in the order of the templates'
  /// channels; nil where the geometry is not known.
  ///
  /// The frame is the array's own: matching finds how one array lies relative to the other.
  public var positions: [[Double]]?
  /// The units.
  public var units: [TrackedTemplate]

  /// A recording from its parts; positions and templates must agree in number.
  public init(positions: [[Double]]?, units: [TrackedTemplate]) {
    precondition(positions?.allSatisfy { $0.count == 2 } ?? true, "a position has two coordinates")
    self.positions = positions
    self.units = units
  }

  /// The units of a decomposition.
  ///
  /// - Parameters:
  ///   - decomposition: what was found.
  ///   - positions: electrode positions in millimetres, one for each channel; nil if unknown.
  public init(_ decomposition: ArrayDecomposition, positions: [[Double]]?) {
    let bins = Double(max(1, decomposition.power.residual.count))
    let residual = decomposition.power.residual.reduce(0, +) / bins
    self.init(
      positions: positions,
      units: decomposition.units.map { unit in
        TrackedTemplate(
          unit: String(unit.id), template: unit.template,
          noiseMicrovolts: (residual / Double(max(1, unit.train.times.count))).squareRoot())
      })
  }
}
