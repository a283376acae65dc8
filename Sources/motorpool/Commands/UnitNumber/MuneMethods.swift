import Analyses
import ArgumentParser
import UnitNumber

/// `motorpool mune incremental`.
struct MuneIncremental: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "incremental",
    abstract: "Incremental stimulation at one site (McComas 1971).",
    discussion: """
      One column: level_mV, the response after each further quantal increment, weakest first, in \
      mV from the baseline. Alternation of units makes the number too high.

      Examples:
        motorpool mune incremental levels.csv --cmap-mv 8.4
      """)

  @OptionGroup var arguments: MuneArguments

  @Option(
    name: .customLong("minimum-uv"), help: "Smallest increment that counts, in microvolts.")
  var minimum: Double?

  func run() throws {
    var method = IncrementalStimulation()
    method.errors = arguments.errors
    if let minimum { method.minimumIncrementMicrovolts = minimum }
    let settings = method
    try arguments.run(columns: ["level_mV"]) { table in
      try settings.estimate(
        levelsMillivolts: table.rows.map { $0[0] }, cmapMillivolts: arguments.cmapMillivolts)
    }
  }
}

/// `motorpool mune multipoint`.
struct MuneMultipoint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "multipoint",
    abstract: "Multipoint incremental stimulation (Shefner 2011).",
    discussion: """
      Two columns: site,level_mV; site is a number, the levels of a site are those after each \
      further increment, weakest first. The protocol has three sites of three increments.

      Examples:
        motorpool mune multipoint sites.csv --cmap-mv 8.4 --json
      """)

  @OptionGroup var arguments: MuneArguments

  @Option(
    name: .customLong("minimum-uv"), help: "Smallest increment that counts, in microvolts.")
  var minimum: Double?

  func run() throws {
    var method = MultipointIncrementalStimulation()
    method.errors = arguments.errors
    if let minimum { method.minimumIncrementMicrovolts = minimum }
    let settings = method
    try arguments.run(columns: ["site", "level_mV"]) { table in
      try settings.estimate(
        siteLevelsMillivolts: table.groups, cmapMillivolts: arguments.cmapMillivolts)
    }
  }
}

/// `motorpool mune mps`.
struct MuneMPS: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mps",
    abstract: "Multipoint stimulation: lowest-threshold units along the nerve.",
    discussion: """
      One column: unit_uV, the amplitude of each single unit in microvolts; 11 to 20 units give a \
      stable mean.

      Examples:
        motorpool mune mps units.csv --cmap-mv 8.4
      """)

  @OptionGroup var arguments: MuneArguments

  @Option(name: .customLong("minimum-uv"), help: "Smallest unit that counts, in microvolts.")
  var minimum: Double?

  func run() throws {
    var method = MultipointStimulation()
    method.errors = arguments.errors
    if let minimum { method.minimumUnitMicrovolts = minimum }
    let settings = method
    try arguments.run(columns: ["unit_uV"]) { table in
      try settings.estimate(
        unitsMicrovolts: table.rows.map { $0[0] }, cmapMillivolts: arguments.cmapMillivolts)
    }
  }
}

/// `motorpool mune statistical`.
struct MuneStatistical: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statistical",
    abstract: "Statistical estimation from equal stimuli (Daube 1995).",
    discussion: """
      Two columns: run,response_mV; run is a number, the responses of a run are those to equal \
      submaximal stimuli, 20 or more. Unequal unit sizes make the number too low.

      Examples:
        motorpool mune statistical runs.csv --cmap-mv 8.4 --noise-uv 5
      """)

  @OptionGroup var arguments: MuneArguments

  @Option(name: .customLong("noise-uv"), help: "SD of the recording noise in microvolts.")
  var noise = 5.0

  func run() throws {
    var method = StatisticalMUNE()
    method.errors = arguments.errors
    method.noiseMicrovolts = noise
    let settings = method
    try arguments.run(columns: ["run", "response_mV"]) { table in
      try settings.estimate(
        runsMillivolts: table.groups, cmapMillivolts: arguments.cmapMillivolts)
    }
  }
}
