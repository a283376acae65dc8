import Foundation
import Reports

extension BatchListing {
  /// A recording with the pack that it falls into.
  public struct Packed: Encodable, Sendable {
    /// The recording.
    public let item: BatchItem
    /// Its pack, from 0.
    public let shard: Int
  }

  /// The recordings shared out into packs; nil for packs of about `Shards.targetSeconds`.
  public func packed(count: Int?) -> [Packed] {
    let packs = Shards.assignment(items, count: count ?? Shards.count(items))
    return items.map { Packed(item: $0, shard: packs[$0.index]) }
  }

  /// The recordings as a table with tabs: a header, then one line a recording with its predicted cost.
  public func text(packCount: Int?) -> String {
    let count = packCount ?? Shards.count(items)
    let lines = packed(count: count).map { packed in
      let item = packed.item
      return [
        "\(item.index)", item.path, item.entities?.stem ?? "n/a",
        "\(item.bytes)", "\(item.channels)", Formatting.fixed(item.seconds, 1),
        Formatting.fixed(item.predictedSeconds, 1), Formatting.fixed(item.predictedMegabytes, 0),
        "\(packed.shard)/\(count)",
      ].joined(separator: "\t")
    }
    return
      (["index\tpath\tentities\tbytes\tchannels\tseconds\tpredicted_s\tpredicted_mb\tshard"]
      + lines).joined(separator: "\n")
  }

  /// What the header of a recording says of its cost.
  public struct Header: Sendable {
    /// EMG channels.
    public var channels: Int
    /// Sampling rate in Hz.
    public var samplingRate: Double
    /// Sampling rate in Hz that units are searched at.
    public var searchedRate: Double
    /// Length in seconds.
    public var seconds: Double
    /// Whether it is decomposed as a needle's.
    public var isNeedle: Bool
    /// Processor time of the effort compared with standard effort.
    public var effort: Double

    /// A header.
    public init(
      channels: Int, samplingRate: Double, searchedRate: Double, seconds: Double, isNeedle: Bool,
      effort: Double
    ) {
      self.channels = channels
      self.samplingRate = samplingRate
      self.searchedRate = searchedRate
      self.seconds = seconds
      self.isNeedle = isNeedle
      self.effort = effort
    }
  }

  /// Fills in what headers say and what work on the recordings will cost; a header that cannot be read
  /// leaves zeros.
  ///
  /// - Parameters:
  ///   - folder: what the paths of the recordings are relative to.
  ///   - progress: the share of the recordings that were looked at.
  ///   - header: reads the header of a recording at a path; nil where it cannot be read.
  public mutating func readHeaders(
    in folder: String, progress: (Double) -> Void = { _ in },
    header: (_ path: String, BatchItem) -> Header?
  ) {
    let model = CostModel()
    for index in items.indices {
      progress(Double(index) / Double(items.count))
      let item = items[index]
      guard let own = header(item.path.hasPrefix("/") ? item.path : folder + "/" + item.path, item)
      else { continue }
      items[index].channels = own.channels
      items[index].samplingRate = own.samplingRate
      items[index].seconds = own.seconds
      let cost = model.cost(
        channels: own.channels, samplingRate: own.searchedRate, seconds: own.seconds,
        isNeedle: own.isNeedle, effort: own.effort)
      items[index].predictedSeconds = cost.seconds
      items[index].predictedMegabytes = cost.megabytes
    }
  }

  /// Refuses an output that is the input or lies in it, but for its folder `derivatives`.
  ///
  /// - Throws: `BatchError`.
  public static func requireApart(input: String, output: String) throws {
    func real(_ path: String) -> String {
      URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
    let (from, to) = (real(input), real(output))
    if to == from || (to.hasPrefix(from + "/") && !to.hasPrefix(from + "/derivatives/")) {
      throw BatchError(
        .wrongCall,
        "\(output): lies in the input folder, which is never written; name another one, or one in "
          + "its folder derivatives")
    }
  }
}

extension Shards {
  /// One pack of several, as it is written: `2/16` is the third of sixteen.
  public struct Pack: Sendable, Equatable {
    /// Which pack, from 0.
    public let place: Int
    /// How many packs there are.
    public let count: Int

    /// Reads `I/N`; nil where it is none, or N is above a million.
    public init?(_ text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 2, let place = parts[0], let count = parts[1], count >= 1,
        count <= 1_000_000, (0..<count).contains(place)
      else { return nil }
      self.place = place
      self.count = count
    }

    /// The recordings of the pack.
    public func items(of items: [BatchItem]) -> [BatchItem] {
      let packs = Shards.assignment(items, count: count)
      return items.filter { packs[$0.index] == place }
    }
  }
}

extension RecordingStatus {
  /// How the recordings of a pack ended, for people: those without a result, then how many there are.
  ///
  /// - Parameter output: the folder of the results.
  public static func text(_ ended: [RecordingStatus], output: String) -> String {
    func count(_ state: State) -> Int { ended.count { $0.state == state } }
    let lines = ended.filter { $0.state == .refused || $0.state == .failed }.map {
      "\($0.state.rawValue): \($0.path): \($0.reason)"
    }
    return
      (lines + [
        "\(output): \(count(.done)) done, \(count(.skipped)) there already, \(count(.refused)) "
          + "refused, \(count(.failed)) cut short"
      ]).joined(separator: "\n")
  }
}
