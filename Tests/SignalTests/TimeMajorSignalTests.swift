import Testing

@testable import Signal

@Suite struct TimeMajorSignalTests {
  @Test func keepsChannelsAndPadding() {
    let channels: [[Float]] = [[1, 2, 3], [4, 5, 6]]
    let signal = TimeMajorSignal(channels: channels, padding: 2)
    #expect(signal.channel(0) == channels[0] && signal.channel(1) == channels[1])
    #expect(signal.values == [0, 0, 0, 0, 1, 4, 2, 5, 3, 6, 0, 0, 0, 0])
    #expect(abs(signal.meanSquare - 91.0 / 6) < 1e-6)
  }

  @Test func meanOfPastRunsBackwards() {
    let signal = TimeMajorSignal(channels: [[1, 2, 3, 4], [10, 20, 30, 40]], padding: 4)
    #expect(signal.meanOfPast(at: [2], length: 3) == [3, 30, 2, 20, 1, 10])
    #expect(signal.meanOfPast(at: [2, 3], length: 2) == [3.5, 35, 2.5, 25])
    // Before the start there is silence; instants outside are left out.
    #expect(signal.meanOfPast(at: [0, 9, -1], length: 2) == [1, 10, 0, 0])
  }

  @Test func subtractsPlacedRunsAcrossChunks() {
    var random = SeededGenerator(seed: 5)
    let length = 9_000
    let channels = (0..<3).map { _ in (0..<length).map { _ in Float(random.normal()) } }
    let run = (0..<(2 * 40 * 3)).map { _ in Float(random.normal()) }
    let starts = [-20, 100, 4_080, 4_090, 8_980]
    let phase = [0, 1, 0, 1, 1]
    var expected = channels
    for (start, phase) in zip(starts, phase) {
      for u in 0..<40 where start + u >= 0 && start + u < length {
        for c in 0..<3 { expected[c][start + u] -= run[(phase * 40 + u) * 3 + c] }
      }
    }
    for threads in [1, 3] {
      var signal = TimeMajorSignal(channels: channels, padding: 64)
      signal.subtract(
        runs: [.init(phases: run, runLength: 40, starts: starts, phase: phase)],
        parallelism: Parallelism(threadCount: threads))
      for c in 0..<3 {
        for (a, b) in zip(signal.channel(c), expected[c]) { #expect(abs(a - b) < 1e-5) }
      }
    }
  }

  @Test func filtersAsTheSpectraDo() {
    var random = SeededGenerator(seed: 12)
    let channels = (0..<5).map { _ in (0..<5_000).map { _ in Float(random.normal()) } }
    let signal = TimeMajorSignal(channels: channels, padding: 20)
    let filter = (0..<(7 * 5)).map { _ in Float(random.normal()) }
    let direct = signal.filtered(
      by: filter, taps: 7, parallelism: Parallelism(threadCount: 2))
    let spectral = OverlapSaveSpectra(signal, filterLength: 7, parallelism: .single)
      .filter(bank: filter, filterCount: 1, parallelism: .single)
    #expect(direct.count == 5_000)
    for (a, b) in zip(direct, spectral) { #expect(abs(a - b) < 1e-3) }
  }
}
