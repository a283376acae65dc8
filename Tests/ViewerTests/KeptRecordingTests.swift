import Decomposition
import Foundation
import Hummingbird
import Registry
import Testing

@testable import Viewer

/// Recordings of the registry that are looked at and edited, and what follows from it.
struct KeptRecordingTests {
  private struct Parameters: Encodable { let decomposition: ArrayConfiguration }

  /// A patient with a kept recording of four channels and a run of two units; its record's number.
  private func recording(_ fixture: RegistryFixture) throws -> RecordID {
    let file = try RouteTests.file()
    let data = try Data(contentsOf: URL(fileURLWithPath: file.path))
    let hash = EditEntry.hash(data)
    let kept = KeptRecordings(folder: KeptRecordings.path(registry: fixture.path))
    var reading = kept.recording(hash)?.reading ?? .init()
    reading.samplingRate = 1_000
    reading.unit = "uV"
    try kept.keep(file.path, sha256: hash, reading: reading)
    let subject = try fixture.registry.subject(pseudonym: "P1")
    let visit = try fixture.registry.visits(subject: subject.id)[0]
    let parameters = try JSONEncoder().encode(Parameters(decomposition: ArrayConfiguration()))
    return try fixture.registry.addRecording(
      StoredRecording(
        visit: visit.id, muscle: "apb", side: .left, modality: "surface-grid", sha256: hash),
      run: AnalysisRun(
        recording: 0, method: "decompose", softwareVersion: "test",
        parameters: String(decoding: parameters, as: UTF8.self)),
      measurements: [
        Measurement(kind: .identifiedUnitsMaximum, value: 2),
        Measurement(kind: .residualPowerShare, value: 0.3),
      ],
      units: (0..<2).map { unit in
        StoredUnit(
          index: unit, samplingRate: 1_000,
          spikes: (0..<38).map { Double(100 * $0 + 30 * unit + 50) })
      }
    ).recording.id
  }

