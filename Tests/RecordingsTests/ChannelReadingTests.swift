import Testing

@testable import Recordings

@Suite struct ChannelReadingTests {
  private func reading(
    _ unit: String, name: String = "EMG 1", _ options: RecordingOptions = .init()
  ) -> ChannelReading {
    ChannelReading(name: name, unitText: unit, place: "header", options: options)
  }

  @Test(
    arguments: [
      [0xC2, 0xB5, 0x56], [0xCE, 0xBC, 0x56], [0xB5, 0x56], [0xE6, 0x56], [0x83, 0xCA, 0x56],
      [0xC3, 0x82, 0xC2, 0xB5, 0x56], [0x75, 0x56], [0x20, 0x75, 0x56, 0x20],
      [0x5B, 0x75, 0x56, 0x5D],
    ] as [[UInt8]])
  func microvoltsOfAnyCodePageAreMicrovolts(_ bytes: [UInt8]) {
    let found = reading(FileText.decode(bytes))
    #expect(found.role == .emg)
    #expect(found.unit == .microvolt && found.factor == 1)
    #expect(found.doubt == nil)
  }

  @Test func unitsThatAreNotUnderstoodAreSaidAndStayEMG() {
    let unclear = reading("furlong")
    #expect(unclear.role == .emg && unclear.unit == .relative)
    #expect(unclear.doubt?.contains("state the unit") == true)
    let mangled = reading("?V", name: "Ch 1")
    #expect(mangled.role == .emg && mangled.doubt != nil)
    let stated = reading("furlong", .init(unit: .millivolt))
    #expect(stated.unit == .microvolt && stated.factor == 1000)
    // Known units of other quantities are no doubt.
    #expect(reading("mmHg", name: "BP").doubt == nil)
    #expect(reading("mmHg", name: "BP").role == .auxiliary)
    #expect(reading("furlong", name: "distance").doubt != nil)
  }

  @Test func theStatedUnitWinsAndIsSaid() {
    let found = reading("mV", .init(unit: .microvolt))
    #expect(found.factor == 1 && found.provenance == "given unit uV")
    #expect(found.doubt?.contains("replaces the unit \"mV\"") == true)
    #expect(reading("uV", .init(unit: .microvolt)).doubt == nil)
  }

  @Test(arguments: [
    ("REF Load Cell", "", ChannelRole.force), ("performed path", "", .force),
    ("requested path", "", .auxiliary), ("Force target", "N", .auxiliary), ("Force", "N", .force),
    ("acquired data", "", .force), ("Load Cell", "kgf", .force), ("Status", "Boolean", .trigger),
    ("Torque", "Nm", .force), ("target", "% MVC", .auxiliary), ("ACC X", "m/s^2", .auxiliary),
  ])
  func forcePathAndTargetAreToldApart(_ name: String, _ unit: String, _ role: ChannelRole) {
    #expect(reading(unit, name: name).role == role)
  }

  @Test(arguments: [
    ("0.195 uV", 0.195), ("10 mV", 10_000), ("Volts", 1e6), ("microvolts", 1), ("1e-6 V", 1),
  ])
  func numbersBeforeUnitsAreFactors(_ text: String, _ microvolts: Double) {
    let found = PhysicalUnit.parse(text)
    #expect(found?.unit == .microvolt)
    #expect(found.map { abs($0.factor / microvolts - 1) < 1e-12 } == true)
  }
}
