import Foundation
import Hummingbird
import Recordings
import Signal
import Testing

@testable import Viewer

/// What the editor's page asks for, on a needle recording whose units stand in its annotation file.
struct EditorRouteTests {
  private static let rate = 10_000.0
  private static let count = 60_000

  private struct Scene {
    let path: String
    /// True discharges of two units in samples.
    let trains: [[Double]]
    /// A superposition of both, in samples.
    let overlap: Double
  }

  private static func shape(_ unit: Int, _ seconds: Double) -> Double {
    let x = seconds / (unit == 0 ? 0.000_4 : 0.000_8)
    return unit == 0
      ? 300 * (1 - x * x) * exp(-x * x / 2) : 216 * x * exp(-x * x / 2)
  }

  /// A WFDB record with trains, each of which may be changed before it is written.
  private static func scene(
    change: (inout [[Double]], Double) -> Void = { _, _ in }
  ) throws -> Scene {
    var random = SeededGenerator(seed: 77)
    var trains = [0.09, 0.117].map { interval -> [Double] in
      var times: [Double] = []
      var time = 0.05
      while time < Double(count) / rate - 0.05 {
        times.append((time * rate).rounded())
        time += interval * random.uniform(0.9, 1.1)
      }
      return times
    }
    let overlap = trains[0][25]
    let near = trains[1].indices.min {
      abs(trains[1][$0] - overlap) < abs(trains[1][$1] - overlap)
    }!
    trains[1][near] = overlap + 6
    trains[1].sort()
    var samples = (0..<count).map { _ in 8 * random.normal() }
    for (unit, train) in trains.enumerated() {
      for time in train {
        for index in max(0, Int(time) - 100)..<min(count, Int(time) + 100) {
          samples[index] += shape(unit, (Double(index) - time) / rate)
        }
      }
    }
    let folder = NSTemporaryDirectory() + "editor-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // 10 counts a microvolt; the header holds first value and checksum.
    let digital = samples.map { Int16(max(-32_000, min(32_000, $0 * 10))) }
    let checksum = digital.reduce(Int16(0)) { $0 &+ $1 }
    try "r 1 10000 \(count)\nr.dat 16 10000/mV 16 0 \(digital[0]) \(checksum) 0 EMG\n".write(
      toFile: folder + "/r.hea", atomically: true, encoding: .utf8)
    var data = Data()
    for value in digital {
      withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
    }
    try data.write(to: URL(fileURLWithPath: folder + "/r.dat"))
    var written = trains
    change(&written, overlap)
    let events = written.enumerated().flatMap { unit, train in
      train.map { (time: $0 / rate, unit: unit + 1) }
    }.sorted { $0.time < $1.time }.map { "\($0.time) \($0.unit) 1" }
    try """
    <?xml version="1.0"?>
    <emglab_annotation_file>
    <emglab_spike_header><time></time><unit></unit><chan></chan></emglab_spike_header>
    <emglab_spike_events>
    \(events.joined(separator: "\n"))
    </emglab_spike_events>
    </emglab_annotation_file>
    """.write(toFile: folder + "/r.eaf", atomically: true, encoding: .utf8)
    return Scene(path: folder + "/r.hea", trains: trains, overlap: overlap)
  }

  private static func client(_ scene: Scene) async throws -> Client {
    var client = Client(
      try ViewerServer(ViewerConfiguration(file: scene.path), program: "/bin/false"))
    try await client.begin()
    return client
  }

  private static func times(_ state: [String: Any], unit: Int) throws -> [Double] {
    let units = try #require(state["units"] as? [[String: Any]])
    let found = try #require(units.first { $0["id"] as? Int == unit })
    return try #require(found["times"] as? [Double])
  }

