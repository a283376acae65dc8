import Foundation

public enum NeedleDecomposition {
  public static func trial(channels: [[Float]], samplingRate: Double, configuration: NeedleConfiguration, highPass: Double? = nil) -> (trains: [[Double]], peaks: [Double], log: [String]) {
    let hp = highPass ?? (samplingRate <= 4_000 ? configuration.highPassAtLowRate : configuration.highPass)
    let model = NeedleSearch(raw: channels, samplingRate: samplingRate, configuration: configuration, highPass: hp).run(trace: true)
    var log = model.trace ?? []
    for u in model.units.indices { log.append(model.describe(model.statistics(u))) }
    return (model.units.map { $0.firings.map { Double($0) / model.signal.rate } }, model.units.map { Double($0.template.map(abs).max() ?? 0) }, log)
  }
}
