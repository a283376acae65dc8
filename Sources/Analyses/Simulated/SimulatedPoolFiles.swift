import Recordings
import Simulation

/// One pool of motor units, recorded by every method, as files of one folder.
///
/// `scan.csv`, `cmap.edf`, `sip.edf` and the tables of the stimulation methods come from the nerve; `grid.edf`,
/// `grid-cmap.edf` and `needle.edf` from the muscle; `truth.json`, `grid-truth.csv` and `needle-truth.csv`
/// hold the truth.
package struct SimulatedPoolFiles {
  /// The pool.
  package let pool: SharedPool
  /// The CMAP scan of the nerve.
  package let scan: SimulatedCMAPScan
  private let settings: SharedPoolConfiguration
  private let tables: [(name: String, text: String)]
  private let recordings: [(name: String, recording: Recording)]
  private let truths: [(name: String, text: String)]

  /// Simulates all recordings of a session.
  ///
  /// - Parameters:
  ///   - settings: what the pool of the session was made with.
  ///   - progress: what it throws ends the simulation.
  /// - Throws: `SimulationError` for settings out of range; what `progress` throws.
  package init(
    _ session: SharedPoolSession, settings: SharedPoolConfiguration,
    progress: @escaping AnalysisProgressHandler = { _ in }
  ) throws {
    func part(_ first: Double, _ last: Double, _ detail: String) -> SimulationProgress {
      { try progress(AnalysisProgress(first + (last - first) * $0, detail: detail)) }
    }
    pool = session.pool
    self.settings = settings
    try progress(AnalysisProgress(0))
    scan = try session.scan()
    tables = try session.responseTables()
    let cmap = try session.cmap()
    let patterns = try session.interferencePatterns(progress: part(0.05, 0.15, "efforts"))
    let grid = try session.grid(progress: part(0.15, 0.6, "grid"))
    let gridCMAP = try session.gridCMAP(progress: part(0.6, 0.8, "CMAP of the grid"))
    let needle = try session.needle(progress: part(0.8, 1, "needle"))
    recordings = [
      ("cmap.edf", cmap), ("sip.edf", patterns), ("grid.edf", grid.recording),
      ("grid-cmap.edf", gridCMAP),
      (
        "needle.edf",
        Recording(
          signals: needle.signals, samplingRate: needle.samplingRate,
          names: needle.signals.indices.map { "EMG \($0 + 1)" })
      ),
    ]
    truths = [("grid-truth.csv", grid.truthTable), ("needle-truth.csv", needle.truthTable)]
  }

  /// Writes all files into an existing folder.
  ///
  /// - Throws: `RecordingError`, `AnalysisError`.
  package func write(to folder: String) throws {
    func path(_ name: String) -> String { folder + "/" + name }
    try AtomicFile.write(
      try JSONText.of(SimulatedPoolTruth(pool: pool, scan: scan, settings: settings)),
      to: path("truth.json"))
    try AtomicFile.write(scan.table, to: path("scan.csv"))
    for file in tables + truths { try AtomicFile.write(file.text, to: path(file.name)) }
    for file in recordings { try RecordingFile.write(file.recording, to: path(file.name)) }
  }
}

/// What `truth.json` says of a simulated pool.
package struct SimulatedPoolTruth: Encodable {
  struct Unit: Encodable {
    let unit: Int
    let amplitudeMicrovolts: Double
    let thresholdMilliamps: Double
    let relativeSpread: Double
    let recruitmentExcitation: Double
    let fibres: Double
  }

  let unitCount: Int
  let healthyUnits: Int
  let n50: Double
  let a50Microvolts: Double
  let cmapMillivolts: Double
  let adoptedFibres: Double
  let lostFibres: Double
  let units: [Unit]
  let settings: SharedPoolConfiguration

  init(pool: SharedPool, scan: SimulatedCMAPScan, settings: SharedPoolConfiguration) {
    unitCount = pool.unitCount
    healthyUnits = settings.pool.unitCount
    n50 = scan.n50
    a50Microvolts = scan.a50Microvolts
    cmapMillivolts = scan.maximumMillivolts
    adoptedFibres = pool.loss.adoptedFibres
    lostFibres = pool.loss.lostFibres
    units = zip(pool.muscle.units, pool.nerve.axons).map { unit, axon in
      Unit(
        unit: unit.id, amplitudeMicrovolts: axon.amplitudeMicrovolts,
        thresholdMilliamps: axon.threshold, relativeSpread: axon.relativeSpread,
        recruitmentExcitation: unit.neuron.recruitmentThreshold, fibres: unit.fibreCount)
    }
    self.settings = settings
  }
}
