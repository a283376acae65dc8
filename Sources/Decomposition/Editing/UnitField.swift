import Signal

/// A stretch of a recording with known trains, from which the source of each unit is computed anew when its
/// train is edited: of an array by separation filters, of a needle by matched filters.
public protocol UnitField: Sendable {
  /// Rate of the sources in Hz.
  var rate: Double { get }
  /// Samples of the recording for each value of a source.
  var ratio: Double { get }
  /// The channels that were left out, with reasons.
  var rejectedChannels: [RejectedChannel] { get }

  /// The potential of a unit, by its place among the trains given at the start, in microvolts.
  func template(of unit: Int) -> MUAPTemplate

  /// The source of a unit, its filter made from some of its discharges.
  ///
  /// - Parameters:
  ///   - components: trains given at the start whose potentials are the unit's own; a merged unit
  ///     has several.
  ///   - discharges: samples of the recording, ascending.
  /// - Returns: nil where none of the discharges lies in the stretch or the filter comes to nothing.
  func source(components: [Int], discharges: [Double]) -> UnitSource?

  /// How much the single potentials of a unit vary about their mean, by channel and sample, in
  /// microvolts: the standard deviation over its discharges after the other units are taken away.
  ///
  /// - Returns: as `template(of:)`; nil where fewer than two discharges lie in the stretch.
  func spread(components: [Int], discharges: [Double]) -> MUAPTemplate?
}

/// A train found anew within a view, as a proposal.
public struct UnitReestimate: Sendable {
  /// The source of the new filter over the whole stretch.
  public var source: UnitSource
  /// Discharges that the new source shows and the train lacks, in samples of the recording.
  public var added: [Double]
  /// Discharges of the train that the new source does not show.
  public var removed: [Double]
  /// Discharges that the filter was made from.
  public var basis: [Double]
}

extension UnitField {
  /// Makes the filter from the discharges within a view and reads the train anew from its source.
  ///
  /// Discharges within 0.1 s of the edges stay as they are. Peaks 5 ms apart are split in two
  /// classes by height, the higher one kept; heights above mean + 3 SD are no discharges. A
  /// discharge that is found again keeps its time.
  ///
  /// - `avoiding`: ranges in samples of the recording that hold artefacts.
  /// - Returns: nil with fewer than five discharges in the view, or without two classes of peaks.
  public func reestimate(
    components: [Int], train: [Double], in view: Range<Double>, avoiding: [Range<Double>] = []
  ) -> UnitReestimate? {
    func isClean(_ time: Double) -> Bool { !avoiding.contains { $0.contains(time) } }
    let basis = train.filter { view.contains($0) && isClean($0) }
    guard basis.count >= 5, let source = source(components: components, discharges: basis) else {
      return nil
    }
    let samplingRate = rate * ratio
    let edge = 0.1 * samplingRate
    guard view.upperBound - view.lowerBound > 2 * edge else { return nil }
    let inner = (view.lowerBound + edge)..<(view.upperBound - edge)
    let peaks = source.peaks(in: view, above: 0).filter { isClean($0.time) }
    if peaks.count < 2 * SpikeClustering.fewestMembers { return nil }
    let squares = SpikeClustering.ascending(peaks.map { Float($0.height * $0.height) })
    let top = squares.suffix(5).reduce(0, +) / 5
    guard let threshold = SpikeClustering.twoMeansThreshold(squares.map { min($0, top) }) else {
      return nil
    }
    let high = peaks.filter { Float($0.height * $0.height) >= threshold }
    let mean = high.reduce(0) { $0 + $1.height } / Double(max(1, high.count))
    let variance =
      high.reduce(0) { $0 + ($1.height - mean) * ($1.height - mean) } / Double(max(1, high.count))
    let ceiling = mean + 3 * variance.squareRoot()
    let found = high.filter { $0.height <= ceiling && inner.contains($0.time) }.map(\.time)
    let current = train.filter { inner.contains($0) }
    let tolerance = 0.002 * samplingRate
    let near = UnitSource.peakDistance * samplingRate
    let removed = current.filter { !UnitSource.isNear($0, found, within: tolerance) }
    let gone = Set(removed)
    let kept = train.filter { !gone.contains($0) }
    let added = found.filter { !UnitSource.isNear($0, kept, within: near) }
    return UnitReestimate(source: source, added: added, removed: removed, basis: basis)
  }
  /// Carries a re-estimated filter from a view over the whole stretch.
  ///
  /// Windows of the view's length overlap by half, first forwards to the end, then backwards to the
  /// start, each with the train that the ones before left. A window in which the unit pauses, or whose peaks fall into no two
  /// classes, is passed over.
  ///
  /// - Returns: the changes of all windows, with a filter made from the whole new train; nil where no
  ///   window could be re-estimated.
  public func extend(
    components: [Int], train: [Double], from view: Range<Double>, avoiding: [Range<Double>] = [],
    over stretch: Range<Double>
  ) -> UnitReestimate? {
    let length = view.upperBound - view.lowerBound
    guard length > 0.4 * rate * ratio else { return nil }
    let step = length / 2
    let last = max(stretch.lowerBound, stretch.upperBound - length)
    let later = Array(stride(from: view.lowerBound, to: last, by: step)) + [last]
    let earlier =
      Array(stride(from: view.lowerBound - step, to: stretch.lowerBound, by: -step))
      + [stretch.lowerBound]
    var current = train
    var isChanged = false
    for start in later + earlier {
      guard
        let found = reestimate(
          components: components, train: current, in: start..<(start + length), avoiding: avoiding)
      else { continue }
      isChanged = true
      let gone = Set(found.removed)
      current = (current.filter { !gone.contains($0) } + found.added).sorted()
    }
    let basis = current.filter { time in
      stretch.contains(time) && !avoiding.contains { $0.contains(time) }
    }
    guard isChanged, let source = source(components: components, discharges: basis) else {
      return nil
    }
    let before = Set(train)
    let after = Set(current)
    return UnitReestimate(
      source: source, added: current.filter { !before.contains($0) },
      removed: train.filter { !after.contains($0) }, basis: basis)
  }
}
