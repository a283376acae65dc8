import Foundation

/// What a CMAP scan lacks while it is being recorded.
///
/// Looks at what has been delivered so far: plateau of supramaximal stimuli, steps of the stimulus,
/// noise, returns to the supramaximal stimulus, and the silent end. Nothing is estimated.
public struct ScanProgress: Sendable, Equatable, Codable {
  /// One point of the protocol.
  public struct Item: Sendable, Equatable, Codable {
    /// What is looked at.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      case plateau, steps, noise, returns, end
    }
    /// Whether it is as it should be.
    public enum State: String, Sendable, Codable {
      /// As recommended.
      case done
      /// Still to come.
      case open
      /// Not as recommended, which recording on does not mend.
      case wrong
    }

    /// What is looked at.
    public var kind: Kind
    /// Whether it is as it should be.
    public var state: State
    /// The figures, and what to do.
    public var detail: String
  }

  /// The points of the protocol, in the order of a recording.
  public var items: [Item]
  /// Stimuli delivered so far.
  public var stimulusCount: Int
  /// Size of the last responses in percent of the CMAP; nil before there is a plateau.
  public var levelPercent: Double?

  /// Whether the scan can end now; returns to the supramaximal stimulus are recommended, not needed.
  public var isComplete: Bool {
    items.allSatisfy { $0.state == .done || ($0.kind == .returns && $0.state == .open) }
  }

  /// Fewest supramaximal stimuli at the start.
  public static let plateauStimuli = 20
  /// Largest step of the stimulus, as a share of it: 500 steps from a factor of 7.
  public static let largestStep = 0.004
  /// Fewest stimuli below all thresholds at the end: six tell the noise with an error of 40 %.
  public static let silentStimuli = 20
  /// Stimuli between two returns to the supramaximal one.
  public static let returnInterval = 100
  /// Largest noise, uV, for the accuracy that is stated for estimates.
  public static let largestNoiseMicrovolts = 10.0

  /// Looks at a scan; throws `UnitNumberError` where stimuli or responses are not usable.
  public init(_ scan: CMAPScan) throws {
    let (stimulus, response) = (scan.stimulusMilliamps, scan.responseMillivolts)
    stimulusCount = stimulus.count
    items = []
    levelPercent = nil
    guard stimulus.count == response.count, stimulus.allSatisfy({ $0 > 0 && $0.isFinite }),
      response.allSatisfy(\.isFinite)
    else {
      throw UnitNumberError(
        .unusableData, source: scan.name, found: "stimuli or responses that are no numbers",
        expected: "a stimulus above 0 mA and a response for each")
    }
    guard stimulus.count >= 8 else {
      items = Item.Kind.allCases.map {
        Item(kind: $0, state: .open, detail: "\(stimulus.count) stimuli so far")
      }
      return
    }
    let first = OrderStatistics.median(stimulus.prefix(8))
    let cmap = OrderStatistics.median(response.prefix(min(20, response.count)))
    let begun = stimulus.firstIndex { $0 < 0.998 * first } ?? stimulus.count
    let pre =
      begun >= 8
      ? begun
      : max(
        6, scan.preScanCount ?? PreparedScan.detectPreScan(stimulus: stimulus, response: response))
    let returns = (begun..<stimulus.count).filter { place in
      stimulus[place] >= 0.99 * first && place > 0 && stimulus[place - 1] < 0.97 * first
    }
    let falling = (pre..<stimulus.count).filter { stimulus[$0] < 0.99 * first }
    let level =
      falling.isEmpty ? cmap : OrderStatistics.median(falling.suffix(9).map { response[$0] })
    levelPercent = cmap > 0 ? (1000 * level / cmap).rounded() / 10 : nil
    items = [
      Self.plateau(response[..<min(pre, response.count)], cmap: cmap),
      Self.steps(falling.map { stimulus[$0] }, isRunning: level > 0.02 * cmap),
      Self.noise(response, pre: pre, falling: falling, cmap: cmap),
      Self.returns(returns.count, falling: falling.count, response, places: returns, cmap: cmap),
      Self.end(falling.map { response[$0] }, cmap: cmap, level: levelPercent),
    ]
  }

  private static func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10) %" }

  private static func plateau(_ run: ArraySlice<Double>, cmap: Double) -> Item {
    let values = Array(run)
    let third = max(2, values.count / 3)
    let fall =
      cmap > 0
      ? (OrderStatistics.median(values.prefix(third)) - OrderStatistics.median(values.suffix(third)))
        / cmap : 0
    let noise = cmap > 0 ? PreparedScan.differenceNoise(run) / cmap : 0
    let limit = max(0.02, 3 * noise)
    if abs(fall) > limit {
      return Item(
        kind: .plateau, state: .wrong,
        detail:
          "the response \(fall > 0 ? "falls" : "rises") by \(percent(abs(fall))) at the start: "
          + "wait until it is stable, or start with a stronger stimulus")
    }
    if noise > 0.012 {
      return Item(
        kind: .plateau, state: .wrong,
        detail: "responses at the start vary by \(percent(noise)), more than a plateau does: start "
          + "with a stronger stimulus")
    }
    let missing = plateauStimuli - values.count
    return Item(
      kind: .plateau, state: missing > 0 ? .open : .done,
      detail: "\(values.count) supramaximal stimuli"
        + (missing > 0 ? ", \(missing) more at the same strength are recommended" : ""))
  }

  private static func steps(_ stimulus: [Double], isRunning: Bool) -> Item {
    let steps = zip(stimulus, stimulus.dropFirst()).compactMap { $0 > $1 ? log($0 / $1) : nil }
    guard steps.count >= 4 else {
      return Item(kind: .steps, state: .open, detail: "the stimulus has not begun to fall")
    }
    let step = OrderStatistics.median(steps)
    let text = "\(stimulus.count) falling stimuli in steps of \((10_000 * step).rounded() / 100) %"
    if step > largestStep {
      return Item(
        kind: .steps, state: .wrong,
        detail: text + ": take \((10_000 * largestStep).rounded() / 100) % or less for 400 to 500")
    }
    let enough = stimulus.count >= 200
    return Item(
      kind: .steps, state: isRunning || !enough ? .open : .done,
      detail: text + (enough ? "" : ", 200 or more are needed"))
  }

  private static func noise(
    _ response: [Double], pre: Int, falling: [Int], cmap: Double
  ) -> Item {
    let silent = falling.reversed().prefix { abs(response[$0]) < 0.02 * abs(cmap) }
    guard silent.count >= 6 else {
      return Item(
        kind: .noise, state: .open, detail: "known once the weakest stimuli give no response")
    }
    let microvolts =
      1000 * PreparedScan.differenceNoise(ArraySlice(silent.reversed().map { response[$0] }))
    let text = "noise of \((10 * microvolts).rounded() / 10) uV"
    return microvolts > largestNoiseMicrovolts
      ? Item(
        kind: .noise, state: .wrong,
        detail: text + ", \(largestNoiseMicrovolts) uV or less is recommended: check electrodes, "
          + "earth and that the muscle is at rest")
      : Item(kind: .noise, state: .done, detail: text)
  }

  private static func returns(
    _ count: Int, falling: Int, _ response: [Double], places: [Int], cmap: Double
  ) -> Item {
    let due = falling / returnInterval
    let text = "\(count) returns to the supramaximal stimulus"
    if let last = places.last, cmap > 0, abs(response[last] / cmap - 1) > 0.1 {
      return Item(
        kind: .returns, state: .wrong,
        detail: text
          + ", the last one at \(percent(response[last] / cmap)) of the CMAP: the gain has "
          + "changed, check the electrodes")
    }
    return Item(
      kind: .returns, state: count >= due && due > 0 ? .done : .open,
      detail: text
        + (count < due
          ? "; one after every \(returnInterval) stimuli tells a change of the gain" : ""))
  }

  private static func end(_ response: [Double], cmap: Double, level: Double?) -> Item {
    let silent = response.reversed().prefix { abs($0) < 0.02 * abs(cmap) }.count
    if silent >= silentStimuli {
      return Item(kind: .end, state: .done, detail: "\(silent) stimuli without a response")
    }
    return Item(
      kind: .end, state: .open,
      detail: silent > 0
        ? "\(silent) stimuli without a response, \(silentStimuli - silent) more are recommended"
        : "responses are at \(level.map { "\($0) %" } ?? "an unknown share") of the CMAP: go on until "
          + "there are none")
  }
}
