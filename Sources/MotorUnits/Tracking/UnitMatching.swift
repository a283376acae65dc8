import Decomposition
import RealModule

/// Matches the units of two recordings of one muscle by the shape of their potentials.
///
/// The second array may be shifted, slightly rotated and have other electrodes missing, potentials
/// may have other amplitudes, and the sampling rates may differ. Pairs are one to one. A unit
/// without a link is either not found again or, said apart, not trackable.
public struct UnitMatching: Sendable, Equatable, Codable {
  /// How units are matched.
  public struct Configuration: Sendable, Equatable, Codable {
    /// Lowest probability of an accepted link.
    public var acceptedFrom = 0.9
    /// Largest shift of the array that is looked for, in millimetres; 0 keeps it in place.
    public var largestShift = 12.0
    /// Largest rotation that is looked for, in degrees.
    public var largestRotation = 12.0
    /// Smoothness of potentials over the skin: SD of the Gaussian covariance in millimetres.
    public var covarianceLength = 10.0
    /// Variance of noise against that of the potentials in the interpolation.
    public var ridge = 0.02
    /// Highest sampling rate in Hz at which templates are compared.
    public var highestRate = 1_024.0
    /// Length of the compared templates in milliseconds.
    public var templateMilliseconds = 40.0
    /// Largest lag between two templates in milliseconds.
    public var longestLagMilliseconds = 8.0
    /// Fewest covered electrodes of a trackable unit.
    public var fewestElectrodes = 8.0
    /// Lowest signal-to-noise ratio of the template of a trackable unit in dB.
    public var lowestSignalToNoise = -5.0
    /// Share of a place's variance that the electrodes must determine for it to count.
    public var leastReliability = 0.5
    /// Share of the electrodes, those with the most energy, on which signal and noise are compared.
    public var strongestShare = 0.25
    /// Similarity above which mutual best pairs steer the search for the mounting.
    public var mountingSimilarity = 0.6
    /// Step in millimetres at which the search for the mounting ends.
    public var mountingStep = 0.2
    /// Margin below which two candidates of high similarity cannot be told apart.
    public var ambiguousMargin = 0.1
    /// Similarity from which look-alikes count as ambiguous.
    public var ambiguousSimilarity = 0.9
    /// The law of shares: what two recordings as a whole tell of their candidates.
    public var shared = SharedUnitsLaw()
    /// The law behind the probabilities.
    public var calibration = UnitMatchCalibration.surface

    /// The recommended settings for electrodes on the skin.
    public init() {}
  }

  /// A pair of units.
  public struct Link: Sendable, Equatable, Codable {
    /// Name of the unit of the first recording.
    public let first: String
    /// Name of the unit of the second recording.
    public let second: String
    /// Probability that both are the same motor unit, 0...1.
    public let probability: Double
    /// Amplitude of the second template over the first.
    public let amplitudeRatio: Double
    /// What the probability rests on.
    public let evidence: UnitMatchEvidence
  }

  /// Why a unit cannot be looked for in another recording.
  public enum Obstacle: String, Sendable, Codable, CaseIterable {
    /// Too few electrodes are common to both recordings.
    case tooFewElectrodes = "too few common electrodes"
    /// The template is lost in noise.
    case lowSignalToNoise = "template too noisy"
    /// Another unit looks the same.
    case lookAlike = "look-alike units"
  }

  /// What became of one unit.
  public struct Outcome: Sendable, Equatable, Codable {
    /// Name of the unit.
    public let unit: String
    /// Name of its partner; nil without an accepted link.
    public let partner: String?
    /// Why it cannot be tracked; nil for a trackable unit.
    public let obstacle: Obstacle?
    /// Whether the unit could have been found again or was.
    public var isTrackable: Bool { obstacle == nil }
  }

  /// Accepted links, by falling probability.
  public let links: [Link]
  /// Candidate pairs that were not accepted, by falling probability.
  public let rejected: [Link]
  /// The units of the first recording, in its order.
  public let first: [Outcome]
  /// The units of the second recording, in its order.
  public let second: [Outcome]
  /// How the second array lay relative to the first; nil where the geometry is not known.
  public let mounting: GridMounting?
  /// Electrodes of the first array that the second covers, weighted by reliability.
  public let coveredElectrodes: Double
  /// How units were matched.
  public let configuration: Configuration

  /// Trackable units of the first recording.
  public var trackableCount: Int { first.reduce(0) { $0 + ($1.isTrackable ? 1 : 0) } }

  /// Matches two recordings.
  ///
  /// ```swift
  /// let matching = UnitMatching(january, april)
  /// for link in matching.links { print(link.first, link.second, link.probability) }
  /// ```
  public init(
    _ first: TrackedRecording, _ second: TrackedRecording,
    configuration: Configuration = Configuration()
  ) {
    self.init(first, second, configuration: configuration, progress: { _ in })
  }

  /// Matches two recordings and tells how far the search has come.
  ///
  /// `progress` is told the share of the work done, 0 to 1; what it throws ends the search.
  ///
  /// - Throws: what `progress` throws.
  public init(
    _ first: TrackedRecording, _ second: TrackedRecording,
    configuration: Configuration = Configuration(), progress: (Double) throws -> Void
  ) rethrows {
    self.configuration = configuration
    guard let pairs = try CandidatePairs(first, second, configuration, progress: progress) else {
      links = []
      rejected = []
      mounting = nil
      coveredElectrodes = 0
      // Without units or common electrodes on the other side nothing can be looked for.
      let isEmpty = first.units.isEmpty || second.units.isEmpty
      let obstacle: Obstacle? = isEmpty ? nil : .tooFewElectrodes
      self.first = first.units.map { Outcome(unit: $0.unit, partner: nil, obstacle: obstacle) }
      self.second = second.units.map { Outcome(unit: $0.unit, partner: nil, obstacle: obstacle) }
      return
    }
    mounting = pairs.mounting
    coveredElectrodes = pairs.similarity.coveredElectrodes
    let judged = pairs.candidates.map { candidate in
      (candidate: candidate, probability: configuration.calibration.probability(candidate.evidence))
    }.sorted {
      $0.probability != $1.probability
        ? $0.probability > $1.probability : $0.candidate.first < $1.candidate.first
    }
    var accepted: [Link] = []
    var rejected: [Link] = []
    var partnerOfFirst: [Int: String] = [:]
    var partnerOfSecond: [Int: String] = [:]
    for (candidate, probability) in judged {
      let link = Link(
        first: first.units[candidate.first].unit, second: second.units[candidate.second].unit,
        probability: probability, amplitudeRatio: Double.exp(candidate.logGain),
        evidence: candidate.evidence)
      let isTrackable =
        pairs.firstObstacles[candidate.first] == nil
        && pairs.secondObstacles[candidate.second] == nil
      if probability >= configuration.acceptedFrom && isTrackable {
        accepted.append(link)
        partnerOfFirst[candidate.first] = link.second
        partnerOfSecond[candidate.second] = link.first
      } else {
        rejected.append(link)
      }
    }
    links = accepted
    self.rejected = rejected
    self.first = first.units.indices.map {
      Outcome(
        unit: first.units[$0].unit, partner: partnerOfFirst[$0],
        obstacle: pairs.firstObstacles[$0] ?? nil)
    }
    self.second = second.units.indices.map {
      Outcome(
        unit: second.units[$0].unit, partner: partnerOfSecond[$0],
        obstacle: pairs.secondObstacles[$0] ?? nil)
    }
  }
}
