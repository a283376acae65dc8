import Foundation
import Signal
import Simulation
import UnitNumber

/// What recordings and nerves do to a scan that the training does not hold.
enum ScanCondition: String, CaseIterable, Sendable {
  case ordinary
  case drifting = "gain ±5 %, thresholds ±2 %"
  case missed1 = "1 % of stimuli missed"
  case missed3 = "3 % of stimuli missed"
  case repeated = "5 % of points written twice"
  case rounded01 = "stimuli rounded to 0.1 mA"
  case rounded02 = "stimuli rounded to 0.2 mA"
  case falling20 = "CMAP falls by 20 %"
  case falling40 = "CMAP falls by 40 %"
  case topCut = "top cut at 95 %"
  case spikes = "1 % spikes of ±20 %"
  case converter = "responses in steps of 10 uV"
  case hum = "hum of 10 uV, slow beat"
  case movedUp = "gain +20 % at once"
  case movedDown = "gain -20 % at once"
  case giants3 = "three giants of 40 times"
  case giants15 = "15 % giants of 8 times"

  /// A nerve with enlarged units where the condition has them.
  func enlarge(_ nerve: inout SimulatedNerve, _ random: inout SeededGenerator) {
    let count = nerve.axons.count
    let chosen: [Int]
    let factor: Double
    switch self {
    case .giants3:
      chosen = Array((0..<count).shuffled(using: &random).prefix(3))
      factor = 40
    case .giants15:
      chosen = (0..<count).filter { _ in random.uniform() < 0.15 }
      factor = 8
    default: return
    }
    for index in chosen { nerve.axons[index].amplitudeMicrovolts *= factor }
  }

  /// Disturbs a scan.
  ///
  /// `preCount` leading points are supramaximal. What the scan states of its parts is left out, as
  /// in tables of text.
  func disturb(_ scan: inout CMAPScan, preCount: Int, _ random: inout SeededGenerator) {
    let count = scan.responseMillivolts.count
    let top = scan.responseMillivolts[..<preCount].reduce(0, +) / Double(preCount)
    (scan.preScanCount, scan.postScanCount) = (nil, nil)
    switch self {
    case .ordinary, .drifting, .giants3, .giants15: return
    case .missed1, .missed3:
      let share = self == .missed1 ? 0.01 : 0.03
      for index in 0..<count where random.uniform() < share {
        scan.responseMillivolts[index] = 0.005 * random.normal()
      }
    case .repeated:
      for index in (0..<count).reversed() where random.uniform() < 0.05 {
        scan.stimulusMilliamps.insert(scan.stimulusMilliamps[index], at: index)
        scan.responseMillivolts.insert(scan.responseMillivolts[index], at: index)
      }
    case .rounded01, .rounded02:
      let step = self == .rounded01 ? 0.1 : 0.2
      scan.stimulusMilliamps = scan.stimulusMilliamps.map { ($0 / step).rounded() * step }
    case .falling20, .falling40:
      let fall = self == .falling20 ? 0.2 : 0.4
      multiply(&scan) { 1 - fall * Double($0) / Double(count - 1) }
    case .topCut:
      let start = (preCount..<count - 9).first { index in
        scan.responseMillivolts[index..<index + 9].reduce(0, +) / 9 < 0.95 * top
      }
      scan.stimulusMilliamps.removeFirst(start ?? preCount)
      scan.responseMillivolts.removeFirst(start ?? preCount)
    case .spikes:
      for index in 0..<count where random.uniform() < 0.01 {
        scan.responseMillivolts[index] += (random.uniform() < 0.5 ? 0.2 : -0.2) * top
      }
    case .converter:
      scan.responseMillivolts = scan.responseMillivolts.map { ($0 / 0.01).rounded() * 0.01 }
    case .hum:
      let frequency = random.uniform(0.01, 0.06)
      let phase = random.uniform(0, 2 * Double.pi)
      for index in 0..<count {
        scan.responseMillivolts[index] +=
          0.01 * sin(2 * Double.pi * frequency * Double(index) + phase)
      }
    case .movedUp, .movedDown:
      let at = preCount + 50 + random.index(below: count - preCount - 200)
      let gain = self == .movedUp ? 1.2 : 0.8
      multiply(&scan) { $0 < at ? 1 : gain }
    }
  }

  private func multiply(_ scan: inout CMAPScan, _ gain: (Int) -> Double) {
    for index in scan.responseMillivolts.indices { scan.responseMillivolts[index] *= gain(index) }
  }
}
