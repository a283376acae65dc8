import Analyses
import ArgumentParser
import MotorUnits
import Terminal

/// `motorpool track`: the same units in two or more recordings of one muscle.
struct Track: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the same motor units in decomposed recordings of one muscle.",
    discussion: """
      Units are matched by the shape of their potentials over the array; the second array may be \
      shifted, slightly turned, have lost other electrodes and another sampling rate. Every link \
      carries a probability, calibrated on simulated muscles; units that cannot be tracked are \
      said apart. With --repeat, a second recording of the first day, survival is normalised.

      Three to ten results, in the order of time, are followed jointly: every unit has one identity \
      over all of them, units that pause are found again, and the share that survives is estimated \
      with the chance of finding a unit.

      Examples:
        motorpool track visit1 visit2
        motorpool track visit1 visit2 --repeat visit1-again --json
        motorpool track visit1 visit2 visit3 visit4 --json
      """)

  @Argument(help: "Folders that decompose wrote, the earliest recording first.")
  var folders: [String]

  @Option(
    name: .customLong("repeat"),
    help: "Folder of another recording on the first one's day, the array mounted anew.")
  var sameDay: String?

  @OptionGroup var matching: MatchingArguments

  @OptionGroup var printing: PrintArguments

  func validate() throws {
    guard folders.count >= 2, folders.count <= UnitIdentities.visitRange.upperBound else {
      throw ValidationError("name two to \(UnitIdentities.visitRange.upperBound) folders")
    }
    if sameDay != nil && folders.count > 2 {
      throw ValidationError("--repeat goes with two folders")
    }
  }

  func run() throws {
    if folders.count > 2 { return try follow() }
    let meter = ProgressMeter("tracking units")
    let summary = try TrackingSummary(
      folders: folders[0], folders[1], sameDay: sameDay,
      configuration: try matching.configuration(), progress: meter.show)
    meter.finish()
    try printing.write(
      summary, from: .run("track", files: folders + [sameDay].compactMap { $0 }),
      text: summary.text + "\n\n" + TrackingSummary.caveat)
  }

  private func follow() throws {
    let configuration = try matching.followingConfiguration()
    let files = try folders.map { (folder: $0, file: try TemplateFile.read($0)) }
    let meter = ProgressMeter("track")
    let followed = try FollowedUnits(
      files.map(\.file.recording), matching: configuration.matching,
      joining: configuration.joining, progress: meter.show)
    meter.finish()
    let summary = FollowedUnitsSummary(
      followed, recordings: folders, matching: configuration.matching,
      warnings: TemplateFile.repeated(files))
    try printing.write(
      summary, from: .run("track", files: folders),
      text: summary.text + "\n\n" + FollowedUnitsSummary.caveat)
  }
}
