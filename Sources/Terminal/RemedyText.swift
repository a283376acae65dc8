import Recordings

/// What a user can do about an error, in terms of this program's options.
package enum RemedyText {
  /// The line of an error with its remedy.
  package static func line(_ description: String, _ remedy: Remedy?) -> String {
    remedy.map { "\(description); \(text($0))" } ?? description
  }

  /// A remedy in words.
  package static func text(_ remedy: Remedy) -> String {
    switch remedy {
    case .stateSamplingRate: "state it in Hz with --fs"
    case .stateUnit: "state it with --unit uV, mV or V"
    case .stateScale: "name the scale with --mv-per-fs or --unit"
    case .stateGrid: "state it with --grid"
    case .chooseChannels: "choose them with --channels"
    case .leaveChannelOut: "leave the channel out with --channels or repair the file"
    case .chooseCMAPChannels: "choose them with --cmap-channels"
    case .chooseChannelOrGiveCMAP:
      "choose it with --channels or give the recording of the CMAP with --cmap"
    case .stateStimuli: "name them with --stimulus-ms or --trigger-channel"
    case .confirmSimultaneous:
      "where it was made with it on the same clock, say so with --simultaneous"
    case .replaceLinks: "give --replace to link again"
    case .chooseRecordings: "name two results for their links, three to ten to follow units over"
    case .nameFolder: "name a folder with --output"
    case .namePatient: "add one, or name the patient before --from"
    case .chooseMuscle: "name one with --muscle and --side, or --muscle all"
    case .nameRecording: "name the recording with --recording"
    case .nameDatasetEntry: "name it with --bids as in sub-01_task-hold"
    case .addVisit: "motorpool visit add stores it"
    case .stateControlStart:
      "--control-start median starts its time after therapy at the median of the treated, or write each "
        + "control's own date (randomisation, first placebo) into the column of the therapy times"
    }
  }
}
