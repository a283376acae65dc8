/// Sentences that every report repeats word for word.
public enum ReportWording {
  /// The purpose line of every page.
  public static let researchUse =
    "For research use. Not for diagnosis and not for decisions about the treatment of a person."

  /// A quantity with its unit; a unit that begins with "per" follows without a preposition.
  package static func quantity(_ name: String, in unit: String) -> String {
    unit.hasPrefix("per ") ? "\(name) \(unit)" : "\(name) in \(unit)"
  }

  /// A text whose hyphens before numbers are minus signs.
  package static func withMinusSigns(_ text: String) -> String {
    var result = ""
    for (character, next) in zip(text, Array(text.dropFirst()) + [" "]) {
      let isSign =
        character == "-" && next.isNumber
        && !(result.last.map { $0.isLetter || $0.isNumber } ?? false)
      result.append(isSign ? "−" : character)
    }
    return result
  }

  /// What counts of identified units over visits can not say.
  public static let identifiedCounts =
    "Identified counts are counts of detections. They are not an estimate of the number of motor "
    + "units and do not follow a loss of units: neither a fall nor a stable count shows loss or "
    + "stability."

  /// What a count of one recording is.
  static let whatTheCountIs = [
    "The number of identified units is the number of spike trains that the decomposition "
      + "separated and accepted in this recording. It depends on the electrodes, the tissue "
      + "between electrodes and muscle, the noise, the force and the version of the software.",
    "Power completeness is the share of the signal's power above the noise that the accepted "
      + "units explain. It ranks recordings by how much was found, but it is not the share of "
      + "motor units that were found, which cannot be observed.",
    "It is not the number of motor units of the muscle, nor of those active. Counts of different "
      + "persons, electrodes, forces or software versions must not be compared.",
  ]

  /// What uncontrolled before-and-after data can say.
  static let association = [
    "A difference between the slopes before and after the start of a therapy is an association. "
      + "Without a control group it may equally come from the natural course of the disease, "
      + "from regression to the mean when fast decline led to the choice of the patient, from "
      + "learning, from electrode placement or from other treatment.",
    "Values that are missing because of death or withdrawal are not replaced. The fit assumes that "
      + "missing values depend only on what was observed.",
  ]
}