  @Test("A saved edit of a recording of the registry becomes a run of it, and trends follow")
  func savedEdit() async throws {
    let fixture = try RegistryFixture(patients: 1)
    let number = try recording(fixture)
    let registry = fixture.registry
    let subject = try registry.subject(pseudonym: "P1")
    var client = Client(try fixture.server())
    try await client.begin()
    #expect(
      try await client.text(try await client.send(.get, "/patients/P1"))
        .contains("/recordings/\(number)\""))
    let page = try await client.text(try await client.send(.get, "/recordings/\(number)"))
    #expect(page.contains("data-recording=\"\(number)\"") && page.contains("/patients/P1"))
    let facts = try await client.json(
      try await client.send(.get, "/api/v1/recordings/\(number)"))
    #expect(facts["samplingRate"] as? Double == 1_000)
    #expect((facts["channels"] as? [Any])?.count == 4)
    let run = "\(number)-1"
    let state = try await client.json(try await client.send(.get, "/api/v1/runs/\(run)/units"))
    #expect((state["units"] as? [Any])?.count == 2)
    let edit = "{\"kind\":\"remove\",\"unit\":1}"
    #expect(
      try await client.send(
        .post, "/api/v1/runs/\(run)/edits", headers: [.ifMatch: "\"0\""], body: edit
      ).status == .ok)
    // Filters are made from the trains as edited; the unit that was removed is not among them.
    let edited = try await client.model("/api/v1/runs/\(run)/filters")
    #expect(edited.units.map(\.id) == [0])
    let saved = try await client.send(.post, "/api/v1/runs/\(run)/save", body: "{}")
    #expect(saved.status == .created)
    let kept = try #require(
      KeptRecordings(folder: KeptRecordings.path(registry: fixture.path)).recording(
        edited.provenance.sha256))
    let file = try #require(
      FileManager.default.subpaths(atPath: kept.folder)?.first {
        $0.hasSuffix("run-2/\(RunModel.fileName)")
      })
    let mode = try FileManager.default.attributesOfItem(
      atPath: "\(kept.folder)/\((file as NSString).deletingLastPathComponent)")[.posixPermissions]
    #expect(mode as? Int == 0o700)
    #expect(
      try SeparationModel(
        decoding: Data(contentsOf: URL(fileURLWithPath: "\(kept.folder)/\(file)"))) == edited)
    #expect(saved.headers[.location] == "/runs/\(number)-2")

    let runs = try registry.runs(recording: number)
    #expect(runs.map(\.method) == ["decompose", "edit"])
    #expect(try registry.units(run: runs[1].id).map(\.index) == [0])
    #expect(try registry.history(number: runs[1].id).first?.entry.author == "me")
    func values(_ kind: MeasurementKind) throws -> [Double] {
      try registry.measurements(subject: subject.id).filter { $0.kind == kind }.map(\.value)
    }
    // What the edit changes is that of the edited trains; what needs the decomposition stays.
    #expect(try values(.identifiedUnitsMaximum) == [1])
    #expect(try values(.residualPowerShare) == [0.3])
    let withdrawn = try registry.measurements(subject: subject.id).map(\.id)
    let history = try registry.records(subject: subject.id)
    #expect(!withdrawn.isEmpty && history.contains { $0.table == .measurement })

    // A second save replaces the first; a viewer that starts anew knows all three runs.
    #expect(try await client.send(.post, "/api/v1/runs/\(run)/save", body: "{}").status == .created)
    #expect(try values(.identifiedUnitsMaximum) == [1])
    #expect(try registry.runs(recording: number).count == 3)
    let list = try await client.text(
      try await client.send(.get, "/api/v1/runs?recording=\(number)"))
    for name in ["\(number)-1", "\(number)-2", "\(number)-3"] { #expect(list.contains(name)) }
    #expect(!list.contains("\(number)-4"))
  }

  @Test("Recordings that are not there, withdrawn or of other hashes are not opened")
  func notThere() async throws {
    let fixture = try RegistryFixture(patients: 1)
    let number = try recording(fixture)
    let other = try fixture.recording("P1")
    let server = try fixture.server()
    var client = Client(server)
    try await client.begin()
    for path in [
      "/recordings/1", "/recordings/\(other)", "/recordings/x", "/recordings/-1",
      "/runs/1", "/runs/\(number)-9", "/runs/\(number)-1-1", "/runs/\(number)-", "/runs/-1",
      "/api/v1/recordings/\(number)/../1",
    ] {
      #expect(try await client.send(.get, path).status == .notFound, "\(path)")
    }
    #expect(try await client.send(.get, "/api/v1/recordings/\(number)").status == .ok)
    #expect(try await client.send(.get, "/api/v1/recordings/\(number)/range").status == .ok)
    #expect(try await client.send(.get, "/api/v1/recordings/\(number)/range").status == .ok)
    // The log tells once in a while who looks at signals.
    let entries = try #require(try server.log?.entries())
    #expect(
      entries.count { $0.subject == "\(number)" && $0.route.hasSuffix("recordings/:id/range") }
        + entries.count { $0.subject == "\(number)" && $0.route.hasSuffix("recordings/:id") } == 1)
    try fixture.registry.retract(
      try #require(try fixture.registry.record(StoredRecording.self, id: number)), reason: "x")
    #expect(try await client.send(.get, "/api/v1/recordings/\(number)").status == .notFound)
    #expect(try await client.send(.get, "/runs/\(number)-1").status == .notFound)
  }

  @Test("Courses of many patients come by measure, arm and name")
  func courses() async throws {
    let fixture = try RegistryFixture(patients: 6)
    var client = Client(try fixture.server())
    try await client.begin()
    func patients(_ query: String) async throws -> [String] {
      let answer = try await client.json(
        try await client.send(.get, "/api/v1/courses\(query)"))
      let courses = try #require(answer["courses"] as? [[String: Any]])
      #expect(courses.allSatisfy { ($0["days"] as? [Any])?.count == 8 })
      #expect(courses.allSatisfy { $0["therapyStart"] as? Int == 20_105 })
      return courses.compactMap { $0["patient"] as? String }
    }
    #expect(try await patients("").count == 6)
    #expect(try await patients("?arm=treated") == ["P1", "P3", "P5"])
    #expect(try await patients("?p=P2&p=p5&p=nobody") == ["P2", "P5"])
    #expect(try await patients("?measure=munix&muscle=apb&side=right").isEmpty)
    #expect(
      try await client.send(.get, "/api/v1/courses?measure=nothing").status == .badRequest)
    #expect(try await client.send(.get, "/courses?p=P1&p=%3Cb%3E").status == .ok)
    // Of one arm nothing is compared with the other.
    let cohort = try await client.json(
      try await client.send(.get, "/api/v1/cohort?simulations=0&of=treated"))
    #expect(cohort.description.contains("P1") && !cohort.description.contains("P2"))
  }
}
