import Analyses
import ArgumentParser

/// Changes of the constants that decide a result.
struct ConfigurationArguments: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a setting, such as array.roundLimit=12; can be repeated (see motorpool config).",
      valueName: "group.name=value"))
  var assignments: [String] = []

  @Option(
    name: .customLong("config"),
    help: ArgumentHelp("JSON file of settings; --set goes before it.", valueName: "file"))
  var file: String?

  /// The changes these arguments make.
  ///
  /// - Throws: `AnalysisError` naming a setting that is not known or out of range.
  func changes() throws -> ConfigurationChanges {
    let stored = try file.map { try ConfigurationChanges(file: $0) } ?? ConfigurationChanges()
    return stored.merging(try ConfigurationChanges(assignments))
  }

  /// The changes these arguments make to what a command does.
  ///
  /// - Throws: `ValidationError` for a setting of another command, which it would pass over; `AnalysisError`
  ///   naming a setting that is not known or out of range.
  func changes(of groups: [String]) throws -> ConfigurationChanges {
    let changes = try changes()
    if let other = changes.groups.subtracting(groups).sorted().first {
      throw ValidationError(
        "a setting of \(other) was changed, which decides nothing here; this command has those of "
          + groups.joined(separator: ", "))
    }
    return changes
  }
}
