import Testing

@testable import Registry

@Suite struct MeasurementTests {
  @Test func fieldsComeBack() throws {
    let measurement = Measurement(
      visit: 4, run: 7, kind: .cmapAmplitude, value: 0.1, standardError: 0.02, censoring: .above,
      quality: .fail, replicate: 3, muscle: "Tibialis  Anterior", side: .right,
      conditions: ["force": "20 %", "ü": "\"\n"])
    #expect(measurement.unit == "mV" && measurement.muscle == "tibialis anterior")
    #expect(try Measurement(id: 0, fields: measurement.fields()) == measurement)
  }

  @Test func impossibleValuesAreRefused() {
    let bad = [
      Measurement(kind: .munix, value: -1), Measurement(kind: .munix, value: .infinity),
      Measurement(kind: .powerCompleteness, value: 1.1),
      Measurement(kind: .cmapAmplitude, value: 5, unit: "uV"),
      Measurement(kind: .munix, value: 5, standardError: -0.1),
      Measurement(kind: .munix, value: 5, standardError: .nan),
      Measurement(kind: .munix, value: 5, replicate: 0),
    ]
    for measurement in bad {
      #expect(throws: RegistryError.self, "\(measurement)") { try measurement.fields() }
    }
  }

  @Test func negativeZeroIsStoredAsZero() throws {
    let temporary = try TemporaryRegistry()
    let recording = try temporary.addRecording()
    try temporary.registry.addMeasurements([
      Measurement(visit: recording.visit, kind: .residualPowerShare, value: -0.0)
    ])
    #expect(try temporary.registry.verify().isIntact)
  }
}
