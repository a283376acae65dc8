import Foundation

/// Settings of a simulated needle recording: one to four channels with known discharges.
///
/// Fibre by fibre: line-source potentials, diameters, clusters and jitter after
/// Nandedkar, Sanders and Stalberg 1985 to 1988 (Electroencephalogr Clin Neurophysiol) and Stalberg
/// and Karlsson 2001 (Clin Neurophysiol 112:2111).
public struct NeedleSimulationConfiguration: Codable, Sendable, Equatable {
  /// The condition of the muscle.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// A healthy muscle.
    case normal
    /// Reinnervation: more fibres per unit, in groups, with scattered end-plates and larger jitter;
    /// fewer units at higher rates.
    case neuropathic
    /// Loss of fibres, diameters that vary widely.
    case myopathic
  }

  /// The recording surface.
  public enum Electrode: String, Codable, Sendable, CaseIterable {
    /// Core of 0.58 x 0.15 mm against the cannula.
    case concentric
    /// Cone of 0.3 mm against a distant reference.
    case monopolar
    /// Points of 25 um, one per channel, against a distant reference.
    case fineWire
  }

  /// Seed of anatomy, discharges and noise.
  public var seed: UInt64 = 1
  /// The condition of the muscle.
  public var kind = Kind.normal
  /// The recording surface.
  public var electrode = Electrode.concentric
  /// Channels, 1 to 4.
  public var channels = 1
  /// Distance between the recording surfaces of neighbouring channels in mm.
  public var channelSpacing = 0.4
  /// Sampling rate in Hz.
  public var samplingRate = 10_000.0
  /// Duration in seconds.
  public var duration = 10.0
  /// Active units whose territory holds the needle or is next to it.
  public var unitCount = 6
  /// Pairs among the units, the last ones, of small units with almost the same potential.
  public var lookAlikePairs = 0
  /// Active units at a distance, which together make the background.
  public var backgroundUnitCount = 25
  /// Least distance in mm of the needle from the edge of a background unit's territory.
  public var backgroundClearance = 1.5
  /// Factor on the potentials of the background units; 2 doubles the background.
  public var backgroundGain = 1.0
  /// RMS of the amplifier noise in uV.
  public var noiseMicrovolts = 3.0
  /// Amplitude of mains hum in uV; its third, fifth and seventh harmonics have 0.3, 0.2 and 0.1 of it.
  public var lineAmplitudeMicrovolts = 0.0
  /// Mains frequency in Hz.
  public var lineFrequencyHertz = 50.0
  /// The contraction; levels up to 100 % recruit all units.
  public var drive: DriveProfile
  /// Probability that a discharge is the first of a doublet.
  public var doubletProbability = 0.0
  /// Distance in mm by which the needle moves from start to end.
  public var movementMillimetres = 0.0
  /// Relative change of all amplitudes from start to end (0.3 = 30 % larger at the end).
  public var amplitudeDrift = 0.0
  /// Variation of a unit's amplitude from discharge to discharge (coefficient of variation).
  public var amplitudeJitter = 0.02
  /// Factor on the jitter of the single fibres of the chosen kind.
  public var jitterGain = 1.0
  /// Smallest and largest coefficient of variation of the intervals.
  public var intervalVariation: ClosedRange<Double> = 0.10...0.20

  /// Makes a normal muscle with six units near a concentric needle, 10 s at 10 kHz.
  public init() {
    drive = DriveProfile(.constant, levelPercentMVC: 15)
    drive.restSeconds = 0
  }

  /// Makes a recording of one kind.
  public init(_ kind: Kind, unitCount: Int, seed: UInt64) {
    self.init()
    self.kind = kind
    self.unitCount = unitCount
    self.seed = seed
  }

  /// What distinguishes the kinds at the level of fibres.
  struct Pathology {
    let fibres: Double
    let territoryRadius: Double
    let clusteredShare: Double
    let diameter: Double
    let diameterVariation: Double
    let endPlateSpread: Double
    /// Jitter as single-fibre EMG reports it: the mean consecutive difference between two fibres of
    /// the unit (Stalberg and Sonoo 1994; Stalberg, Trontelj and Sanders 2010, Single Fiber EMG).
    let jitterMicroseconds: ClosedRange<Double>
    let blocking: Double
    let rate: Double
  }

  var pathology: Pathology {
    switch kind {
    case .normal:
      Pathology(
        fibres: 160, territoryRadius: 3, clusteredShare: 0, diameter: 55,
        diameterVariation: 0.08, endPlateSpread: 1.5, jitterMicroseconds: 15...35, blocking: 0,
        rate: 8)
    case .neuropathic:
      Pathology(
        fibres: 400, territoryRadius: 3.6, clusteredShare: 0.7, diameter: 57,
        diameterVariation: 0.14, endPlateSpread: 3.5, jitterMicroseconds: 25...90,
        blocking: 0.01, rate: 10)
    case .myopathic:
      Pathology(
        fibres: 60, territoryRadius: 2.8, clusteredShare: 0.15, diameter: 50,
        diameterVariation: 0.30, endPlateSpread: 2, jitterMicroseconds: 15...45, blocking: 0,
        rate: 9)
    }
  }

  func validate() throws(SimulationError) {
    try SimulationError.require("channels", Double(channels), in: 1...4)
    try SimulationError.require("channelSpacing", channelSpacing, in: 0.01...20)
    try SimulationError.require("samplingRate", samplingRate, in: 1000...200_000)
    try SimulationError.require("duration", duration, in: 0.05...3600)
    try SimulationError.require("unitCount", Double(unitCount), in: 0...200)
    try SimulationError.require(
      "lookAlikePairs", Double(lookAlikePairs), in: 0...Double(unitCount / 2))
    try SimulationError.require("backgroundUnitCount", Double(backgroundUnitCount), in: 0...1000)
    try SimulationError.require("backgroundClearance", backgroundClearance, in: 0...8)
    try SimulationError.require("backgroundGain", backgroundGain, in: 0...100)
    try SimulationError.require("noiseMicrovolts", noiseMicrovolts, in: 0...1e5)
    try SimulationError.require("lineAmplitudeMicrovolts", lineAmplitudeMicrovolts, in: 0...1e6)
    try SimulationError.require("lineFrequencyHertz", lineFrequencyHertz, in: 1...1000)
    try SimulationError.require("doubletProbability", doubletProbability, in: 0...1)
    try SimulationError.require("movementMillimetres", movementMillimetres, in: -20...20)
    try SimulationError.require("amplitudeDrift", amplitudeDrift, in: -1...10)
    try SimulationError.require("amplitudeJitter", amplitudeJitter, in: 0...1)
    try SimulationError.require("jitterGain", jitterGain, in: 0...20)
    try SimulationError.require("intervalVariation", intervalVariation.lowerBound, in: 0...0.5)
    try SimulationError.require("intervalVariation", intervalVariation.upperBound, in: 0...0.5)
    try drive.validate()
  }
}
