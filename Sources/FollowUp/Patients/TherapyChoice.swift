import Registry

/// Which of a patient's therapies is compared.
package struct TherapyChoice {
  package let therapy: Intervention?
  package let warnings: [String]

  /// The therapy of a name, kind or start, else the first that began after the first value.
  ///
  /// - Throws: `FollowUpError` where there is none of that name.
  package init(
    _ therapies: [Intervention], named name: String?, firstDay: Int, subject: String
  ) throws {
    if let name {
      let found = therapies.first {
        [$0.kind, $0.name, $0.startDate.description].contains {
          $0?.lowercased() == name.lowercased()
        }
      }
      guard let found else {
        throw FollowUpError(.wrongSetting, path: subject, "no therapy \(name) in the registry")
      }
      therapy = found
      warnings = []
      return
    }
    let later = therapies.filter { $0.startDate.dayNumber > firstDay }
    therapy = later.first ?? therapies.first
    warnings =
      therapies.count > 1
      ? [
        "\(therapies.count) therapies are noted; compared is \(therapy?.kind ?? "") from "
          + "\(therapy?.startDate.description ?? ""); another can be named"
      ] : []
  }
}
