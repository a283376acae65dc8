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
}
