import Foundation
import Recordings
import Reports
import UnitNumber

/// MUNIX of one muscle from a CMAP and the epochs of interference patterns.
struct MUNIXAnalysis {
  let configuration: MUNIX
  let cmapFile: String
  let cmap: CMAPMeasures
  let epochs: [SurfaceInterferencePattern]
  let estimate: MUNIXEstimate
  let inputs: [InputFile]
  /// Muscle of the norms, if any was named.
  let muscle: String?

  /// Reads the CMAP and the patterns; one file may hold both.
  ///
  /// The first EMG channel of each file counts. Epochs that a response falls into are left out.
  /// - Throws: `RecordingError`, `UnitNumberError` and `Failure.Message`, naming the file.
  init(
    patterns: [String], cmap cmapPath: String, reading: RecordingArguments,
    stimulus: StimulusArguments, configuration: MUNIX, muscle: String?
  ) throws {
    self.configuration = configuration
    self.muscle = muscle
    let cmapRecording = try reading.open(cmapPath)
    let cmapSignal = try Self.signal(cmapRecording, trigger: stimulus.triggerChannel)
    let stimuli = try stimulus.stimuli(cmapRecording)
    cmapFile = cmapRecording.source.fileName
    cmap = try stimulus.largest(
      cmapSignal.samples, samplingRate: cmapSignal.rate, stimuli: stimuli, name: cmapFile)
    let cmapHash = try cmapRecording.source.inputHash()
    var inputs = [InputFile(name: cmapFile, sha256: cmapHash)]
    var epochs: [SurfaceInterferencePattern] = []
    for path in patterns {
      let recording = try reading.open(path)
      let hash = try recording.source.inputHash()
      let signal = try Self.signal(
        recording, trigger: hash == cmapHash ? stimulus.triggerChannel : nil)
      epochs += Self.epochs(
        of: signal.samples, rate: signal.rate, length: configuration.epochMilliseconds,
        avoiding: hash == cmapHash ? stimuli : [])
      if hash != cmapHash {
        inputs.append(InputFile(name: recording.source.fileName, sha256: hash))
      }
    }
    self.inputs = inputs
    self.epochs = epochs
    estimate = try configuration.estimate(
      cmap: cmap, epochs: epochs,
      name: patterns.map { ($0 as NSString).lastPathComponent }.joined(separator: ", "))
  }

  /// Samples in microvolts of the first EMG channel that is not the named trigger (counted from 1).
  static func signal(
    _ recording: Recording, trigger: Int? = nil
  ) throws -> (samples: [Float], rate: Double) {
    guard let channel = recording.emgChannels.first(where: { $0 + 1 != trigger }) else {
      throw Failure.Message("\(recording.source.fileName): found no EMG channel, expected one")
    }
    guard recording.hasPhysicalAmplitude else {
      throw Failure.Message(
        "\(recording.source.fileName): found samples without a unit, expected microvolts; "
          + "name the scale with --mv-per-fs or --unit")
    }
    return (
      try recording.samples(channel: channel), recording.channels[channel].samplingRate
    )
  }

  static func epochs(
    of signal: [Float], rate: Double, length: Double, avoiding stimuli: [Double]
  ) -> [SurfaceInterferencePattern] {
    let exact = (length * rate / 1000).rounded()
    guard exact >= 1, exact <= Double(signal.count) else { return [] }
    let count = Int(exact)
    return (0..<signal.count / count).compactMap { number in
      let window = number * count..<(number + 1) * count
      let (low, high) = (Double(window.lowerBound) - 0.1 * rate, Double(window.upperBound))
      // A response and what follows it last for about 100 ms.
      if stimuli.contains(where: { $0 > low && $0 < high }) { return nil }
      return SurfaceInterferencePattern(samplesMicrovolts: signal[window], samplingRate: rate)
    }
  }

  /// Ideal-case count of an epoch.
  private func idealCount(_ epoch: SurfaceInterferencePattern) -> Double {
    cmap.powerSquaredMillivoltMilliseconds * epoch.areaMillivoltMilliseconds
      / (epoch.powerSquaredMillivoltMilliseconds * cmap.areaMillivoltMilliseconds)
  }

  /// Standard deviations from published norms of the muscle; nil without a muscle or norms.
  var zScore: Double? { muscle.flatMap { MUNIXNorms.zScore(munix: estimate.munix, muscle: $0) } }

  /// Standard deviations of the CMAP from published norms of the muscle, which are its own.
  var cmapZScore: Double? {
    muscle.flatMap {
      CMAPNorms.zScore(amplitudeMillivolts: cmap.amplitudeMillivolts, muscle: $0)
    }
  }

  static let wording =
    "MUNIX is an index and not a count of motor units; it depends largely on the CMAP. "
    + "Compare it only with MUNIX of the same muscle."

