import Simulation

/// What the truth of a simulated CMAP scan says.
package struct SimulatedScanTruth: Encodable {
  let unitCount: Int
  let n50: Double
  let a50Microvolts: Double
  let cmapMillivolts: Double
  let unitSizesMicrovolts: [Double]
  let thresholdsMilliamps: [Double]
  let nerve: NerveConfiguration
  let session: CMAPScanConfiguration

  /// The truth of a scan of a nerve.
  package init(
    _ scan: SimulatedCMAPScan, of simulated: SimulatedNerve, nerve: NerveConfiguration,
    session: CMAPScanConfiguration
  ) {
    unitCount = scan.unitCount
    n50 = scan.n50
    a50Microvolts = scan.a50Microvolts
    cmapMillivolts = scan.maximumMillivolts
    unitSizesMicrovolts = simulated.axons.map(\.amplitudeMicrovolts)
    thresholdsMilliamps = simulated.axons.map(\.threshold)
    self.nerve = nerve
    self.session = session
  }
}
