import Testing

@testable import Decomposition

@Suite struct PieceJoiningTests {
  private let joining = PieceJoining(
    tolerance: 1, longestLag: 50, refractory: 20, channelCount: 2, settings: .init())

  /// A potential of 40 samples on two electrodes; `shape` is its share on the second one.
  private func template(_ shape: Float, shift: Int = 0) -> [Float] {
    var values = [Float](repeating: 0, count: 80)
    for sample in 0..<12 {
      let value = Float(sample < 6 ? sample : sample - 11)
      values[(14 + shift + sample) * 2] = value * (1 - shape)
      values[(14 + shift + sample) * 2 + 1] = value * shape
    }
    return values
  }

  /// Every 100 samples, a little irregular.
  private func train(_ range: Range<Int>, phase: Double = 0) -> [Double] {
    range.map { Double($0) * 100 + phase + Double($0 * 37 % 11) - 5 }
  }

  @Test func oneThatSetsInAsTheOtherEndsIsTheSameUnit() {
    let pieces = [
      PieceJoining.Piece(times: train(0..<30), template: template(0.3)),
      PieceJoining.Piece(times: train(30..<80), template: template(0.5)),
    ]
    let joins = joining.joins(pieces)
    #expect(joins == [PieceJoining.Join(first: 1, second: 0, lag: 0)])
    #expect(joining.union(pieces[1].times, pieces[0].times, lag: 0) == train(0..<80))
  }

  @Test func theLagOfTheSecondIsTakenOut() {
    // The potential comes three samples later after discharges that are three samples earlier.
    let pieces = [
      PieceJoining.Piece(times: train(0..<50), template: template(0.4)),
      PieceJoining.Piece(times: train(50..<90, phase: -3), template: template(0.4, shift: 3)),
    ]
    let joins = joining.joins(pieces)
    #expect(joins == [PieceJoining.Join(first: 0, second: 1, lag: -3)])
    #expect(joining.union(pieces[0].times, pieces[1].times, lag: -3) == train(0..<90))
  }

  @Test func discriminatesByShapeRhythmAndTime() {
    let first = PieceJoining.Piece(times: train(0..<30), template: template(0))
    // Another potential.
    #expect(
      joining.joins([first, .init(times: train(30..<60), template: template(1))]).isEmpty)
    // Both fire together, each in a rhythm of its own.
    let other = (0..<30).map { Double($0) * 103 + 43 }
    #expect(joining.joins([first, .init(times: other, template: template(0))]).isEmpty)
    // A pause between them, or another rate: the rhythm says nothing, shapes have to say more.
    let faster = (0..<60).map { 3_000 + Double($0) * 50 }
    for times in [train(40..<70), faster] {
      #expect(joining.joins([first, .init(times: times, template: template(0.45))]).isEmpty)
      #expect(joining.joins([first, .init(times: times, template: template(0.1))]).count == 1)
    }
    #expect(
      joining.joins([first, .init(times: train(30..<60), template: template(0.45))]).count == 1)
  }

  @Test func theEndsThatMeetAreCompared() {
    let first = PieceJoining.Piece(
      times: train(0..<30), early: template(0), late: template(0.5))
    let second = PieceJoining.Piece(
      times: train(30..<60), early: template(0.5), late: template(1))
    #expect(joining.joins([first, second]).count == 1)
    let turned = PieceJoining.Piece(times: second.times, early: second.late, late: second.early)
    let opposite = PieceJoining.Piece(times: first.times, early: first.late, late: first.early)
    #expect(joining.joins([opposite, turned]).isEmpty)
  }

  @Test func aCommonStretchInStepDecidesAlone() {
    let pieces = [
      PieceJoining.Piece(times: train(0..<50), template: template(0)),
      PieceJoining.Piece(times: train(35..<90, phase: 12), template: template(1)),
    ]
    let joins = joining.joins(pieces)
    #expect(joins.map(\.first) == [1])
    #expect(joins.map(\.lag) == [-12])
    let union = joining.union(pieces[1].times, pieces[0].times, lag: -12)
    #expect(union == train(0..<90, phase: 12))
  }

  @Test func aFewStrayDischargesDoNotKeepPiecesApart() {
    // The second piece has one discharge of the first's time, which the first lacks.
    var early = train(0..<60)
    let stray = early.remove(at: 20)
    let pieces = [
      PieceJoining.Piece(times: early, template: template(0.4)),
      PieceJoining.Piece(times: [stray] + train(60..<120), template: template(0.5)),
    ]
    #expect(joining.joins(pieces).count == 1)
  }

  @Test func twoThatTakeTurnsInOneRhythmAreOneUnit() {
    // Every discharge is in either, at random; the second lags by three samples.
    let all = train(0..<60)
    let isInFirst = (0..<60).map { ($0 * $0 * 7 + $0 / 3) % 5 < 3 }
    let first = all.indices.filter { isInFirst[$0] }.map { all[$0] }
    let second = all.indices.filter { !isInFirst[$0] }.map { all[$0] - 3 }
    let pieces = [
      PieceJoining.Piece(times: first, template: template(0.4)),
      PieceJoining.Piece(times: second, template: template(0.42, shift: 3)),
    ]
    let joins = joining.joins(pieces)
    #expect(joins == [PieceJoining.Join(first: 0, second: 1, lag: -3)])
    #expect(joining.union(first, second, lag: -3) == all)
    // Of another shape they are two.
    let other = PieceJoining.Piece(times: second, template: template(1, shift: 3))
    #expect(joining.joins([pieces[0], other]).isEmpty)
    // So are those that know nothing of each other, and regular ones in opposite phase.
    let own = (0..<28).map { (index: Int) -> Double in
      let jitter: Int = index * 53 % 90
      return Double(211 * index + jitter)
    }
    #expect(joining.joins([pieces[0], .init(times: own, template: template(0.4))]).isEmpty)
    let opposite = (0..<60).map { (index: Int) -> Double in
      let jitter: Int = index * 53 % 13 - 6
      return Double(100 * index + 50 + jitter)
    }
    let regular = PieceJoining.Piece(times: opposite, template: template(0.4))
    #expect(
      joining.joins([.init(times: all, template: template(0.4)), regular]).isEmpty)
  }
}
