import Decomposition
import Foundation
import Simulation
import Testing

/// Sources and proposals on a simulated muscle, with the true trains given.
@Suite struct SourceFieldTests {
  private struct Scene {
    let truth: SimulatedRecording
    let trains: [[Double]]
    let field: SourceField
  }

  /// The units whose discharges stand out, under 16 electrodes.
  private static let scene = Result {
    var configuration = ArraySimulationConfiguration()
    configuration.seed = 3
    configuration.samplingRate = 1_000
    configuration.duration = 12
    configuration.electrodes = .grid(rows: 4, columns: 4, spacing: 10)
    configuration.pool.unitCount = 20
    configuration.noise.signalToNoiseDecibels = 25
    let truth = try simulateArray(configuration)
    let found = try ArrayDecomposer().decompose(truth.signals, samplingRate: truth.samplingRate)
    let trains = found.units.map(\.train.times)
    return Scene(
      truth: truth, trains: trains,
      field: try SourceField(
        channels: truth.signals, samplingRate: truth.samplingRate, trains: trains))
  }

  @Test("A source peaks at the discharges that its filter was made from")
  func peaksAtDischarges() throws {
    let scene = try Self.scene.get()
    #expect(scene.trains.count >= 3)
    for (unit, train) in scene.trains.enumerated() {
      let source = try #require(scene.field.source(components: [unit], discharges: train))
      let quality = source.quality(of: train, in: source.range)
      #expect(try #require(quality.silhouette) > 0.8)
      let heights = train.compactMap { source.height(at: $0) }
      #expect(abs(heights.reduce(0, +) / Double(heights.count) - 1) < 0.15)
    }
  }

  @Test("Discharges that were deleted are proposed again, added ones are taken out")
  func proposalMendsTrain() throws {
    let scene = try Self.scene.get()
    for (unit, train) in scene.trains.enumerated().prefix(3) {
      let lost = train.enumerated().filter { $0.offset % 7 == 3 }.map(\.element)
      let wrong = [3_000.0, 6_100.0].filter { time in !train.contains { abs($0 - time) < 20 } }
      let edited = (train.filter { !lost.contains($0) } + wrong).sorted()
      let view = 1_000.0..<11_000.0
      let found = try #require(
        scene.field.reestimate(components: [unit], train: edited, in: view))
      let inside = lost.filter { $0 > 1_200 && $0 < 10_800 }
      let back = inside.filter { time in found.added.contains { abs($0 - time) <= 2 } }
      #expect(Double(back.count) >= 0.9 * Double(inside.count))
      #expect(wrong.allSatisfy(found.removed.contains))
      #expect(found.removed.filter { !wrong.contains($0) }.count <= train.count / 10)
      // Nothing changes within 0.1 s of the edges or outside the view.
      #expect((found.added + found.removed).allSatisfy { $0 >= 1_100 && $0 <= 10_900 })
    }
  }

  @Test("A filter carried on from a view brings back what was deleted elsewhere")
  func extendsOverRecording() throws {
    let scene = try Self.scene.get()
    let whole = 0.0..<Double(scene.truth.signals[0].count)
    for (unit, train) in scene.trains.enumerated().prefix(3) {
      let lost = train.filter { $0 > 6_000 && $0 < 11_000 }.enumerated()
        .filter { $0.offset % 5 == 2 }.map(\.element)
      let edited = train.filter { !lost.contains($0) }
      let found = try #require(
        scene.field.extend(
          components: [unit], train: edited, from: 1_000..<5_000, over: whole))
      let back = lost.filter { time in found.added.contains { abs($0 - time) <= 2 } }
      #expect(Double(back.count) >= 0.9 * Double(lost.count))
      #expect(found.removed.count <= train.count / 10)
    }
    #expect(
      scene.field.extend(
        components: [0], train: [], from: 1_000..<5_000, over: whole) == nil)
  }

  @Test("Single potentials vary about their mean by the noise")
  func spread() throws {
    let scene = try Self.scene.get()
    let spread = try #require(
      scene.field.spread(components: [0], discharges: scene.trains[0]))
    let template = scene.field.template(of: 0)
    #expect(spread.channels.map(\.count) == template.channels.map(\.count))
    let values = spread.channels.flatMap { $0 }
    let largest = template.channels.flatMap { $0.map(abs) }.max() ?? 0
    let mean = values.reduce(0, +) / Float(max(1, values.count))
    #expect(mean > 0 && mean < largest)
    #expect(scene.field.spread(components: [0], discharges: [100]) == nil)
  }

  @Test("The first ten doubtful places hold the errors that were put in")
  func doubtsFindErrors() throws {
    let scene = try Self.scene.get()
    for (unit, train) in scene.trains.enumerated().prefix(3) {
      let source = try #require(scene.field.source(components: [unit], discharges: train))
      let lost = [train[train.count / 4], train[train.count / 2], train[3 * train.count / 4]]
      let edited = train.filter { !lost.contains($0) }
      let places = DoubtfulPlaces().places(in: edited, source: source).prefix(10)
      for time in lost {
        #expect(
          places.contains { $0.kind == .missed && abs($0.time - time) <= 2 && $0.action == .add })
      }
      #expect(zip(places, places.dropFirst()).allSatisfy { $0.doubt >= $1.doubt })
    }
  }
}
