import Registry

/// What may count as an event of survival.
package enum SurvivalEvent: String, CaseIterable, Sendable {
  case death
  case tracheostomy
  case permanentVentilation = "permanent-ventilation"

  /// In words.
  package var words: String {
    switch self {
    case .death: "death"
    case .tracheostomy: "tracheostomy"
    case .permanentVentilation: "permanent ventilation"
    }
  }

  /// Its kind in the registry.
  package var kind: ClinicalEvent.Kind {
    switch self {
    case .death: .death
    case .tracheostomy: .tracheostomy
    case .permanentVentilation: .permanentVentilation
    }
  }

  /// Reads a name as people write it.
  package init?(reading word: String) {
    switch word {
    case "dead", "died": self = .death
    case "ventilation", "pav", "permanent ventilation": self = .permanentVentilation
    default: self.init(rawValue: word)
    }
  }

  /// The event that a name asks for.
  ///
  /// - Throws: `FollowUpError` with the names there are.
  package init(named name: String) throws {
    guard let event = SurvivalEvent(reading: name.lowercased()) else {
      throw FollowUpError(
        .wrongSetting, path: "event \(name)",
        "expected " + SurvivalEvent.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self = event
  }

  /// Several as a list.
  static func list(_ events: [SurvivalEvent]) -> String {
    let words = events.map(\.words)
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}
