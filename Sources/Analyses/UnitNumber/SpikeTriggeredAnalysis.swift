import Foundation
import Recordings
import Reports
import Signal
import UnitNumber

/// A number of motor units from a decomposition, the surface EMG and the CMAP.
package struct SpikeTriggeredAnalysis {
  /// What goes in.
  package struct Input {
    /// Folder that a decomposition wrote, or file of spike trains.
    package let decomposition: String
    package let surface: String
    package let cmap: String?
    package let cmapChannels: String?
    package let cmapMillivolts: Double?
    package let force: Double?
    package let polarity: CMAPMeasurement.NegativePhase
    package let highPass: Double
    package let isSimultaneous: Bool
    package let reading: RecordingReading
    package let stimulus: StimulusTimes

    package init(
      decomposition: String, surface: String, cmap: String?, cmapChannels: String?,
      cmapMillivolts: Double?, force: Double?, polarity: CMAPMeasurement.NegativePhase,
      highPass: Double, isSimultaneous: Bool, reading: RecordingReading, stimulus: StimulusTimes
    ) {
      self.decomposition = decomposition
      self.surface = surface
      self.cmap = cmap
      self.cmapChannels = cmapChannels
      self.cmapMillivolts = cmapMillivolts
      self.force = force
      self.polarity = polarity
      self.highPass = highPass
      self.isSimultaneous = isSimultaneous
      self.reading = reading
      self.stimulus = stimulus
    }
  }

  /// High-pass of the surface EMG in Hz: below every potential, above the drift of electrodes.
  package static let defaultHighPass = 3.0

  package let configuration: DecompositionEnhancedAveraging
  /// How responses to stimuli are measured.
  package let measurement: CMAPMeasurement
  package let estimate: SpikeTriggeredEstimate
  /// Names of the units of the decomposition in order.
  package let unitNames: [String]
  package let dischargeCounts: [Int]
  /// Names of the surface channels that were used; `estimate.channel` counts in them.
  package let channelNames: [String]
  /// Surface channels that were left out, with reasons.
  package let leftOut: [String]
  package let samplingRate: Double
  package let highPass: Double
  package let inputs: [InputFile]
  /// Whether the area of the CMAP is known.
  package let hasArea: Bool

  /// Reads and estimates.
  ///
  /// - Parameter progress: what it throws ends the work.
  /// - Throws: `RecordingError`, `ReportsError`, `UnitNumberError` and `AnalysisError`.
  package init(
    _ input: Input, configuration: DecompositionEnhancedAveraging,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    try progress(AnalysisProgress(0, detail: "reading"))
    let recording = try input.reading.open(input.surface)
    let file = recording.source.fileName
    guard recording.hasPhysicalAmplitude else {
      throw AnalysisError(
        path: file, "found samples without a unit, expected microvolts",
        remedy: .stateScale)
    }
    let hash = try recording.source.inputHash()
    let source = try Self.source(of: input.decomposition)
    if let source, source.input?.sha256 != hash, !input.isSimultaneous {
      throw AnalysisError(
        path: file, "is not the recording that was decomposed (\(source.input?.name ?? "unnamed"))",
        remedy: .confirmSimultaneous)
    }
    measurement = input.stimulus.measurement
    samplingRate = recording.samplingRate
    highPass = input.highPass
    let trains = try SpikeTable.read(input.decomposition).trains(rate: samplingRate)
    unitNames = trains.map(\.name)
    dischargeCounts = trains.map(\.times.count)
    let signals = try recording.emgSamples()
    let names = recording.emgChannels.map { recording.channels[$0].name }
    var inputs = [InputFile(name: file, sha256: hash)]
    var leftOut: [String] = []
    var kept = Array(signals.indices)
    let bad = source?.input?.sha256 == hash ? source?.badChannels ?? [] : []
    for channel in bad {
      guard let place = names.firstIndex(of: channel.name) else { continue }
      kept.removeAll { $0 == place }
      leftOut.append("channel \(channel.name): \(channel.reason)")
    }
    var settings = configuration
    let cmaps: [CMAPMeasures]
    if let path = input.cmap {
      let found = try ChannelCMAPs(
        Self.openCMAP(path, input: input, channelCount: signals.count), stimulus: input.stimulus,
        polarity: input.polarity)
      guard found.measures.count == signals.count else {
        throw AnalysisError(
          path: found.file.name,
          "found \(found.measures.count) channels, expected the "
            + "\(signals.count) of \(file)", remedy: .chooseCMAPChannels)
      }
      for (place, reason) in found.reasons.sorted(by: { $0.key < $1.key })
      where kept.contains(place) {
        kept.removeAll { $0 == place }
        leftOut.append("channel \(names[place]): \(reason)")
      }
      cmaps = kept.compactMap { found.measures[$0] }
      settings.negativePhase = found.polarity
      inputs.append(InputFile(name: found.file.name, sha256: found.file.sha256))
      hasArea = true
    } else {
      guard signals.count == 1 else {
        throw AnalysisError(
          .wrongSetting, path: file,
          "found \(signals.count) surface channels, expected one with the amplitude of a CMAP alone",
          remedy: .chooseChannelOrGiveCMAP)
      }
      cmaps = [CMAPMeasures(amplitudeMillivolts: input.cmapMillivolts ?? 0)]
      settings.negativePhase = input.polarity
      hasArea = false
    }
    // One surface channel beside a needle says nothing of the size of the units; an array does.
    settings.detection = kept.count > 1 ? .largest : .anySize
    self.configuration = settings
    self.inputs = inputs
    self.leftOut = leftOut
    channelNames = kept.map { names[$0] }
    var surface = kept.map { signals[$0] }
    if input.highPass > 0 {
      let filter = ZeroPhaseFilter(
        samplingRate: samplingRate, lowEdge: input.highPass, highEdge: samplingRate)
      surface = filter.apply(surface)
    }
    let force = try input.force ?? Self.force(recording, trains: trains.map(\.times))
    estimate = try settings.estimate(
      trains: trains.map(\.times), surface: surface, samplingRate: samplingRate, cmaps: cmaps,
      forcePercent: force, parallelism: Parallelism()
    ) { try progress(AnalysisProgress($0, detail: "potentials of the units")) }
  }

  /// What `units.json` in a folder says; nil for a table or an EAF file.
  private static func source(of path: String) throws -> DecompositionExport? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return nil }
    let url = URL(fileURLWithPath: path).appendingPathComponent("units.json")
    guard let data = try? Data(contentsOf: url) else { return nil }
    return try DecompositionExport.reading(unitsJSON: data, name: url.path)
  }

  /// Opens the CMAP's recording with its own choice of channels.
  ///
  /// The channels of the surface EMG are asked for where the file has as many as that takes.
  private static func openCMAP(
    _ path: String, input: Input, channelCount: Int
  ) throws -> Recording {
    var reading = input.reading
    reading.channels = input.cmapChannels
    let recording = try reading.open(path)
    guard input.cmapChannels == nil, let wanted = input.reading.channels,
      recording.emgChannels.count != channelCount
    else { return recording }
    reading.channels = wanted
    return try reading.open(path)
  }

  /// Mean force in percent of maximum at the discharges; nil without such a channel.
  package static func force(_ recording: Recording, trains: [[Double]]) throws -> Double? {
    guard let index = recording.forceChannel, recording.channels[index].unit == .percentMVC
    else { return nil }
    let values = try recording.samples(channel: index)
    let ratio = recording.channels[index].samplingRate / recording.samplingRate
    var (sum, count) = (0.0, 0.0)
    for time in trains.joined() {
      let place = Int((time * ratio).rounded())
      guard values.indices.contains(place), values[place].isFinite else { continue }
      sum += Double(values[place])
      count += 1
    }
    return count > 0 && sum > 0 ? sum / count : nil
  }

  package static let wording =
    "An estimate with a 90 % interval, not a count of motor units. Its units are those that the "
    + "decomposition identified at this force: large and superficial ones are found more often, "
    + "which makes the number too low, and weak efforts recruit small ones only, which makes it "
    + "too high. The interval allows for both, the number does not. Compare it only with this "
    + "method at equal force; on an array it follows a loss of units only in part."
}
