import Foundation
import Recordings

/// A list of recordings with their predicted costs, read once and then the same for every task.
///
/// Without it each task of a cluster would read the headers of all recordings to find its pack.
public struct BatchPlan: Sendable, Equatable, Codable {
  /// Software that made it.
  public var software: String
  /// The recordings in their order, with what their headers say.
  public var items: [BatchItem]
  /// Number of packs.
  public var packCount: Int

  /// A plan.
  public init(software: String, items: [BatchItem], packCount: Int) {
    self.software = software
    self.items = items
    self.packCount = packCount
  }

  /// The folder of an output folder that holds plan, scripts and logs of a cluster.
  public static func folder(_ output: String) -> String { output + "/.slurm" }

  /// The plan of an output folder.
  public static func path(_ output: String) -> String { folder(output) + "/plan.json" }

  /// Reads a plan and checks it: a task must not write outside its output folder, nor two of them
  /// to one place.
  ///
  /// - Throws: `BatchError` where there is none or it is damaged.
  public init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw BatchError(.cannotOpen, "\(path): cannot be read; there is no plan of packs")
    }
    do {
      self = try JSONDecoder().decode(BatchPlan.self, from: data)
    } catch {
      throw BatchError(.refused, "\(path): not a plan of packs; make it anew")
    }
    guard packCount >= 1, packCount <= max(1, items.count) else {
      throw BatchError(
        .refused, "\(path): \(packCount) packs for \(items.count) recordings; make it anew")
    }
    var names: Set<String> = []
    for (place, item) in items.enumerated() {
      let parts = item.name.split(separator: "/", omittingEmptySubsequences: false)
      let isSound =
        item.index == place && item.predictedSeconds.isFinite && item.predictedSeconds >= 0
        && item.predictedMegabytes.isFinite && item.predictedMegabytes >= 0
        && !parts.contains { ["", ".", ".."].contains($0) } && names.insert(item.name).inserted
      guard isSound else {
        throw BatchError(
          .refused, "\(path), recording \(place) (\(item.path)): damaged entry; make it anew")
      }
    }
  }

  /// Writes the plan whole.
  ///
  /// - Throws: `BatchError` or `RecordingError` where it cannot be written.
  public func write(to path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw BatchError(
        .cannotWrite, "\(folder.path): cannot be made (\(error.localizedDescription))")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(self), to: path)
  }

  /// The pack of each recording, 0 to `packCount` - 1.
  public var packs: [Int] { Shards.assignment(items, count: packCount) }

  /// Predicted cost of each pack: seconds of all its recordings, megabytes of its largest.
  public var packCosts: [(seconds: Double, megabytes: Double)] {
    var costs = [(seconds: Double, megabytes: Double)](repeating: (0, 0), count: packCount)
    for (item, pack) in zip(items, packs) {
      costs[pack].seconds += item.predictedSeconds
      costs[pack].megabytes = max(costs[pack].megabytes, item.predictedMegabytes)
    }
    return costs
  }
}
