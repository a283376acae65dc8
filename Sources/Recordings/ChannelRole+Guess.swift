extension ChannelRole {
  /// The role that a channel's unit and name suggest; voltages of no other known kind are EMG.
  ///
  /// `unit` is nil where the file states none; such channels count as EMG unless named otherwise.
  public static func guess(name: String, unit: PhysicalUnit?) -> ChannelRole {
    let words = name.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "%" }
      .map { String($0) }
    func has(_ candidates: [String]) -> Bool {
      words.contains { word in
        let letters = word.prefix { $0.isLetter }
        return candidates.contains(word) || candidates.contains(String(letters))
      }
    }
    let triggers = ["status", "trigger", "trig", "trg", "stim", "stimulus", "marker", "sync"]
    // A unit tells more than a name: newtons are no EMG whatever the channel is called.
    switch unit {
    case .newton, .newtonMetre, .percentMVC: return .force
    case .microvolt, .relative, nil: break
    default: return has(triggers) ? .trigger : .auxiliary
    }
    if has(["emg", "hdemg", "semg", "iemg", "hdsemg"]) { return .emg }
    if has(triggers) { return .trigger }
    if has(["force", "torque", "mvc", "loadcell", "dynamometer"]) { return .force }
    let others = [
      "ecg", "ekg", "eeg", "eog", "acc", "accelerometer", "gyro", "mag", "temp", "temperature",
      "angle", "goniometer", "resp", "spo2", "path", "target", "feedback", "aux", "time", "index",
      "sample", "counter", "quaternion", "ramp",
    ]
    return has(others) ? .auxiliary : .emg
  }
}
