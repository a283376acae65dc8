import RealModule

/// Band-limited impulses at fractional positions: a windowed sinc on a grid of sub-sample phases.
///
/// Spike times fall between samples; potentials fitted at whole samples leave a residue that later
/// searches take for units. A discharge at position n + q / phaseCount is the impulse
/// kappa_q(t - n), 16 taps long. Source: Laakso et al. 1996, IEEE Signal Process. Mag. 13(1).
struct ImpulseKernel: Sendable {
  /// Sub-sample positions distinguished; a 32nd of a sample leaves less than 1 % of error at a
  /// quarter of the sampling rate.
  static let phaseCount = 16
  /// Taps of one impulse.
  static let tapCount = 16
  /// The tap at which phase 0 has its peak.
  static let centre = 7

  /// `[phase][tap]`.
  let taps: [Float]
  /// Inner products `[phase a][phase b][shift + 15]` of kappa_a(t) and kappa_b(t - shift).
  let products: [Float]

  /// The same with shifts from +15 down to -15.
  let descendingProducts: [Float]

  /// The one table.
  static let shared = ImpulseKernel()

  private init() {
    let phases = Self.phaseCount
    let count = Self.tapCount
    var taps = [Float](repeating: 0, count: phases * count)
    for phase in 0..<phases {
      for tap in 0..<count {
        let x = Double(tap - Self.centre) - Double(phase) / Double(phases)
        let sinc = x == 0 ? 1 : Double.sin(.pi * x) / (.pi * x)
        let window = Double.cos(.pi * x / Double(count + 2))
        taps[phase * count + tap] = Float(sinc * window * window)
      }
    }
    var products = [Float](repeating: 0, count: phases * phases * (2 * count - 1))
    for a in 0..<phases {
      for b in 0..<phases {
        for shift in (1 - count)...(count - 1) {
          var sum: Float = 0
          for tap in max(0, shift)..<min(count, count + shift) {
            sum += taps[a * count + tap] * taps[b * count + tap - shift]
          }
          products[(a * phases + b) * (2 * count - 1) + shift + count - 1] = sum
        }
      }
    }
    self.taps = taps
    self.products = products
    let span = 2 * count - 1
    descendingProducts = products.indices.map {
      products[$0 / span * span + span - 1 - $0 % span]
    }
  }

  /// Where the descending products of two phases begin.
  func descendingOffset(_ a: Int, _ b: Int) -> Int {
    (a * Self.phaseCount + b) * (2 * Self.tapCount - 1)
  }

  /// The inner product of impulses of two phases, the second `shift` samples later.
  func product(_ a: Int, _ b: Int, shift: Int) -> Float {
    let reach = Self.tapCount - 1
    if shift < -reach || shift > reach { return 0 }
    return products[(a * Self.phaseCount + b) * (2 * reach + 1) + shift + reach]
  }
}

/// A spike train on the grid of sub-sample phases: whole samples with the phase of each.
struct PhasedTrain: Sendable {
  /// Whole sample at or before each discharge, ascending.
  let samples: [Int]
  /// Sub-sample phase of each discharge, 0 ..< ImpulseKernel.phaseCount.
  let phases: [Int]

  /// Rounds positions in samples to the grid.
  init(_ times: [Double]) {
    let count = ImpulseKernel.phaseCount
    let steps = times.map { Int(($0 * Double(count)).rounded()) }
    samples = steps.map { Int((Double($0) / Double(count)).rounded(.down)) }
    phases = steps.map { (($0 % count) + count) % count }
  }

  /// Number of discharges.
  var count: Int { samples.count }
}
