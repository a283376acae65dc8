import Registry

extension VisitFile {
  /// Muscle, side and day of recordings that are stored already, which have to be of one visit.
  ///
  /// - Parameters:
  ///   - opened: the files of the recordings.
  ///   - paths: their paths, for messages.
  /// - Throws: `FollowUpError` naming a file that is not stored, or is stored elsewhere than the first;
  ///   `RegistryError`.
  package static func place(
    of opened: [Opened], paths: [String], subject: Subject, registry: PatientRegistry
  ) throws -> (muscle: String, side: BodySide, date: CivilDate) {
    let stored = try zip(paths, opened).map { path, file in
      guard let found = try registry.recording(subject: subject.id, sha256: file.sha256) else {
        throw FollowUpError(
          path: path, "is not stored for \(subject.pseudonym)", remedy: .addVisit)
      }
      return found
    }
    guard let first = stored.first, let muscle = first.muscle, let side = first.side else {
      throw FollowUpError(path: paths.first ?? "", "is stored without a muscle or side")
    }
    for (path, other) in zip(paths, stored)
    where (other.visit, other.muscle, other.side) != (first.visit, first.muscle, first.side) {
      throw FollowUpError(
        path: path,
        "belongs to another visit, muscle or side than \(paths[0]); analyse them one after the other"
      )
    }
    guard let date = try registry.record(Visit.self, id: first.visit)?.date else {
      throw FollowUpError(path: paths[0], "its visit has no day")
    }
    return (muscle, side, date)
  }
}
