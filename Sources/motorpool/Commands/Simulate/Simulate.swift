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
        motorpool simulate scan -o scan.csv --truth scan-truth.json --units 40 \\
          --seed 3
        motorpool simulate pool -o pool --units 120 --living 60 --seed 4
        motorpool simulate methods --pools 40
      """,
    subcommands: [
      SimulateArray.self, SimulateNeedle.self, SimulatePatient.self, SimulateScan.self,
      SimulatePool.self, SimulateMethods.self,
    ])
}
