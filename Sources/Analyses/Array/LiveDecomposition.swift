import Decomposition
import Foundation

/// Discharges of known units in a byte stream, as soon as they are certain.
package struct LiveDecomposition: Sendable {
  /// One discharge.
  package struct Discharge: Sendable, Equatable {
    /// Number of the unit in the model.
    package let unit: Int
    /// Samples of the stream before it.
    package let sample: Double
  }

  /// What the stream brought.
  package enum Event: Sendable, Equatable {
    case discharge(Discharge)
    /// Blocks that never came: counter of the first, their number, samples of the stream before them.
    case lost(first: UInt32, count: Int, sample: Int)
    /// Samples that were no numbers, in the block that begins after so many samples.
    case notFinite(count: Int, sample: Int)
  }

  private var samples: LiveSamples
  private var decomposer: StreamingDecomposer
  private let blockSamples: Int
  private let channelCount: Int
  /// Numbers of the units that are followed.
  package let unitIDs: [Int]
  /// Longest time from a discharge to its report in seconds, the block it lies in not counted.
  package let latency: Double
  /// Samples of the stream so far, zeros for lost blocks included.
  package private(set) var position = 0
  /// Blocks that came.
  package private(set) var blocks = 0
  /// Blocks that were lost.
  package private(set) var lostBlocks = 0
  /// Discharges so far.
  package private(set) var discharges = 0

  /// Follows the units of a model; throws `AnalysisError` where the stream does not fit it.
  package init(
    _ model: SeparationModel, stream: LiveSamples.Configuration, samplingRate: Double,
    configuration: StreamingDecomposer.Configuration = .init()
  ) throws {
    do {
      try model.setUp.require(
        ChannelSetUp(channelCount: stream.channelCount, samplingRate: samplingRate))
    } catch let error as DecompositionError {
      throw AnalysisError(path: "standard input", error.description)
    }
    decomposer = StreamingDecomposer(model, configuration: configuration)
    samples = LiveSamples(stream)
    blockSamples = stream.blockSamples
    channelCount = stream.channelCount
    unitIDs = decomposer.unitIDs
    latency = decomposer.latency
  }

  /// Takes the next bytes; throws `AnalysisError` where the stream is out of step, or begins with so many
  /// samples that are no numbers that it must be written in another way than stated.
  package mutating func take(_ bytes: some Sequence<UInt8>) throws -> [Event] {
    var events: [Event] = []
    for event in try samples.take(bytes) {
      if case .block(let block, let notFinite) = event, position == 0 {
        let count = block.reduce(0) { $0 + $1.count }
        guard notFinite * 10 <= count else {
          throw AnalysisError(
            path: "standard input",
            "\(notFinite) of the first \(count) samples are no numbers; the stated kind of samples or "
              + "number of channels does not fit")
        }
      }
      handle(event, &events)
    }
    return events
  }

  /// The rest at the end of the stream, and the bytes that fill no sample.
  package mutating func finish() -> (events: [Event], bytesLeft: Int) {
    var events: [Event] = []
    let rest = samples.finish()
    if let block = rest.block { handle(block, &events) }
    add(decomposer.finish(), &events)
    return (events, rest.bytesLeft)
  }

  private mutating func handle(_ event: LiveSamples.Event, _ events: inout [Event]) {
    switch event {
    case .lost(let first, let count):
      events.append(.lost(first: first, count: count, sample: position))
      lostBlocks += count
      let silence = [[Float]](
        repeating: [Float](repeating: 0, count: blockSamples), count: channelCount)
      for _ in 0..<count {
        add(decomposer.process(silence), &events)
        position += blockSamples
      }
    case .block(let block, let notFinite):
      if notFinite > 0 { events.append(.notFinite(count: notFinite, sample: position)) }
      add(decomposer.process(block), &events)
      position += block.first?.count ?? 0
      blocks += 1
    }
  }

  private mutating func add(_ found: [[Double]], _ events: inout [Event]) {
    let all = zip(unitIDs, found).flatMap { unit, times in
      times.map { Discharge(unit: unit, sample: $0) }
    }.sorted { ($0.sample, $0.unit) < ($1.sample, $1.unit) }
    discharges += all.count
    events += all.map { .discharge($0) }
  }
}
