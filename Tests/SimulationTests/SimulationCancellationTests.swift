import Synchronization
import TestSupport
import Testing

@testable import Simulation

@Suite struct SimulationCancellationTests {
  @Test(arguments: [1, 4, 8]) func arrayEndsAtTheCallThatThrows(_ call: Int) throws {
    var configuration = ArraySimulationConfiguration()
    configuration.electrodes = .grid(rows: 3, columns: 3, spacing: 8)
    configuration.samplingRate = 1_000
    configuration.duration = 2
    configuration.pool.unitCount = 20
    let canceller = Canceller(at: call)
    #expect(throws: CancellationError.self) {
      try simulateArray(configuration, threads: 2) { try canceller.receive($0) }
    }
    #expect(canceller.count == call)
  }

  @Test(arguments: [1, 3]) func needleEndsAtTheCallThatThrows(_ call: Int) throws {
    var configuration = NeedleSimulationConfiguration()
    configuration.samplingRate = 5_000
    configuration.duration = 2
    let canceller = Canceller(at: call)
    #expect(throws: CancellationError.self) {
      try simulateNeedle(configuration, threads: 2) { try canceller.receive($0) }
    }
    #expect(canceller.count == call)
  }

  @Test func sharesGrowToOne() throws {
    let shares = Shares()
    let squares = try concurrentMap(8, threads: 2, progress: { shares.add($0) }) { $0 * $0 }
    #expect(squares == [0, 1, 4, 9, 16, 25, 36, 49])
    #expect(shares.values == (1...8).map { Double($0) / 8 })
  }
}

/// Shares in the order in which they were told.
private final class Shares: Sendable {
  private let told = Mutex<[Double]>([])
  var values: [Double] { told.withLock { $0 } }
  func add(_ share: Double) { told.withLock { $0.append(share) } }
}
