import Decomposition
import Foundation
import MotorUnits
import Signal
import Simulation

/// What happens to a muscle over five visits.
enum VisitCourse: String, Codable, CaseIterable {
  /// Nothing is lost; only the array is mounted anew.
  case stable
  /// A quarter of the units dies at once between the second and the third visit.
  case quarter = "loss-25"
  /// Half of the units dies at once between the second and the third visit.
  case half = "loss-50"
  /// Half of the units is lost evenly from the first to the last visit.
  case gradualHalf = "gradual-50"

  /// Visits of each course.
  static let visits = 5

  /// Share of the units that is dead at a visit (counted from 0).
  func lostShare(_ visit: Int) -> Double {
    switch self {
    case .stable: 0
    case .quarter: visit < 2 ? 0 : 0.25
    case .half: visit < 2 ? 0 : 0.5
    case .gradualHalf: 0.5 * Double(visit) / Double(Self.visits - 1)
    }
  }

  /// Name of a visit's file; courses share the visits before anything was lost.
  func sessionName(_ visit: Int) -> String {
    lostShare(visit) == 0 && visit < 2
      ? "visit\(visit + 1)" : "\(rawValue)-visit\(visit + 1)"
  }

  /// What makes a session's draws its own.
  func stream(_ visit: Int) -> UInt64 {
    let own = lostShare(visit) == 0 && visit < 2 ? 0 : (Self.allCases.firstIndex(of: self) ?? 0) + 1
    return 8_000 + UInt64(10 * own + visit)
  }
}

/// What is kept of one simulated and decomposed visit: potentials and the truth about them.
struct VisitRecord: Codable {
  /// The identified units as tracking takes them.
  let tracked: TrackedRecording
  /// The true unit of each identified one; nil for a false one.
  let truth: [Int?]
  /// Numbers of the true units that live at this visit.
  let alive: [Int]
  let decompositionSeconds: Double

  init(
    tracked: TrackedRecording, truth: [Int?], alive: [Int], decompositionSeconds: Double
  ) {
    self.tracked = tracked
    self.truth = truth
    self.alive = alive
    self.decompositionSeconds = decompositionSeconds
  }

  /// Simulates and decomposes a visit, quickly and on one thread.
  init(_ experiment: ExperimentMuscle, _ course: VisitCourse, visit: Int, noise: Double) throws {
    var muscle = experiment.muscle
    _ = try muscle.lose(fraction: course.lostShare(visit), seed: experiment.seed)
    alive = muscle.units.map(\.id)
    var random = SeededGenerator(seed: experiment.seed, stream: course.stream(visit))
    let settings = ExperimentCondition.sameDay.settings(
      from: experiment.settings, noiseMicrovolts: noise, muscle: &muscle, using: &random)
    let recording = try simulateArray(settings, muscle: muscle, threads: 1)
    var configuration = ArrayConfiguration()
    configuration.effort = .quick
    let started = clock()
    let found = try ArrayDecomposer(configuration: configuration, parallelism: .single).decompose(
      recording.signals, samplingRate: recording.samplingRate)
    decompositionSeconds = Double(clock() - started) / Double(CLOCKS_PER_SEC)
    tracked = TrackedRecording(found, positions: SessionRecord.positions)
    let score = DecompositionScore(
      found: found.units.map { (String($0.id), $0.train.times) },
      truth: recording.units.filter { !$0.spikeTimes.isEmpty }.map {
        (String($0.id), $0.spikeTimes)
      }, samplingRate: recording.samplingRate)
    var partners: [String: Int] = [:]
    for pair in score.pairs where pair.agreement >= 0.5 {
      partners[String(pair.found)] = Int(pair.truth)
    }
    truth = tracked.units.map { partners[$0.unit] }
  }
}

/// The visits of the muscles of one seed in a folder.
struct VisitFolder {
  let folder: URL

  func file(_ muscle: ExperimentMuscle, _ course: VisitCourse, visit: Int) -> URL {
    file("\(muscle.simulator.rawValue)-\(muscle.number)", course, visit: visit)
  }

  private func file(_ muscle: String, _ course: VisitCourse, visit: Int) -> URL {
    folder.appendingPathComponent("\(muscle)-\(course.sessionName(visit)).json")
  }

  /// All visits of one course; nil where one was not recorded.
  func visits(
    _ simulator: ExperimentSimulator, _ number: Int, _ course: VisitCourse
  ) -> [VisitRecord]? {
    let records = (0..<VisitCourse.visits).compactMap { visit in
      try? JSONDecoder().decode(
        VisitRecord.self,
        from: Data(contentsOf: file("\(simulator.rawValue)-\(number)", course, visit: visit)))
    }
    return records.count == VisitCourse.visits ? records : nil
  }
}
