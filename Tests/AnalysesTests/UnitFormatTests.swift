import Foundation
import Recordings
import Simulation
import TestSupport
import Testing

@testable import Analyses

/// Units written for other programs and read back.
@Suite struct UnitFormatTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("units-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Three units of the simulated grid with their sources, made once.
  private static let units: UnitCollection? = {
    guard var recording = SimulatedFixtures.grid else { return nil }
    recording.channels.removeAll { $0.role != .emg }
    recording.channels.append(
      Channel(
        name: "Force", role: .force, unit: .percentMVC, gainProvenance: "test",
        samplingRate: recording.samplingRate, sampleCount: recording.sampleCount))
    let emg = try? recording.emgSamples()
    guard let emg else { return nil }
    let force = (0..<recording.sampleCount).map { Float($0 % 100) }
    recording.samples = SamplesInMemory(channels: emg + [force])
    var units = UnitCollection(
      name: "grid.wav", software: "test 1", samplingRate: recording.samplingRate,
      sampleCount: recording.sampleCount,
      units: (0..<3).map { unit in
        UnitCollection.Unit(
          id: "u\(unit)", positions: train(unit), silhouette: 0.9 + Double(unit) / 100)
      }, recording: recording)
    units.rejectedNames = [recording.channels[2].name]
    return try? units.withSources()
  }()

  /// Forty discharges, not on whole samples.
  private static func train(_ unit: Int) -> [Double] {
    let first = 83.25 + 37 * Double(unit)
    return (0..<40).map { first + 140 * Double($0) }
  }

  private func written(_ format: String) throws -> (units: UnitCollection, path: String) {
    var units = try #require(Self.units)
    units.bidsName = "sub-07_ses-2_task-hold"
    let writer = try #require(UnitFormats.named(format))
    var path = folder.appendingPathComponent("out-\(format)").path
    if writer.form == .folder {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } else if ["muedit", "demuse"].contains(format) {
      path += ".mat"
    } else if ["eaf", "nwb"].contains(format) {
      path += ".\(format)"
    } else if format == "wfdb" {
      path += ".mu"
    }
    try writer.write(units, to: path)
    return (units, path)
  }

  @Test func sourcesStandOutAtTheDischarges() throws {
    let units = try #require(Self.units)
    for unit in units.units {
      #expect(unit.source.count == units.sampleCount)
      let samples = unit.samples(of: units.sampleCount)
      let mean = samples.reduce(Float(0)) { $0 + unit.source[$1] } / Float(samples.count)
      #expect(abs(mean - 1) < 0.2)
      #expect(unit.template?.channels.count == 16)
    }
  }

  @Test(arguments: ["openhdemg", "openhdemg-json", "muedit", "demuse", "nwb"])
  func isReadBackAsItWas(_ format: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (units, path) = try written(format)
    var reading = RecordingReading()
    if format == "muedit" || format == "demuse" { reading.unit = "uV" }
    let place = format == "openhdemg" ? path + "/units" : path
    let back = try UnitCollection.read(place, reading: reading)
    #expect(back.samplingRate == units.samplingRate)
    #expect(back.sampleCount == units.sampleCount)
    #expect(back.units.count == 3)
    for (found, unit) in zip(back.units, units.units) {
      #expect(found.samples(of: back.sampleCount) == unit.samples(of: units.sampleCount))
      if format != "demuse" {
        #expect(abs((found.silhouette ?? 0) - (unit.silhouette ?? 1)) < 1e-6)
      }
      #expect(found.source.count == unit.source.count)
      #expect(zip(found.source, unit.source).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    let recording = try #require(back.recording)
    let all = recording.channels.indices.filter { recording.channels[$0].unit == .microvolt }
    let emg = try recording.samples(channels: all, range: 0..<units.sampleCount)
    let signal = try units.signal()
    #expect(emg.count == signal.count)
    // DEMUSE keeps the channels in the order of the array's columns.
    for channel in signal {
      #expect(emg.contains { row in zip(row, channel).allSatisfy { abs($0 - $1) < 1e-3 } })
    }
    let force = try #require(recording.forceChannel)
    #expect(try recording.samples(channel: force)[150] == 50)
    if format == "openhdemg" || format == "muedit" {
      #expect(recording.warnings.contains { $0.contains("marks 1 channels as bad") })
    }
    // Scores take the same file.
    let table = try SpikeTable.read(place)
    #expect(table.trains(rate: units.samplingRate).map(\.times.count) == [40, 40, 40])
  }

  @Test func tablesAndAnnotationsHoldTheTrains() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (units, path) = try written("csv")
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(names == ["sources.csv", "spikes.csv", "templates.csv", "units.csv"])
    let table = try SpikeTable.read(path + "/spikes.csv").trains(rate: units.samplingRate)
    #expect(table.map(\.times.count) == [40, 40, 40])
    let eaf = try written("eaf").path
    let back = try UnitCollection.read(eaf, reading: RecordingReading(samplingRate: 1000))
    #expect(
      back.units.map { $0.samples(of: 10_000) }
        == units.units.map { $0.samples(of: units.sampleCount) })
  }

  @Test func annotationsOfWFDBHoldWholeSamples() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (units, path) = try written("wfdb")
    var reading = RecordingReading()
    reading.samplingRate = units.samplingRate
    let back = try UnitCollection.read(path, reading: reading)
    #expect(back.samplingRate == units.samplingRate)
    #expect(back.units.map(\.id) == units.units.map(\.id))
    #expect(
      back.units.map { $0.positions.map { Int($0.rounded()) } }
        == units.units.map { $0.samples(of: units.sampleCount) })
    // Other programs find an annotation file by its extension.
    #expect(throws: RecordingError.self) {
      try WFDBAnnotationsFormat().write(units, to: folder.appendingPathComponent("units").path)
    }
  }

  @Test func eventsOfBIDSLieUnderTheRecordingsName() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var (units, path) = try written("bids")
    let stem = path + "/sub-07/ses-2/emg/sub-07_ses-2_task-hold_desc-decomposition_events"
    let table = try SpikeTable.read(stem + ".tsv").trains(rate: units.samplingRate)
    #expect(table.map(\.name) == units.units.map(\.id))
    for (train, unit) in zip(table, units.units) {
      #expect(zip(train.times, unit.positions).allSatisfy { abs($0 - $1) < 1e-3 })
    }
    let names = ["dataset_description.json", ".bidsignore", "README"]
    for name in names { #expect(FileManager.default.fileExists(atPath: path + "/" + name)) }
    let columns = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: stem + ".json")))
    #expect((columns as? [String: Any])?["unit_id"] != nil)
    // The file's own name tells it where none is given.
    units.bidsName = nil
    units.name = "sub-1_task-x_run-2_emg.bdf"
    #expect(units.bidsEntities?.map(\.label) == ["1", "x", "2"])
    units.name = "grid.wav"
    #expect(throws: AnalysisError.self) { try BIDSEventsFormat().write(units, to: path) }
  }

  @Test func storedSourcesAreMovedOntoTheDischarges() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var units = try #require(Self.units)
    let good = units.units.map(\.source)
    for index in units.units.indices {
      units.units[index].source = Array(good[index].dropFirst(8)) + [Float](repeating: 0, count: 8)
    }
    let path = folder.appendingPathComponent("early.mat").path
    try DEMUSEFormat().write(units, to: path)
    var reading = RecordingReading()
    reading.unit = "uV"
    let back = try UnitCollection.read(path, reading: reading)
    #expect(back.warnings.contains { $0.contains("8 samples before") })
    for (unit, source) in zip(back.units, good) {
      #expect(zip(unit.source, source).dropFirst(8).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func foreignUnitsBecomeAFolderOfResults() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (_, path) = try written("openhdemg-json")
    let units = try UnitCollection.read(path).withSources()
    let place = try OutputPlace(
      folder.appendingPathComponent("results").path, form: .folder, command: "import-units")
    try units.resultFolder().write(
      to: place, OutputOrigin(version: "1", command: "import-units"))
    let back = try UnitCollection(folder: folder.appendingPathComponent("results").path)
    #expect(back.units.map(\.positions.count) == [40, 40, 40])
    #expect(back.software.contains("openhdemg"))
    let templates = try TemplateFile.read(folder.appendingPathComponent("results").path)
    #expect(templates.recording.units.count == 3)
    // Another recording is refused, the same one is taken.
    let other = try #require(SimulatedFixtures.grid)
    #expect(throws: (any Error).self) { try back.with(other) }
    let recording = try #require(units.recording)
    #expect(try back.with(recording).channels.count == 16)
  }

  @Test func bidsEventsAreTrains() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("sub-1_events.tsv").path
    try """
    onset\tduration\tsample\tunit_id\tevent_type
    0.5\t0\t500\t1\tmotor-unit-spike
    0.6\t0\t600\tn/a\tstart
    0.7\t0\t700\t2\tmotor-unit-spike
    0.9\t0\t900\t1\tmotor-unit-spike

    """.write(toFile: path, atomically: true, encoding: .utf8)
    let trains = try SpikeTable.read(path).trains(rate: 1000)
    #expect(trains.map(\.name) == ["1", "2"])
    #expect(trains.map(\.times) == [[500, 900], [700]])
  }

  @Test func firingsOfNeuromapAreColumnsOfSeconds() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("trial_MU_Firings.txt").path
    try "MU_1\tMU_2\n0.5\t0.25\n0,75\t\n1\tNaN\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    let trains = try SpikeTable.read(path).trains(rate: 1000)
    #expect(Set(trains.map(\.name)) == ["MU_1", "MU_2"])
    #expect(trains.first { $0.name == "MU_1" }?.times == [500, 750, 1000])
    #expect(trains.first { $0.name == "MU_2" }?.times == [250])
    try "MU_1\nx\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: AnalysisError.self) { _ = try SpikeTable.read(path) }
  }

  /// The OTBiolab+ export that openhdemg brings as its sample: units by another program.
  @Test func theSampleOfOpenHDEMGKeepsItsUnits() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = try SharedData.file("data/hdsemg/vastus_lateralis_64ch.mat")
    let units = try UnitCollection.read(url.path)
    #expect(units.units.map(\.positions.count) == [137, 154, 197, 293, 292])
    #expect(units.warnings.contains { $0.contains("8 samples before") })
    for unit in units.units {
      let samples = unit.samples(of: units.sampleCount)
      let atDischarges = samples.reduce(0) { $0 + unit.source[$1] } / Float(samples.count)
      let mean = unit.source.reduce(0, +) / Float(unit.source.count)
      #expect(atDischarges > 20 * abs(mean))
    }
    let path = folder.appendingPathComponent("sample").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try OpenHDEMGModuleFormat().write(units, to: path)
    let back = try SpikeTable.read(path + "/units").trains(rate: units.samplingRate)
    let truth = try SpikeTable.read(url.path).trains(rate: units.samplingRate)
    #expect(
      back.map { $0.times.map { Int($0.rounded()) } }
        == truth.map { $0.times.map { Int($0.rounded()) } })
  }
}
