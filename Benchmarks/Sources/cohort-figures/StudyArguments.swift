import ArgumentParser

/// How many cohorts a table simulates, and from which seed.
struct StudyArguments: ParsableArguments {
  @Option(help: "Simulated cohorts for each cell (calibration, planning: 2000, else 1000).")
  var replicates: Int?
  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 2_026

  func validate() throws {
    guard replicates ?? 2 > 1 else { throw ValidationError("--replicates has to be 2 or more") }
  }

  /// Prints a table with what it was made from.
  func show(
    default count: Int, _ table: (_ replicates: Int, _ seed: UInt64) throws -> [String]
  ) rethrows {
    let replicates = replicates ?? count
    print("\(replicates) cohorts a cell, seed \(seed)\n")
    for line in try table(replicates, seed) { print(line) }
  }
}
