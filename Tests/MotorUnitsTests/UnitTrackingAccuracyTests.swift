import Decomposition
import MotorUnits
import Signal
import Simulation
import TestSupport
import Testing

@Suite(.enabled(if: TestTier.isLong))
struct UnitTrackingAccuracyTests {
  private static let positions: [[Double]] = (0..<36).map { place in
    let row = Double(place / 6)
    let column = Double(place % 6)
    return [8 * (row - 2.5), 8 * (column - 2.5)]
  }

  private static func settings(_ model: PotentialModel, muscle: UInt64)
    -> ArraySimulationConfiguration
  {
    var settings =
      model == .tripole ? ArraySimulationConfiguration() : ArraySimulationConfiguration.simulatorB
    settings.muscleSeed = muscle
    settings.samplingRate = 1_024
    settings.duration = 8
    settings.electrodes = .grid(rows: 6, columns: 6, spacing: 8)
    settings.pool.unitCount = 30
    settings.muscle.bundlesPerUnit = 8
    settings.drive = DriveProfile(.constant, levelPercentMVC: 20)
    settings.drive.restSeconds = 1
    return settings
  }

  /// Both sessions of a muscle; the second array is moved and turned and the fat differs.
  private static func sessions(
    _ model: PotentialModel, muscle: UInt64
  ) throws -> [SimulatedRecording] {
    var random = SeededGenerator(seed: muscle, stream: 40)
    var settings = settings(model, muscle: muscle)
    settings.seed = 1
    let first = try simulateArray(settings)
    settings.seed = 2
    settings.electrodes = settings.electrodes.remounted(
      shiftSD: 2.5, rotationSD: 3, using: &random)
    settings.muscle.fatThickness += 0.5
    return [first, try simulateArray(settings)]
  }

  @Test(arguments: [PotentialModel.tripole, .travellingWave])
  func truePotentialsAreLinkedRightly(model: PotentialModel) throws {
    var links = 0
    var right = 0
    var common = 0
    for muscle in 1...2 as ClosedRange<UInt64> {
      let recordings = try Self.sessions(model, muscle: muscle).enumerated().map { visit, session in
        TrackedRecording(
          positions: Self.positions,
          // Every fourth unit is missing from the second visit.
          units: session.activeUnits.filter { visit == 0 || $0.id % 4 != 0 }.map {
            TrackedTemplate(
              unit: String($0.id),
              template: MUAPTemplate(
                channels: $0.template, samplingRate: session.samplingRate,
                origin: $0.templateLead + 12))
          })
      }
      let matching = UnitMatching(recordings[0], recordings[1])
      links += matching.links.count
      right += matching.links.filter { $0.first == $0.second }.count
      common += recordings[1].units.count
    }
    #expect(Double(right) >= 0.95 * Double(links))
    #expect(Double(right) >= 0.4 * Double(common))
  }

  @Test(arguments: [PotentialModel.tripole, .travellingWave])
  func decomposedSessionsAreLinkedRightly(model: PotentialModel) throws {
    var links = 0
    var right = 0
    for muscle in 1...2 as ClosedRange<UInt64> {
      let sessions = try Self.sessions(model, muscle: muscle)
      var configuration = ArrayConfiguration()
      configuration.roundLimit = 2
      let found = try sessions.map {
        try ArrayDecomposer(configuration: configuration).decompose(
          $0.signals, samplingRate: $0.samplingRate)
      }
      let truth = zip(sessions, found).map { session, result in
        let score = DecompositionScore(
          found: result.units.map { (String($0.id), $0.train.times) },
          truth: session.activeUnits.map { (String($0.id), $0.spikeTimes) },
          samplingRate: session.samplingRate)
        return Dictionary(uniqueKeysWithValues: score.pairs.map { ($0.found, $0.truth) })
      }
      let matching = UnitMatching(
        TrackedRecording(found[0], positions: Self.positions),
        TrackedRecording(found[1], positions: Self.positions))
      links += matching.links.count
      right +=
        matching.links.filter { link in
          truth[0][link.first] != nil && truth[0][link.first] == truth[1][link.second]
        }.count
    }
    #expect(links >= 4)
    #expect(Double(right) >= 0.95 * Double(links))
  }
}