  /// The report of the estimate.
  func report(command: String? = nil) -> UnitNumberReport {
    let refused = Set(estimate.rejected.map(\.index))
    let shown = epochs.indices.filter {
      epochs[$0].areaMillivoltMilliseconds > 0 && idealCount(epochs[$0]).isFinite
    }
    var flags = estimate.flags
    if estimate.cmapDominated { flags.append(Self.dominated) }
    return UnitNumberReport(
      recordingName: inputs.map(\.name).joined(separator: ", "), method: "MUNIX",
      keyFigures: [
        KeyFigure(
          label: "MUNIX", value: NumberText.significant(estimate.munix, 3),
          detail: "90 % interval \(ScanAnalysis.interval(estimate.interval90))"),
        KeyFigure(
          label: "MUSIX", value: "\(NumberText.significant(estimate.musixMicrovolts, 3)) µV",
          detail: "90 % interval \(ScanAnalysis.interval(estimate.musixInterval90))"),
        KeyFigure(
          label: "Gaussian limit", value: NumberText.significant(estimate.gaussianLimit, 3),
          detail: "what the CMAP alone gives"),
        KeyFigure(
          label: "CMAP", value: "\(NumberText.significant(cmap.amplitudeMillivolts, 3)) mV",
          detail: "\(estimate.epochsUsed) of \(epochs.count) epochs used"),
      ],
      flags: flags,
      figures: [
        MUNIXFigure(
          areas: shown.map { epochs[$0].areaMillivoltMilliseconds },
          idealCounts: shown.map { idealCount(epochs[$0]) },
          isAccepted: shown.map { !refused.contains($0) }, factor: estimate.coefficient,
          exponent: estimate.alpha,
          notes: ["MUNIX \(NumberText.significant(estimate.munix, 3))"])
      ],
      tables: [table],
      meaning: [Self.wording],
      provenance: Provenance(
        version: SoftwareVersion.number, command: command, seed: configuration.seed,
        parameters: [
          ReportFact("Epoch (ms)", Formatting.plain(configuration.epochMilliseconds)),
          ReportFact("Bootstrap samples", "\(configuration.bootstrapSamples)"),
        ], inputs: inputs))
  }

  /// The values with the measures of the CMAP behind them, and what norms say of them.
  private var table: ReportTable {
    func row(_ name: String, _ value: Double, _ interval: [Double]? = nil) -> [String] {
      [
        name, NumberText.significant(value, 3), interval.map { ScanAnalysis.interval($0) } ?? "–",
      ]
    }
    return ReportTable(
      caption: "Values",
      columns: [.init("Value", isNumeric: false), .init("Estimate"), .init("90 % interval")],
      rows: [
        row("MUNIX", estimate.munix, estimate.interval90),
        row("MUSIX (µV)", estimate.musixMicrovolts, estimate.musixInterval90),
        row("Gaussian limit", estimate.gaussianLimit), row("Exponent alpha", estimate.alpha),
        row("CMAP (mV)", cmap.amplitudeMillivolts),
        row("CMAP area (mV ms)", cmap.areaMillivoltMilliseconds),
        row("CMAP power (mV² ms)", cmap.powerSquaredMillivoltMilliseconds),
        row("CMAP latency (ms)", cmap.latencyMilliseconds),
        row("CMAP duration (ms)", cmap.durationMilliseconds),
      ], notes: zScoreNotes)
  }

  /// What norms of the named muscle say, each of its own quantity.
  var zScoreNotes: [String] {
    var notes: [String] = []
    guard let muscle else { return notes }
    if let zScore {
      notes.append(
        "MUNIX z-score \(Formatting.signed(zScore, 2)) (\(muscle.uppercased()), "
          + "\(MUNIXNorms.source); the mean falls with age, which the source does not resolve)")
    }
    if let cmapZScore, let norm = CMAPNorms.norm(muscle: muscle, ageYears: nil) {
      notes.append(
        "CMAP z-score \(Formatting.signed(cmapZScore, 2)) (\(norm.source)"
          + (norm.dependsOnAge ? "; the mean falls with age)" : ")"))
    }
    return notes
  }

  static let dominated =
    "CMAP-dominated: MUNIX lies at the Gaussian limit and says no more than the CMAP does"
}

/// What `motorpool munix --json` prints.
struct MUNIXSummary: Encodable {
  let analysis: MUNIXAnalysis

  private enum Keys: String, CodingKey {
    case software, inputs, cmap, note
    case epochsTotal = "epochs_total"
    case zScore = "z_score"
    case zScoreSource = "z_score_source"
    case cmapZScore = "cmap_z_score"
    case cmapZScoreSource = "cmap_z_score_source"
  }

  func encode(to encoder: any Encoder) throws {
    try analysis.estimate.encode(to: encoder)
    var fields = encoder.container(keyedBy: Keys.self)
    try fields.encode(SoftwareVersion.text, forKey: .software)
    try fields.encode(analysis.inputs, forKey: .inputs)
    try fields.encode(analysis.cmap, forKey: .cmap)
    try fields.encode(analysis.epochs.count, forKey: .epochsTotal)
    try fields.encode(MUNIXAnalysis.wording, forKey: .note)
    if let zScore = analysis.zScore {
      try fields.encode(zScore, forKey: .zScore)
      try fields.encode(MUNIXNorms.source, forKey: .zScoreSource)
    }
    if let zScore = analysis.cmapZScore, let muscle = analysis.muscle {
      try fields.encode(zScore, forKey: .cmapZScore)
      try fields.encode(
        CMAPNorms.norm(muscle: muscle, ageYears: nil)?.source, forKey: .cmapZScoreSource)
    }
  }
}
