import Foundation
import Testing

@testable import Registry

@Suite struct MeasurementKindTests {
  @Test func identifiersAreUniqueAndValid() throws {
    let ids = MeasurementKind.known.map(\.id)
    #expect(Set(ids).count == ids.count)
    for kind in MeasurementKind.known {
      #expect(try MeasurementKind.validatedID(kind.id) == kind.id)
      #expect(kind.isKnown && !kind.unit.isEmpty && kind.caveat.hasSuffix("."))
      #expect(MeasurementKind(id: kind.id).displayName == kind.displayName)
    }
  }

  @Test func countsOfIdentifiedUnitsAreNoEstimates() {
    for kind in [MeasurementKind.identifiedUnitsMaximum, .identifiedUnitsMedian] {
      #expect(!kind.estimatesUnitNumber)
      #expect(kind.caveat.contains("not an estimate of the number of motor units"))
    }
    #expect(!MeasurementKind.effectiveNumber.estimatesUnitNumber)
    #expect(MeasurementKind.scanUnitCount.estimatesUnitNumber)
    for kind in MeasurementKind.known where kind.displayName.contains("dentified") {
      #expect(!kind.estimatesUnitNumber)
    }
  }

  @Test func unknownKindsAreStoredAsTheyAre() throws {
    let temporary = try TemporaryRegistry()
    let recording = try temporary.addRecording()
    let kind = MeasurementKind(id: "grip.force-2")
    try temporary.registry.addMeasurements([
      Measurement(visit: recording.visit, kind: kind, value: -3, unit: "kg")
    ])
    let stored = try #require(try temporary.registry.measurements(kind: kind).first)
    #expect(stored.unit == "kg" && stored.value == -3 && !stored.kind.isKnown)
  }

  @Test(arguments: ["", "MUNIX", "a b", "é", "x;y", String(repeating: "a", count: 65)])
  func badIdentifiersAreRefused(_ id: String) {
    let measurement = Measurement(visit: 1, kind: MeasurementKind(id: id), value: 1, unit: "x")
    #expect(throws: RegistryError.self) { try measurement.fields() }
  }

  @Test func codingKeepsTheIdentifierOnly() throws {
    let text = try JSONText.encode([MeasurementKind.munix])
    #expect(text == #"["munix"]"#)
    #expect(try JSONText.decode([MeasurementKind].self, from: text) == [.munix])
  }

  @Test func unitsAreReadAsPeopleWriteThem() {
    for text in ["1", "units", "Units", "motor  units"] {
      #expect(MeasurementKind.munix.canonicalUnit(text) == "1")
      #expect(MeasurementKind.scanUnitCount.canonicalUnit(text) == "units")
    }
    #expect(MeasurementKind.musix.canonicalUnit("\u{B5}V") == "uV")
    #expect(MeasurementKind.musix.canonicalUnit("\u{3BC}V") == "uV")
    // Another unit stays what it is and is refused when stored.
    #expect(MeasurementKind.cmapAmplitude.canonicalUnit("uV") == "uV")
    #expect(MeasurementKind.powerCompleteness.canonicalUnit("units") == "units")
    #expect(Measurement(kind: .munix, value: 84, unit: "units").unit == "1")
    #expect(Measurement(kind: .munix, value: 84, unit: "mV").unit == "mV")
  }
}
