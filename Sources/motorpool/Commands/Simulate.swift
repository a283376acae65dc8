import ArgumentParser

/// `motorpool simulate`: recordings with known truth.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make recordings with known truth.",
    discussion: """
      Examples:
        motorpool simulate array -o array.wav --truth array-truth.csv --seed 3
        motorpool simulate needle -o needle.edf --truth needle-truth.csv --seed 3
        motorpool simulate patient -o patient --visits 9 --therapy-month 6 --seed 5
        motorpool simulate scan -o scan.csv --truth scan-truth.json --units 40 --seed 3
      """,
    subcommands: [SimulateArray.self, SimulateNeedle.self, SimulatePatient.self, SimulateScan.self])
}
