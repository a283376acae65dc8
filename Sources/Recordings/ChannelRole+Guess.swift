extension ChannelRole {
  /// The role that a channel's name and unit suggest; voltages of no other known kind are EMG.
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
    if has(["emg", "hdemg", "semg", "iemg", "hdsemg"]) { return .emg }
    if has(["status", "trigger", "trig", "trg", "stim", "stimulus", "marker", "sync"]) {
      return .trigger
    }
    if has(["force", "torque", "mvc", "loadcell", "dynamometer"]) { return .force }
    switch unit {
    case .newton, .newtonMetre, .percentMVC: return .force
    case .microvolt, .relative, nil: break
    default: return .auxiliary
    }
    let others = [
      "ecg", "ekg", "eeg", "eog", "acc", "accelerometer", "gyro", "mag", "temp", "temperature",
      "angle", "goniometer", "resp", "spo2", "path", "target", "feedback", "aux", "time", "index",
      "sample", "counter", "quaternion", "ramp",
    ]
    return has(others) ? .auxiliary : .emg
  }
}
