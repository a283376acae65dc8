import Signal

/// Finds the discharges of known units in a signal as it arrives.
///
/// Two passes of a bank of filters over all units at once, each carrying the last filter length of
/// samples from block to block (overlap-save): the discharges that stand out after the first pass
/// are subtracted from the signal with the units' potentials, the second pass sees the remainder
/// plus each unit's own potentials, as in the re-estimation of a whole recording. The result does
/// not depend on how the signal is cut into blocks, unless filters are updated.
public struct StreamingDecomposer: Sendable {
  /// How the decomposer follows a changing signal.
  public struct Configuration: Sendable, Equatable, Codable {
    /// Weight of each new peak in the class heights that set the thresholds; 0 keeps the model's.
    public var heightRate = 0.02
    /// Lowest agreement with its train in the model's own recording of a unit that is followed:
    /// what only a whole recording can separate is not found as the signal arrives.
    public var lowestAgreement = 0.5
    /// Whether potentials, covariance and filters follow the signal.
    public var updatesFilters = false
    /// Weight of each discharge in its unit's potential.
    public var templateRate = 0.008
    /// Time constant of the covariance in seconds.
    public var covarianceTime = 40.0
    /// Seconds between two updates of the filters.
    public var updateInterval = 2.0
    /// Weight of a discharge over that whose potential was subtracted: among the potentials of all
    /// other units one discharge tells far less.
    public var unsubtractedWeight = 0.25
    /// Seconds after the last discharge from which the signal is a rest and no covariance is taken.
    public var restAfter = 1.0

    /// Thresholds that follow, fixed filters.
    public init() {}

    /// Reads stored settings; what is not there takes its default.
    ///
    /// - Throws: `DecodingError` where a value has another type.
    public init(from decoder: any Decoder) throws {
      self.init()
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      try read(&heightRate, .heightRate)
      try read(&lowestAgreement, .lowestAgreement)
      try read(&updatesFilters, .updatesFilters)
      try read(&templateRate, .templateRate)
      try read(&covarianceTime, .covarianceTime)
      try read(&updateInterval, .updateInterval)
      try read(&unsubtractedWeight, .unsubtractedWeight)
      try read(&restAfter, .restAfter)
    }
  }

  /// The longest stretch handled at once, in samples after rate reduction.
  static let chunk = 256

  /// The settings.
  public let configuration: Configuration
  /// Samples (at the recording's rate) after which a discharge is reported at the latest, the
  /// block it lies in not counted.
  public var latencySamples: Int {
    conditioning.delay
      + Int(
        (Double(hold + longestDelay + distance + 2) * conditioning.conversion.ratio).rounded(.up))
  }
  /// The same in seconds.
  public var latency: Double { Double(latencySamples) / samplingRate }
  /// Numbers of the units, in the order of results.
  public let unitIDs: [Int]

  let samplingRate: Double
  let channels: [Int]
  let taps: Int
  let distance: Int
  let scale: Float
  var bank: StreamingBank
  var conditioning: CausalConditioning
  var signal: SlidingSignal
  var remainder: SlidingSignal
  private var first: SlidingSources
  private var second: SlidingSources
  private var firstPeaks: [PeakFollower]
  private var secondPeaks: [PeakFollower]
  private var outputs: [Float]
  var update: StreamingUpdate?
  /// Samples by which the second pass runs behind the first.
  private let hold: Int
  private let ahead: Int
  /// The longest of the filters' delays.
  private let longestDelay: Int
  private var secondEnd = 0

  /// A decomposer that starts at the first sample of a signal.
  public init(_ model: SeparationModel, configuration: Configuration = Configuration()) {
    let units = model.units.filter {
      $0.streaming.trainingAgreement >= configuration.lowestAgreement
    }
    self.init(
      units: units.map(\.streaming), ids: units.map(\.id), model: model.configuration,
      samplingRate: model.setUp.samplingRate, filterRate: model.filterRate,
      channels: model.channels, notches: model.notches, scale: model.scaleMicrovolts,
      ridges: model.ridges, correlations: model.correlations, configuration: configuration)
  }

  init(
    units: [StreamingUnit], ids: [Int], model: ArrayConfiguration, samplingRate: Double,
    filterRate: Double, channels: [Int], notches: [Double], scale: Float,
    ridges: [Float], correlations: [[Float]], configuration: Configuration
  ) {
    self.configuration = configuration
    self.samplingRate = samplingRate
    self.channels = channels
    self.scale = scale
    unitIDs = ids
    let m = channels.count
    bank = StreamingBank(units: units, channelCount: m)
    taps = bank.taps
    distance = max(1, Int((model.refractoryTime * filterRate).rounded(.down)))
    conditioning = CausalConditioning(
      configuration: model, samplingRate: samplingRate, notches: notches, channels: m)
    // A discharge is subtracted once its peak is certain; its potential starts this much earlier.
    longestDelay = (units.map(\.delay).max() ?? 0) + StreamingUnit.longestPeakShift + 1
    let reach = bank.reachBefore + longestDelay
    hold = distance + 2 + reach
    ahead = bank.responseLength + bank.reachBefore + hold
    let history = hold + 2 * distance + bank.renderedLength + taps + 8
    signal = SlidingSignal(channelCount: m, history: history, block: Self.chunk)
    remainder = signal
    let past = history + Self.chunk
    first = SlidingSources(count: units.count, history: past, ahead: Self.chunk)
    second = SlidingSources(count: units.count, history: past, ahead: Self.chunk + ahead)
    firstPeaks = [PeakFollower](repeating: PeakFollower(distance: distance), count: units.count)
    secondPeaks = firstPeaks
    outputs = [Float](repeating: 0, count: (Self.chunk + hold) * units.count)
    if configuration.updatesFilters {
      update = StreamingUpdate(
        bank: bank, rate: filterRate, ridges: ridges, correlations: correlations,
        configuration: configuration)
    }
  }

