import Foundation
import Signal
import Testing

@testable import Simulation

@Suite struct ElectrodeLayoutTests {
  @Test func gridsAreCentredAndMissingPlacesAreLeftOut() {
    var layout = ElectrodeLayout.grid(rows: 3, columns: 2, spacing: 10)
    layout.missing = [1, 1, 99]
    let electrodes = layout.electrodes
    #expect(electrodes.count == 5)
    #expect(layout.channelCount == 5)
    #expect(electrodes[0].x == -10 && electrodes[0].y == -5)
    #expect(electrodes[1].row == 1 && electrodes[1].column == 0)
  }

  @Test func shiftAndRotationKeepDistances() {
    var random = SeededGenerator(seed: 4)
    let before = ElectrodeLayout.grid(rows: 4, columns: 4, spacing: 8)
    let after = before.remounted(shiftSD: 2, rotationSD: 5, using: &random)
    #expect(after != before)
    let a = before.electrodes
    let b = after.electrodes
    for (i, j) in [(0, 5), (2, 15), (3, 12)] {
      let first = hypot(a[i].x - a[j].x, a[i].y - a[j].y)
      let second = hypot(b[i].x - b[j].x, b[i].y - b[j].y)
      #expect(abs(first - second) < 1e-9)
    }
  }

  @Test func remountingErrorsHaveTheirSize() {
    var random = SeededGenerator(seed: 6)
    let layout = ElectrodeLayout()
    let shifts = (0..<2000).map { _ in
      layout.remounted(shiftSD: 2, rotationSD: 1, using: &random).shiftAlong
    }
    let variance = shifts.reduce(0) { $0 + $1 * $1 } / 2000
    #expect(abs(variance.squareRoot() - 2) < 0.15)
  }

  @Test func intramuscularArraysGoDeeper() {
    let electrodes = ElectrodeLayout.intramuscular(count: 16, spacing: 1).electrodes
    #expect(electrodes.count == 16)
    #expect(electrodes[0].z == 3)
    #expect(abs(electrodes[15].z - (3 + 7.5)) < 1e-9)
  }
}
