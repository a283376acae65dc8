import Signal
import Testing

@testable import Decomposition

@Suite struct SpikeClusteringTests {
  /// A source with pulses of height 1 at known samples over noise.
  private func source(noise: Float, places: [Int], count: Int = 20_000) -> [Float] {
    var random = SeededGenerator(seed: 1)
    var samples = (0..<count).map { _ in noise * Float(random.normal()) }
    for place in places { samples[place] += 1 }
    return samples
  }

  private func discharges(_ samples: [Float]) -> DischargeCluster? {
    SpikeClustering.discharges(in: samples.span, refractory: 40)
  }

  private let places = (1..<100).map { $0 * 197 + $0 % 7 }

  @Test func findsThePulses() throws {
    let samples = source(noise: 0.08, places: places)
    let cluster = try #require(discharges(samples))
    #expect(cluster.samples == places)
    #expect(cluster.silhouette > 0.9)
    let ratio = SpikeClustering.pulseToNoise(samples.span, discharges: cluster.samples)
    #expect(ratio > 19 && ratio < 25)
  }

  @Test(arguments: [1, 2, 7, 40])
  func dominantPeaksFollowTheDefinition(distance: Int) {
    var random = SeededGenerator(seed: 9)
    var place = 0
    let candidates = (0..<2_000).map { _ in
      place += 1 + random.index(below: 6)
      // Coarse heights, so that ties occur.
      return (height: Float((random.uniform() * 20).rounded()), place: place)
    }
    // The highest first, its neighbours out, then the next; earlier ones win ties.
    var expected = [Bool](repeating: false, count: candidates.count)
    let order = candidates.indices.sorted {
      candidates[$0].height != candidates[$1].height
        ? candidates[$0].height > candidates[$1].height : $0 < $1
    }
    for index in order {
      let isFree = candidates.indices.allSatisfy {
        !expected[$0] || abs(candidates[$0].place - candidates[index].place) >= distance
      }
      if isFree { expected[index] = true }
    }
    let kept = SpikeClustering.dominant(
      candidates.map(\.height), at: candidates.map { Int32($0.place) }, distance: distance)
    #expect(kept == expected)
  }

  @Test func sortsPositiveNumbers() {
    var random = SeededGenerator(seed: 10)
    let values = (0..<5_000).map { _ in Float(random.uniform() * 1e3) } + [0, 1e-30, 1e30]
    #expect(SpikeClustering.ascending(values) == values.sorted())
  }

  @Test func silhouetteFallsWithNoise() throws {
    let values = try [Float(0.02), 0.1, 0.2].map { noise in
      let samples = source(noise: noise, places: places)
      return try #require(discharges(samples)).silhouette
    }
    #expect(values[0] > values[1] && values[1] > values[2])
  }

  @Test func scaleDoesNotMatter() throws {
    let samples = source(noise: 0.08, places: places)
    let loud = samples.map { $0 * 1_000 }
    let a = try #require(discharges(samples))
    let b = try #require(discharges(loud))
    #expect(a.samples == b.samples && abs(a.silhouette - b.silhouette) < 1e-4)
  }

  @Test func silenceHasNoDischarges() {
    let silence = [Float](repeating: 0, count: 1_000)
    #expect(discharges(silence) == nil)
  }

  @Test func dominantPeaksKeepTheirDistance() {
    var random = SeededGenerator(seed: 2)
    let noise = (0..<5_000).map { _ in Float(random.normal()) }
    let peaks = SpikeClustering.dominantPeaks(noise.span, distance: 25)
    #expect(zip(peaks.dropFirst(), peaks).allSatisfy { $0 - $1 >= 25 })
    // The highest sample of all is always a peak, and every peak dominates its cell.
    let highest = noise.indices.max { noise[$0] < noise[$1] }
    #expect(highest.map(peaks.contains) == true)
  }

  @Test func twoMeansSplitsAsTheDefinition() throws {
    let values: [Float] = [0.1, 0.2, 0.15, 0.3, 2, 2.2, 1.9, 0.25].sorted()
    let threshold = try #require(SpikeClustering.twoMeansThreshold(values))
    #expect(threshold > 0.3 && threshold < 1.9)
    #expect(SpikeClustering.twoMeansThreshold([1, 2, 3]) == nil)
  }

  @Test func subSamplePeaks() {
    // A parabola with its top at 10.3.
    let samples = (0..<21).map { Float(5 - (Double($0) - 10.3) * (Double($0) - 10.3)) }
    let refined = SpikeClustering.refined([10], in: samples.span)
    #expect(abs(refined[0] - 10.3) < 1e-5)
  }
}
