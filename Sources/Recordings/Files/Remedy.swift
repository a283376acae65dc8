/// What a user can do about an error, for programs to word in their own terms: a command line as
/// options, a page as fields.
public enum Remedy: String, Hashable, Sendable, CaseIterable {
  /// State the sampling rate.
  case stateSamplingRate
  /// State the unit of the stored values.
  case stateUnit
  /// State the unit of the stored values, or the millivolts at full scale.
  case stateScale
  /// State rows and columns of the electrode grid.
  case stateGrid
  /// Choose the channels.
  case chooseChannels
  /// Leave a channel out, or repair the file.
  case leaveChannelOut
  /// Choose the channels of the CMAP's recording.
  case chooseCMAPChannels
  /// Choose the channel, or give the recording of the CMAP.
  case chooseChannelOrGiveCMAP
  /// State the times of the stimuli, or the channel that holds them.
  case stateStimuli
  /// State that two recordings were made together, on one clock.
  case confirmSimultaneous
  /// Say that former links are to be replaced.
  case replaceLinks
  /// Choose how many recordings are followed together.
  case chooseRecordings
  /// Name a folder for the results.
  case nameFolder
  /// Name the patient, in a column of the table or for all of it.
  case namePatient
  /// Choose one muscle, or all for each its own block.
  case chooseMuscle
  /// State where the time after therapy of controls starts.
  case stateControlStart
  /// Name the recording that was decomposed.
  case nameRecording
  /// Name the recording as datasets of BIDS name it.
  case nameDatasetEntry
  /// Add the recording to a visit first.
  case addVisit

  /// What to do in plain words, for programs that have none of their own.
  public var words: String {
    switch self {
    case .stateSamplingRate: "state the sampling rate in Hz"
    case .stateUnit: "state the unit: uV, mV or V"
    case .stateScale: "state the millivolts at full scale"
    case .stateGrid: "state rows and columns of the grid"
    case .chooseChannels: "choose the channels"
    case .leaveChannelOut: "leave the channel out or repair the file"
    case .chooseCMAPChannels: "choose the channels of the CMAP's recording"
    case .chooseChannelOrGiveCMAP: "choose the channel, or give the recording of the CMAP"
    case .stateStimuli: "state the times of the stimuli, or the channel that holds them"
    case .confirmSimultaneous: "state that both were recorded together, on one clock"
    case .replaceLinks: "say that the former links are to be replaced"
    case .chooseRecordings: "choose two recordings to link, three to ten to follow units over"
    case .nameFolder: "name a folder for the results"
    case .namePatient: "name the patient"
    case .chooseMuscle: "choose one muscle and side, or all of them"
    case .stateControlStart: "state where the controls' time after therapy starts"
    case .nameRecording: "name the recording"
    case .nameDatasetEntry: "name the recording as in sub-01_task-hold"
    case .addVisit: "add the recording to a visit first"
    }
  }
}
