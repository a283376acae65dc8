import Decomposition
import Foundation
import Recordings

/// A decomposition as the viewer keeps it: everything needed to show it, to edit it and to repeat it.
public struct StoredRun: Codable, Sendable, Equatable {
  /// How a run came to be.
  public enum Method: String, Codable, Sendable {
    /// By decomposing the recording.
    case decompose
    /// By editing another run.
    case edit
    /// Read from a folder of results, or from another program.
    case imported
  }

  /// One unit.
  public struct Unit: Codable, Sendable, Equatable {
    /// Its number.
    public var id: Int
    /// Discharges in samples of the recording, ascending.
    public var times: [Double]
    /// Figures of merit; nil where the run has none.
    public var silhouette: Double?
    /// Pulse-to-noise ratio in dB.
    public var pulseToNoise: Double?
    /// Predicted rate of agreement with the true train.
    public var predictedAgreement: Double?
    /// Largest peak-to-peak amplitude in microvolts.
    public var amplitudeMicrovolts: Double?
    /// Whether an expert marked it as doubtful.
    public var isFlagged: Bool?

    private enum CodingKeys: String, CodingKey {
      case id, times, silhouette
      case pulseToNoise = "pulseToNoiseDecibels"
      case predictedAgreement, amplitudeMicrovolts, isFlagged
    }
  }

  /// Something that is no muscle activity and was mended.
  public struct Artefact: Codable, Sendable, Equatable {
    /// What it is, in words.
    public var kind: String
    /// First sample of the recording, and the one after the last.
    public var start: Double
    /// The sample after the last one.
    public var end: Double
    /// Indices of the channels in the recording.
    public var channels: [Int]
  }

  /// A channel that screening left out.
  public struct Rejected: Codable, Sendable, Equatable {
    /// Its index in the recording.
    public var channel: Int
    /// What was found.
    public var reason: String
  }

  /// Number of the run among those of its recording, from 1; 0 for the folder's own results.
  public var id: Int
  /// How it came to be.
  public var method: Method
  /// The run it was edited from.
  public var parent: Int?
  /// Who made it.
  public var author: String
  /// When, in ISO 8601.
  public var at: String
  /// What made it.
  public var software: String
  /// SHA-256 of the recording.
  public var sha256: String
  /// Sampling rate in Hz.
  public var samplingRate: Double
  /// Samples of the recording.
  public var sampleCount: Int
  /// Indices in the recording of the channels that were decomposed.
  public var channels: [Int]
  /// Stretches in seconds that were left out.
  public var excludedSeconds: [[Double]]
  /// How it was decomposed.
  public var configuration: ArrayConfiguration
  /// The units.
  public var units: [Unit]
  /// Share of the power that the units do not explain.
  public var residualPowerShare: Double?
  /// What the user should know.
  public var warnings: [String]
  /// What was mended; nil where the run does not say.
  public var artefacts: [Artefact]?
  /// Channels that were left out; nil where the run does not say.
  public var rejectedChannels: [Rejected]?
  /// How it was decomposed where it is a needle's; nil for arrays.
  public var needle: NeedleConfiguration?
  /// Number of the run in the registry; nil for one that is not there.
  public var record: Int64?
}

extension StoredRun {
  /// The time now in ISO 8601.
  static func now() -> String { Date().formatted(.iso8601) }
}

extension StoredRun.Unit {
  /// Names of earlier versions.
  private enum EarlierKeys: String, CodingKey { case pulseToNoise }

  /// Reads a stored unit, also of versions that gave the pulse-to-noise ratio no unit.
  ///
  /// - Throws: `DecodingError` where a value is missing or has another type.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let earlier = try decoder.container(keyedBy: EarlierKeys.self)
    self.init(
      id: try values.decode(Int.self, forKey: .id),
      times: try values.decode([Double].self, forKey: .times),
      silhouette: try values.decodeIfPresent(Double.self, forKey: .silhouette),
      pulseToNoise: try values.decodeIfPresent(Double.self, forKey: .pulseToNoise)
        ?? earlier.decodeIfPresent(Double.self, forKey: .pulseToNoise),
      predictedAgreement: try values.decodeIfPresent(Double.self, forKey: .predictedAgreement),
      amplitudeMicrovolts: try values.decodeIfPresent(Double.self, forKey: .amplitudeMicrovolts),
      isFlagged: try values.decodeIfPresent(Bool.self, forKey: .isFlagged))
  }
}
