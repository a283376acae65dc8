extension ChannelRole {
  private static let triggers: Set<String> = [
    "status", "trigger", "triggers", "trig", "trg", "stim", "stimulus", "stimuli", "marker",
    "markers", "sync", "ttl",
  ]
  private static let forces: Set<String> = [
    "force", "torque", "mvc", "loadcell", "dynamometer", "kraft", "drehmoment",
  ]
  /// What is shown to the subject, not what the subject does.
  private static let targets: Set<String> = [
    "target", "requested", "path", "template", "feedback", "ramp", "profile", "reference",
  ]
  private static let others: Set<String> = [
    "ecg", "ekg", "eeg", "eog", "acc", "accelerometer", "gyro", "gyr", "mag", "temp",
    "temperature", "angle", "goniometer", "resp", "spo2", "aux", "time", "index", "sample",
    "counter", "quaternion", "quaternions", "battery", "control", "buffer",
  ]

  /// The role that a channel's unit and name suggest; voltages of no other known kind are EMG.
  ///
  /// `unit` is nil where the file states none; such channels count as EMG unless named otherwise.
  /// Of force and path the acquired one is the force; a target or requested path is auxiliary.
  public static func guess(name: String, unit: PhysicalUnit?) -> ChannelRole {
    let words = words(of: name)
    func has(_ candidates: Set<String>) -> Bool { !words.isDisjoint(with: candidates) }
    let isPerformed = has(["performed", "acquired", "measured", "actual"])
    let isTarget = has(targets) && !isPerformed
    // A unit tells more than a name: newtons are no EMG whatever the channel is called.
    switch unit {
    case .newton, .newtonMetre, .percentMVC: return isTarget ? .auxiliary : .force
    case .microvolt, .relative, nil: break
    default: return has(triggers) ? .trigger : .auxiliary
    }
    if has(["emg", "hdemg", "semg", "iemg", "hdsemg"]) { return .emg }
    if has(triggers) { return .trigger }
    if isPerformed, has(["path", "force", "torque", "data"]) { return .force }
    if isTarget { return .auxiliary }
    if has(forces) { return .force }
    return has(others) ? .auxiliary : .emg
  }

  /// The words of a name without their trailing digits, and each pair of neighbours in one.
  private static func words(of name: String) -> Set<String> {
    var result: Set<String> = []
    var last = ""
    for word in name.lowercased().split(whereSeparator: {
      !$0.isLetter && !$0.isNumber && $0 != "%"
    }) {
      let letters = String(word.prefix { $0.isLetter })
      result.insert(String(word))
      result.insert(letters)
      // "Load Cell" and "LoadCell" are one word.
      if !last.isEmpty { result.insert(last + letters) }
      last = letters
    }
    return result
  }
}
