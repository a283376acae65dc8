import Decomposition
import MotorUnits
import Registry

extension TrackedRecording {
  /// The units of a stored run as tracking takes them; units without template are left out.
  package init(run: AnalysisRun, units: [StoredUnit]) {
    self.init(
      positions: run.electrodes,
      units: units.compactMap { unit in
        guard let template = unit.template, let rate = unit.quality["template_rate_hz"] else {
          return nil
        }
        return TrackedTemplate(
          unit: String(unit.index),
          template: MUAPTemplate(
            channels: template.map { $0.allSatisfy(\.isFinite) ? $0 : [] }, samplingRate: rate,
            origin: Int(unit.quality["template_origin"] ?? 0)),
          noiseMicrovolts: unit.quality["template_noise_uv"])
      })
  }
}