  /// Takes the next block and returns the discharges that have become certain, for each unit.
  ///
  /// - Parameter block: all EMG channels of the recording x samples of any number, in microvolts.
  /// - Returns: for each unit of `unitIDs` positions in samples of the recording, ascending.
  public mutating func process(_ block: [[Float]]) -> [[Double]] {
    var result = [[Double]](repeating: [], count: unitIDs.count)
    let samples = block.first?.count ?? 0
    precondition(block.allSatisfy { $0.count == samples }, "channels differ in length")
    precondition(channels.allSatisfy { $0 < block.count }, "a channel of the model is missing")
    let step = Self.chunk * conditioning.conversion.down / conditioning.conversion.up
    for start in stride(from: 0, to: samples, by: step) {
      let range = start..<min(start + step, samples)
      advance(timeMajor(block, range), into: &result)
    }
    return result
  }

  /// The discharges that only the end of the signal makes certain.
  public mutating func finish() -> [[Double]] {
    let silence = [Float](
      repeating: 0, count: latencySamples + 2 * conditioning.conversion.down)
    let count = (channels.max() ?? -1) + 1
    let last = Double(conditioning.taken)
    let rest = process([[Float]](repeating: silence, count: count))
    return rest.map { $0.filter { $0 < last } }
  }

  private func timeMajor(_ block: [[Float]], _ range: Range<Int>) -> [Float] {
    let m = channels.count
    let factor = 1 / scale
    var values = [Float](repeating: 0, count: range.count * m)
    for (place, channel) in channels.enumerated() {
      let source = block[channel]
      var index = place
      for sample in range {
        // A value that is not a number would stay in the filters for ever.
        let value = source[sample]
        values[index] = value.isFinite ? value * factor : 0
        index += m
      }
    }
    return values
  }

  private mutating func advance(_ raw: [Float], into result: inout [[Double]]) {
    let block = conditioning.condition(raw)
    if block.isEmpty || bank.units.isEmpty { return }
    signal.append(block)
    remainder.append(block)
    let from = first.end
    filter(from..<signal.end, isFirst: true)
    for unit in bank.units.indices { subtract(unit) }
    let certain = signal.end - hold
    if certain > secondEnd {
      filter(secondEnd..<certain, isFirst: false)
      secondEnd = certain
      for unit in bank.units.indices { report(unit, into: &result) }
      update?.observe(remainder, to: certain)
    }
    if from / Self.chunk != signal.end / Self.chunk { refreshFilters() }
  }

  private mutating func filter(_ places: Range<Int>, isFirst: Bool) {
    let units = bank.units.count
    let columns = places.count
    if outputs.count < columns * units {
      outputs = [Float](repeating: 0, count: columns * units)
    }
    if isFirst {
      signal.filter(places, bank: bank.firstFilters, taps: taps, into: &outputs)
      first.advance(to: places.upperBound, keepingAhead: 0)
      first.add(outputs, columns: columns, at: places.lowerBound)
      update?.correlate(signal, places, remainder: false)
    } else {
      remainder.filter(places, bank: bank.secondFilters, taps: taps, into: &outputs)
      second.advance(to: places.upperBound, keepingAhead: ahead + Self.chunk)
      second.add(outputs, columns: columns, at: places.lowerBound)
      update?.correlate(remainder, places, remainder: true)
    }
  }

  /// Subtracts the discharges of the first pass that have become certain.
  private mutating func subtract(_ unit: Int) {
    let (start, end) = (first.start, first.end)
    var follower = firstPeaks[unit]
    let peaks = first.withSource(unit) { follower.peaks(in: $0, start: start, end: end) }
    firstPeaks[unit] = follower
    for peak in peaks {
      let isDischarge = bank.classify(
        peak, unit: unit, isFirst: true, rate: Float(configuration.heightRate))
      if !isDischarge || !bank.units[unit].isSubtracted { continue }
      let time = peak.refined - bank.firstDelays[unit]
      let train = PhasedTrain([time])
      update?.add(subtracted: time, unit: unit)
      let place = train.samples[0] - bank.reachBefore
      let phase = train.phases[0]
      remainder.add(
        bank.rendered[unit], from: phase * bank.renderedLength, length: bank.renderedLength,
        scale: -1, at: place)
      second.add(
        bank.responses[unit], from: phase * bank.responseLength, length: bank.responseLength,
        to: unit, at: place)
    }
  }

  private mutating func report(_ unit: Int, into result: inout [[Double]]) {
    let (start, end) = (second.start, second.end)
    var follower = secondPeaks[unit]
    let peaks = second.withSource(unit) { follower.peaks(in: $0, start: start, end: end) }
    secondPeaks[unit] = follower
    for peak in peaks {
      let isDischarge = bank.classify(
        peak, unit: unit, isFirst: false, rate: Float(configuration.heightRate))
      if !isDischarge { continue }
      let time = peak.refined - bank.secondDelays[unit]
      if time >= 0 { result[unit].append(time * conditioning.conversion.ratio) }
      update?.add(discharge: time, unit: unit)
    }
  }

  private mutating func refreshFilters() {
    guard var following = update, following.isDue(at: secondEnd) else { return }
    following.refresh(&bank)
    update = following
  }
}
