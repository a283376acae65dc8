import Analyses
import ArgumentParser
import Reports

/// `motorpool config`: the constants that decide results.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "List the settings that decide results with their values, units and ranges.",
    discussion: """
      Every value is stored with each result; --set and --config of decompose, validate, visit add, \
      track, visit link, munix, mune and sta-mune change those of what they do. With --set or \
      --config the values after the change are shown.

      Examples:
        motorpool config
        motorpool config needle
        motorpool config array --set array.roundLimit=12 --json
      """)

  @Argument(
    help: "Only these groups: \(SettingGroup.all.map(\.name).joined(separator: ", ")).")
  var groups: [String] = []

  @OptionGroup var settings: ConfigurationArguments

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let list = try ConfigurationList(groups: groups, changes: try settings.changes())
    try printing.write(list, text: list.text)
  }
}
