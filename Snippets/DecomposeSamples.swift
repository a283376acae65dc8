// Decomposes samples that are in memory: channels of equal length, in microvolts.
// snippet.hide
#if canImport(Decomposition) && canImport(Simulation)
  // snippet.show
  import Decomposition
  import Simulation

  var settings = ArraySimulationConfiguration.compact
  settings.seed = 7
  let simulated = try simulateArray(settings)

  var configuration = ArrayConfiguration()
  configuration.roundLimit = 12
  let decomposer = ArrayDecomposer(configuration: configuration)
  let decomposition = try decomposer.decompose(
    simulated.signals, samplingRate: simulated.samplingRate)
  print(decomposition.units.count, "of", simulated.activeUnits.count, "active units")
// snippet.hide
#endif
