import ArgumentParser
import ArrayFigures
import Decomposition
import Foundation
import NeedleFigures

/// Decomposes simulated needle recordings and compares the units with the truth.
@main
struct NeedleSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "needle-suite",
    abstract: "Units found, false units, collapses, calibration and speed on simulated needles.",
    discussion: """
      Scenarios: \(NeedleScenario.allCases.map(\.rawValue).joined(separator: ", ")).
      dirty spoils normal and neuropathic recordings by artefacts of every kind, a row for each.
      """)

  @Option(help: "Seeds as FIRST..LAST; every seed is one recording.")
  var seeds = "9001..9010"
  @Option(help: "Scenarios, separated by commas; all without it.")
  var scenario: String?
  @Flag(help: "Also print every unit.")
  var units = false
  @Flag(help: "Also print estimated against true agreement.")
  var calibration = false

  @Flag(help: "Also print durations of potentials against those without noise.")
  var durations = false

  private var range: ClosedRange<UInt64>? {
    let ends = seeds.components(separatedBy: "..").compactMap { UInt64($0) }
    return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
  }

  private var isDirty: Bool { scenario == "dirty" }

  private var scenarios: [NeedleScenario?] {
    if isDirty { return [] }
    return scenario.map { $0.split(separator: ",").map { NeedleScenario(rawValue: String($0)) } }
      ?? NeedleScenario.allCases
  }

  func validate() throws {
    guard range != nil else { throw ValidationError("--seeds has to be FIRST..LAST") }
    guard !scenarios.contains(nil) else {
      throw ValidationError(
        "--scenario takes dirty, or some of "
          + NeedleScenario.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  func run() throws {
    guard let range else { return }
    if isDirty { return try spoil(range) }
    var all: [NeedleOutcome] = []
    var rows: [String] = []
    var durationRows: [String] = []
    for scenario in scenarios.compactMap({ $0 }) {
      var outcomes: [NeedleOutcome] = []
      for seed in range {
        let record = try NeedleCase(scenario, seed: seed)
        let start = clock()
        let result = try NeedleDecomposition.decompose(
          channels: record.recording.signals, samplingRate: record.recording.samplingRate,
          parallelism: .single)
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        let outcome = NeedleOutcome(result, of: record, seed: seed, seconds: seconds)
        outcomes.append(outcome)
        if units { printUnits(outcome, scenario) }
      }
      let table = NeedleTable(outcomes)
      rows.append(table.row(scenario.rawValue))
      durationRows.append(table.durations(scenario.rawValue))
      if units { print("\(scenario.rawValue): \(table.fates)\n") }
      all += outcomes
    }
    for line in NeedleTable.heading + rows { print(line) }
    if durations {
      print()
      for line in NeedleTable.durationHeading + durationRows { print(line) }
    }
    if calibration {
      print()
      for line in NeedleTable(all).calibration { print(line) }
    }
  }

  /// Recordings with artefacts of every kind beside the clean ones.
  private func spoil(_ seeds: ClosedRange<UInt64>) throws {
    for line in NeedleTable.heading { print(line) }
    // A needle has one channel: what is on all is on one.
    let cases = DirtTable.cases.filter {
      ![.commonPulse, .commonPop, .commonMovement].contains($0?.kind)
    }
    for dirt in cases {
      var outcomes: [NeedleOutcome] = []
      for seed in seeds {
        for scenario in [NeedleScenario.normal, .neuropathic] {
          let record = try NeedleCase(scenario, seed: seed)
          var signals = record.recording.signals
          dirt?.spoil(&signals, samplingRate: record.recording.samplingRate, seed: seed)
          let start = clock()
          let result = try NeedleDecomposition.decompose(
            channels: signals, samplingRate: record.recording.samplingRate, parallelism: .single)
          let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
          outcomes.append(NeedleOutcome(result, of: record, seed: seed, seconds: seconds))
        }
      }
      print(NeedleTable(outcomes).row(DirtTable.name(dirt)))
      fflush(nil)
    }
  }

  private func printUnits(_ outcome: NeedleOutcome, _ scenario: NeedleScenario) {
    print(
      String(
        format: "%@ seed %llu: %.1f CPU s, %.0f %% unexplained, distant up to %.1f, %@%@",
        scenario.rawValue, outcome.seed, outcome.seconds,
        100 * outcome.result.residualSpikeShare, outcome.distantProminence,
        outcome.isCollapsed ? "COLLAPSED " : "",
        outcome.result.refusal
          ?? outcome.result.flags.map(\.kind.rawValue).joined(separator: " ")))
    for (index, truth) in outcome.truths.enumerated() {
      print(
        String(
          format: "  true %2d prominence %5.1f n %3d RoA %.3f %@", index, truth.prominence,
          truth.discharges, truth.agreement, truth.fate))
    }
    for found in outcome.founds {
      let unit = found.unit
      print(
        String(
          format: "  unit %2d n %3d RoA %.3f%@ estimate %.3f logE %.3f CoV %.3f complete %.3f "
            + "reg %.3f misfit %.3f spread %.3f separation %.3f p2p/rms %.2f %@", unit.id,
          unit.train.times.count, found.agreement, found.isReal ? "" : " FALSE",
          unit.predictedAgreement, log(max(1, unit.energy)), unit.isiCoV,
          unit.completeness, unit.regularity, unit.misfit, unit.amplitudeSpread, unit.separation,
          unit.amplitudeOverSignal, unit.isTentative ? "tentative" : ""))
    }
    fflush(nil)
  }
}