  /// Whether two trains are the same but for the rounding of seconds.
  private static func same(_ first: [Double], _ second: [Double]) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy { abs($0 - $1) < 1e-6 }
  }

  private func edit(_ client: Client, _ seq: Int, _ body: String) async throws -> [String: Any] {
    let answer = try await client.send(
      .post, "/api/v1/runs/1/edits", headers: [.ifMatch: "\"\(seq)\""], body: body)
    let text = try await client.text(answer)
    #expect(answer.status == .ok, "\(text)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("Units in the file are a run from the start, once, and are edited like others")
  func storedUnits() async throws {
    let scene = try Self.scene()
    let client = try await Self.client(scene)
    let state = try await client.json(try await client.send(.get, "/api/v1/runs/1/units"))
    for unit in 0...1 {
      #expect(Self.same(try Self.times(state, unit: unit), scene.trains[unit]))
    }
    let fourth = try Self.times(state, unit: 0)[3]
    #expect((state["run"] as? [String: Any])?["method"] as? String == "imported")
    _ = try await edit(
      client, 0, "{\"kind\":\"move\",\"unit\":0,\"time\":\(fourth),\"by\":2}")
    let again = try await Self.client(scene)
    let runs = try await again.text(try await again.send(.get, "/api/v1/runs?recording=1"))
    #expect(runs.contains("\"id\":1") && !runs.contains("\"id\":2"))
    let kept = try await again.json(try await again.send(.get, "/api/v1/runs/1/units"))
    #expect(try Self.times(kept, unit: 0)[3] == fourth + 2)
  }

  @Test("An annotation file that cannot be read leaves the recording to be looked at")
  func damagedAnnotations() async throws {
    let scene = try Self.scene()
    try "no annotations".write(
      toFile: String(scene.path.dropLast(3)) + "eaf", atomically: true, encoding: .utf8)
    let client = try await Self.client(scene)
    #expect(try await client.send(.get, "/api/v1/recordings/1").status == .ok)
    #expect(try await client.text(try await client.send(.get, "/api/v1/runs?recording=1")) == "[]")
  }

  @Test("A superposition of which one discharge is missing is resolved, accepted and undone")
  func resolves() async throws {
    let scene = try Self.scene { trains, overlap in
      trains[1].removeAll { abs($0 - overlap) < 20 }
    }
    let client = try await Self.client(scene)
    let window = "\"start\":\(scene.overlap - 400),\"end\":\(scene.overlap + 400)"
    let answer = try await client.json(
      try await client.send(
        .post, "/api/v1/runs/1/proposals", body: "{\"kind\":\"resolve\",\(window)}"))
    let changes = try #require(answer["units"] as? [[String: Any]])
    #expect(changes.count == 1 && changes.first?["unit"] as? Int == 1)
    let added = try #require(changes.first?["added"] as? [Double])
    #expect(added.count == 1 && abs((added.first ?? 0) - scene.overlap - 6) < 3)
    #expect((changes.first?["removed"] as? [Double])?.isEmpty == true)
    let state = try await edit(client, 0, "{\"kind\":\"resolve\",\(window)}")
    #expect(try Self.times(state, unit: 1).count == scene.trains[1].count)
    // Once more there is nothing to change, and nothing is logged.
    let same = try await edit(client, 1, "{\"kind\":\"resolve\",\(window)}")
    #expect(same["seq"] as? Int == 1)
    let undone = try await edit(client, 1, "{\"kind\":\"undo\"}")
    #expect(try Self.times(undone, unit: 1).count == scene.trains[1].count - 1)
    let long = try await client.send(
      .post, "/api/v1/runs/1/proposals", body: "{\"kind\":\"resolve\",\"start\":0,\"end\":9000}")
    #expect(long.status == .unprocessableContent || long.status == .badRequest)
  }

  @Test("Two trains of one unit are told as one, the rate's box deletes, figures say the change")
  func figures() async throws {
    let scene = try Self.scene { trains, _ in
      trains.append(trains[0].enumerated().filter { $0.offset % 4 != 0 }.map { $0.element + 13 })
      trains[1].append(trains[1][10] + 60)
      trains[1].sort()
    }
    let client = try await Self.client(scene)
    let pairs = try #require(
      try JSONSerialization.jsonObject(
        with: Data(
          try await client.text(
            try await client.send(.get, "/api/v1/runs/1/duplicates")
          ).utf8)) as? [[String: Any]])
    #expect(pairs.count == 1)
    #expect(pairs.first?["kept"] as? Int == 0 && pairs.first?["dropped"] as? Int == 2)
    #expect(abs((pairs.first?["lagSeconds"] as? Double ?? 0) - 0.001_3) < 1e-4)
    let counts = try await client.json(try await client.send(.get, "/api/v1/runs/1/counts"))
    let windows = try #require(counts["windows"] as? [[String: Any]])
    #expect(windows.contains { $0["identifiedActive"] as? Int == 3 })
    let course = try await client.json(
      try await client.send(.get, "/api/v1/runs/1/units/0/course?at=0"))
    #expect((course["discharges"] as? [Int])?.reduce(0, +) == scene.trains[0].count)
    // The discharge 6 ms after another is above 100 Hz, all others below 20.
    let state = try await edit(
      client, 0,
      "{\"kind\":\"deleteRate\",\"unit\":1,\"start\":0,\"end\":60000,\"low\":100,\"high\":1e6}")
    #expect(Self.same(try Self.times(state, unit: 1), scene.trains[1]))
    let quality = try await client.json(
      try await client.send(.get, "/api/v1/runs/1/units/1/quality?at=0"))
    let before = try #require(quality["automatic"] as? [String: Any])
    #expect(before["dischargeCount"] as? Int == scene.trains[1].count + 1)
    #expect(quality["dischargeCount"] as? Int == scene.trains[1].count)
    #expect(
      try #require(quality["isiCoV"] as? Double) < (try #require(before["isiCoV"] as? Double)))
    let potential = try await client.json(
      try await client.send(.get, "/api/v1/runs/1/units/0/potential?at=0"))
    let waveform = try #require((potential["waveforms"] as? [[String: Any]])?.first)
    #expect((waveform["spread"] as? [Any])?.count == (waveform["values"] as? [Any])?.count)
  }
}
