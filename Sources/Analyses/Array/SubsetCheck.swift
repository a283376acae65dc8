import Decomposition
import Recordings
import Reports
import Signal

/// The units of a recording checked against decompositions of two sets of its electrodes.
package struct SubsetCheck {
  package let recording: Recording
  package let validation: SubsetValidation
  /// Whether the sets are the halves of the grid instead of odd and even channels.
  package let takesHalves: Bool

  /// Decomposes all channels and both sets.
  ///
  /// - Throws: `RecordingError`, `AnalysisError` naming the file, and what `progress` throws.
  package init(
    _ recording: Recording, halves: Bool, configuration: ArrayConfiguration,
    parallelism: Parallelism,
    validation settings: SubsetValidation.Configuration = SubsetValidation.Configuration(),
    progress: @escaping AnalysisProgressHandler = { _ in }
  ) throws {
    self.recording = recording
    takesHalves = halves
    let subsets =
      halves
      ? try Self.halves(recording)
      : SubsetValidation.oddEven(channelCount: recording.emgChannels.count)
    do {
      validation = try SubsetValidation(
        try recording.emgSamples(), samplingRate: recording.samplingRate, subsets: subsets,
        decomposer: ArrayDecomposer(configuration: configuration, parallelism: parallelism),
        configuration: settings
      ) { state, part in
        try progress(
          AnalysisProgress(
            (Double(part) + state.fraction) / 3,
            detail: part == 0 ? "all channels" : "subset \(part)"))
      }
    } catch let error as DecompositionError {
      throw AnalysisError(path: recording.source.path, error.description)
    }
  }

  /// The channels of the grid's first and second half along its longer side.
  ///
  /// - Throws: `AnalysisError` where the layout is not known.
  static func halves(_ recording: Recording) throws -> [[Int]] {
    guard let grid = recording.electrodeGrid else {
      throw AnalysisError(
        .wrongSetting, path: recording.source.path, "the layout of the electrodes is not known",
        remedy: .stateGrid)
    }
    let alongRows = grid.rows >= grid.columns
    let half = (alongRows ? grid.rows : grid.columns) / 2
    var subsets: [[Int]] = [[], []]
    for (index, channel) in recording.emgChannels.enumerated() {
      guard let position = grid.position(ofChannel: channel) else { continue }
      subsets[(alongRows ? position.row : position.column) < half ? 0 : 1].append(index)
    }
    return subsets
  }

  /// What the figures say and what they do not.
  package static let reading =
    "Agreement of two subsets is evidence of a right train; its absence is none of a wrong one."

  /// The table as CSV, one line a unit.
  package var csv: String {
    var text =
      "unit,discharges,silhouette,first,first_roa,second,second_roa,subsets_roa\n"
    for row in validation.rows {
      func number(_ value: Int?) -> String { value.map(String.init) ?? "" }
      func rate(_ value: Double?) -> String { value.map { Formatting.fixed($0, 4) } ?? "" }
      text +=
        [
          number(row.unit), String(row.dischargeCount), Formatting.fixed(row.silhouette, 4),
          number(row.subsetUnits[0]), rate(row.agreements[0]), number(row.subsetUnits[1]),
          rate(row.agreements[1]), rate(row.mutualAgreement),
        ].joined(separator: ",") + "\n"
    }
    return text
  }
}

/// What `motorpool validate --json` prints.
package struct ValidateSummary: Encodable {
  let software = SoftwareVersion.text
  let file: String
  let sha256: String
  let subsets: String
  let channelCounts: [Int]
  let unitCounts: [Int]
  let confirmedUnits: Int
  let confirmedFrom: Double
  let configuration: SubsetValidation.Configuration
  let units: [SubsetValidation.Row]
  let reading = SubsetCheck.reading
  let note = ReportWording.identifiedCounts

  package init(_ check: SubsetCheck) throws {
    let (recording, validation) = (check.recording, check.validation)
    file = recording.source.fileName
    sha256 = try recording.source.inputHash()
    subsets = check.takesHalves ? "halves of the grid" : "odd and even channels"
    channelCounts = [recording.emgChannels.count] + validation.subsets.map(\.count)
    unitCounts = [validation.whole.units.count] + validation.parts.map(\.units.count)
    confirmedUnits = validation.confirmedCount
    confirmedFrom = validation.configuration.confirmedFrom
    configuration = validation.configuration
    units = validation.rows
  }
}
