import Registry

extension PatientTrends {
  /// A muscle with its side.
  package struct Place: Hashable, Sendable {
    package let muscle: String?
    package let side: BodySide?

    package init(muscle: String?, side: BodySide?) {
      self.muscle = muscle
      self.side = side
    }

    /// Reads "apb/left" or a muscle alone.
    package init(_ text: String) throws {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      let side = parts.count == 2 ? BodySide(reading: parts[1]) : nil
      guard (1...2).contains(parts.count), !parts[0].isEmpty, (parts.count == 2) == (side != nil)
      else {
        throw FollowUpError(.wrongSetting, "muscle \(text): expected MUSCLE/SIDE such as apb/left")
      }
      muscle = MuscleName.canonical(parts[0])
      self.side = side
    }

    package var text: String { [muscle, side?.rawValue].compactMap { $0 }.joined(separator: ", ") }
  }
}
