import Decomposition
import Foundation
import Recordings
import Signal

/// The fields that sources come from: a recording of up to 90 s is one, a longer one has segments of
/// a minute; the last two that were used are kept.
actor SourceFields {
  /// Longest recording that is one segment, in seconds.
  static let wholeLimit = 90.0
  /// Length of a segment of a longer one, and what it overlaps on either side, in seconds.
  static let length = 60.0
  static let margin = 2.0

  private struct Key: Hashable {
    let run: Int
    let segment: Int
  }
  private struct SourceKey: Hashable {
    let key: Key
    let components: [Int]
    let basis: [Double]
  }

  private let recording: Recording
  private var fields: [Key: Task<any UnitField, any Error>] = [:]
  private var order: [Key] = []
  private var sources: [SourceKey: UnitSource] = [:]

  init(_ recording: Recording) { self.recording = recording }

  /// Number of segments of the recording.
  nonisolated var segmentCount: Int {
    recording.duration <= Self.wholeLimit
      ? 1 : Int((recording.duration / Self.length).rounded(.up))
  }

  /// The segment in which a sample lies.
  nonisolated func segment(of sample: Double) -> Int {
    if segmentCount == 1 { return 0 }
    let index = Int(sample / recording.samplingRate / Self.length)
    return max(0, min(segmentCount - 1, index))
  }

  /// The samples of a segment without its margins.
  nonisolated func core(_ segment: Int) -> Range<Double> {
    if segmentCount == 1 { return 0..<Double(recording.sampleCount) }
    let step = Self.length * recording.samplingRate
    let end =
      segment == segmentCount - 1 ? Double(recording.sampleCount) : Double(segment + 1) * step
    return (Double(segment) * step)..<end
  }

  /// The field of a segment; computed once, others wait for it.
  func field(_ run: StoredRun, segment: Int) async throws -> any UnitField {
    let key = Key(run: run.id, segment: segment)
    if let task = fields[key] {
      order.removeAll { $0 == key }
      order.append(key)
      return try await task.value
    }
    let core = core(segment)
    let margin = segmentCount == 1 ? 0 : Self.margin * recording.samplingRate
    let start = max(0, Int(core.lowerBound - margin))
    let end = min(recording.sampleCount, Int(core.upperBound + margin))
    let task = Task.detached { [recording] in
      try await Background.run { () throws -> any UnitField in
        // What was left out of the decomposition is left out here too.
        let samples = DecompositionJob.silencing(
          run.excludedSeconds,
          in: try recording.samples(channels: run.channels, range: start..<end), start: start,
          samplingRate: recording.samplingRate)
        if run.needle != nil {
          return try NeedleField(
            channels: samples, samplingRate: recording.samplingRate, start: start,
            trains: run.units.map(\.times)) as any UnitField
        }
        return try SourceField(
          channels: samples, samplingRate: recording.samplingRate, start: start,
          trains: run.units.map(\.times), configuration: run.configuration)
      }
    }
    fields[key] = task
    order.append(key)
    if order.count > 2 {
      let old = order.removeFirst()
      fields[old] = nil
      sources = sources.filter { $0.key.key != old }
    }
    do {
      return try await task.value
    } catch {
      fields[key] = nil
      order.removeAll { $0 == key }
      throw error
    }
  }

  /// The source of a unit as edited, over a segment.
  ///
  /// - Throws: `ViewerError` where the unit has no discharge there.
  func source(_ run: StoredRun, unit: EditedRun.Unit, segment: Int) async throws -> UnitSource {
    let field = try await field(run, segment: segment)
    let key = SourceKey(
      key: Key(run: run.id, segment: segment), components: unit.components, basis: unit.basis)
    if let known = sources[key] { return known }
    let made = await Background.value {
      field.source(components: unit.components, discharges: unit.basis)
    }
    guard let made else {
      throw ViewerError.unusable(
        "unit \(unit.id) has no discharge in this part of the recording, so there is no source")
    }
    if sources.count > 64 { sources = [:] }
    sources[key] = made
    return made
  }
}

/// Work that takes long, away from the threads that answer requests.
enum Background {
  private static let queue = DispatchQueue(
    label: "motorpool.viewer.work", qos: .userInitiated, attributes: .concurrent)

  static func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try body() }) }
    }
  }

  static func value<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: body()) }
    }
  }
}
