import Signal

/// Makes the filters for causal use from a stretch of a recording and its decomposition.
struct StreamingTraining {
  let units: [StreamingUnit]
  let scale: Float
  let tapCount: Int
  let ridges: [Float]
  /// Lagged correlations `[lag][c][d]` per sample of the signal and of the remainder.
  let correlations: [[Float]]

  /// - Parameters:
  ///   - samples: all channels x samples of the stretch, in microvolts.
  ///   - start: place of its first sample in the recording.
  init(
    decomposition: ArrayDecomposition, samples: [[Float]], start: Int, parallelism: Parallelism
  ) throws {
    let configuration = decomposition.configuration
    let channels = decomposition.channels
    let m = channels.count
    let rate = decomposition.filterRate
    let length = configuration.templateLength(rate: rate)
    let taps = configuration.tapCount(channelCount: m, rate: rate)
    tapCount = taps
    var conditioning = CausalConditioning(
      configuration: configuration, samplingRate: decomposition.samplingRate,
      notches: decomposition.notches, channels: m)
    let values = conditioning.condition(Self.timeMajor(samples, channels: channels))
    let count = values.count / m
    var signal = TimeMajorSignal(
      channels: (0..<m).map { channel in (0..<count).map { values[$0 * m + channel] } },
      padding: length + 64 + taps)
    let scale = Float(signal.meanSquare.squareRoot())
    if !(scale > 0) || !scale.isFinite {
      throw DecompositionError.noSignal("the analysed band is empty")
    }
    signal.scale(by: 1 / scale)
    let factor = conditioning.conversion.ratio
    let trains = decomposition.units.map { unit in
      unit.train.times.map { ($0 - Double(start)) / factor }.filter {
        $0 >= 0 && $0 < Double(count)
      }
    }
    var model = ConvolutiveModel(
      length: length, channelCount: m, trains: trains.map { PhasedTrain($0) },
      templates: trains.map { _ in [] })
    TemplateLeastSquares().fit(&model, to: signal, parallelism: parallelism)

    var units = model.templates.map { template in
      StreamingUnit(
        template: template, delay: Self.delay(of: template, channels: m, taps: taps),
        firstFilter: [Float](repeating: 0, count: taps * m),
        firstHeights: .init(discharges: 1, others: 0), isSubtracted: false,
        secondFilter: [Float](repeating: 0, count: taps * m),
        secondHeights: .init(discharges: 1, others: 0), trainingAgreement: 0)
    }
    func decomposer(_ units: [StreamingUnit]) -> StreamingDecomposer {
      var settings = StreamingDecomposer.Configuration()
      settings.heightRate = 0
      var result = StreamingDecomposer(
        units: units, ids: decomposition.units.map(\.id), model: configuration,
        samplingRate: decomposition.samplingRate, filterRate: rate, channels: channels,
        notches: decomposition.notches, scale: scale, ridges: [], correlations: [],
        configuration: settings)
      result.bank.recorded = [[], []].map { _ in units.map { _ in [] } }
      return result
    }
    let (whole, wholeLags) = Self.covariance(
      of: signal, taps: taps, ridgeFactor: configuration.ridgeFactor, parallelism: parallelism)
    let firsts = Self.filters(for: units, channels: m, covariance: whole)
    for unit in units.indices { units[unit].firstFilter = firsts[unit] }
    var first = decomposer(units)
    _ = first.process(samples)
    for unit in units.indices {
      let peaks = first.bank.recorded?[0][unit] ?? []
      let delay = first.bank.firstDelays[unit]
      units[unit].firstHeights = Self.heights(peaks, train: trains[unit], delay: delay)
      let agreement = Self.agreement(
        peaks, heights: units[unit].firstHeights, train: trains[unit], delay: delay)
      units[unit].isSubtracted = agreement >= configuration.kept.subtractedFrom
    }
    var subtracted = model
    let kept = units.indices.filter { units[$0].isSubtracted }
    subtracted.trains = kept.map { model.trains[$0] }
    subtracted.templates = kept.map { model.templates[$0] }
    let rest = subtracted.residual(of: signal, parallelism: parallelism)
    let (remainder, restLags) = Self.covariance(
      of: rest, taps: taps, ridgeFactor: configuration.ridgeFactor, parallelism: parallelism)
    let seconds = Self.filters(for: units, channels: m, covariance: remainder)
    for unit in units.indices { units[unit].secondFilter = seconds[unit] }
    var second = decomposer(units)
    _ = second.process(samples)
    for unit in units.indices {
      let peaks = second.bank.recorded?[1][unit] ?? []
      let delay = second.bank.secondDelays[unit]
      units[unit].secondHeights = Self.heights(peaks, train: trains[unit], delay: delay)
      units[unit].trainingAgreement = Self.agreement(
        peaks, heights: units[unit].secondHeights, train: trains[unit], delay: delay)
    }
    self.units = units
    self.scale = scale
    ridges = [whole.ridge, remainder.ridge]
    correlations = [wholeLags, restLags]
  }

  private static func timeMajor(_ samples: [[Float]], channels: [Int]) -> [Float] {
    let count = samples.first?.count ?? 0
    var values = [Float](repeating: 0, count: count * channels.count)
    for (place, channel) in channels.enumerated() {
      for sample in 0..<count {
        let value = samples[channel][sample]
        values[sample * channels.count + place] = value.isFinite ? value : 0
      }
    }
    return values
  }

  /// The delay at which a filter of `taps` samples holds the most of a potential.
  private static func delay(of template: [Float], channels m: Int, taps: Int) -> Int {
    let length = template.count / m
    let energy = (0..<length).map { sample in
      template[(sample * m)..<((sample + 1) * m)].reduce(Float(0)) { $0 + $1 * $1 }
    }
    func held(_ delay: Int) -> Float {
      (0..<taps).reduce(Float(0)) { sum, tap in
        let sample = length / 2 + delay - tap
        return energy.indices.contains(sample) ? sum + energy[sample] : sum
      }
    }
    let delays = 0...max(taps, length / 4)
    return delays.max { held($0) < held($1) || (held($0) == held($1) && $0 > $1) } ?? 0
  }

  private static func covariance(
    of signal: TimeMajorSignal, taps: Int, ridgeFactor: Float, parallelism: Parallelism
  ) -> (covariance: ExtendedCovariance, lags: [Float]) {
    let spectra = OverlapSaveSpectra(signal, filterLength: taps, parallelism: parallelism)
    let lags = spectra.laggedCorrelations(parallelism: parallelism)
    let covariance = ExtendedCovariance(
      laggedCorrelations: lags, channelCount: signal.channelCount, tapCount: taps,
      sampleCount: signal.sampleCount, ridgeFactor: ridgeFactor)
    return (covariance, lags.map { $0 / Float(signal.sampleCount) })
  }

  private static func filters(
    for units: [StreamingUnit], channels m: Int, covariance: ExtendedCovariance
  ) -> [[Float]] {
    let observations = units.map { $0.observation(channels: m, taps: covariance.tapCount) }
    return StreamingUnit.normalized(
      covariance.filters(for: observations), observations: observations)
  }

  /// Class heights from peaks whose class the train tells.
  private static func heights(
    _ peaks: [PeakFollower.Peak], train: [Double], delay: Double
  ) -> SeparationModel.PeakHeights {
    var sums = (0.0, 0.0)
    var counts = (0, 0)
    var index = 0
    for peak in peaks {
      let time = peak.refined - delay
      while index < train.count && train[index] < time - 2 { index += 1 }
      if index < train.count && abs(train[index] - time) <= 2 {
        sums.0 += Double(min(peak.height, 4))
        counts.0 += 1
      } else {
        sums.1 += Double(min(peak.height, 4))
        counts.1 += 1
      }
    }
    return SeparationModel.PeakHeights(
      discharges: counts.0 > 0 ? Float(sums.0 / Double(counts.0)) : 1,
      others: counts.1 > 0 ? Float(sums.1 / Double(counts.1)) : 0)
  }

  private static func agreement(
    _ peaks: [PeakFollower.Peak], heights: SeparationModel.PeakHeights, train: [Double],
    delay: Double
  ) -> Double {
    let found = peaks.filter { $0.height >= heights.threshold }.map { $0.refined - delay }
    return TrainAgreement(train, found, tolerance: 1, longestLag: 2).rate
  }
}

extension StreamingUnit {
  /// The potential at the lags of a filter, `[tap][channel]`.
  func observation(channels m: Int, taps: Int) -> [Float] {
    let length = template.count / m
    var result = [Float](repeating: 0, count: taps * m)
    for tap in 0..<taps {
      let sample = length / 2 + delay - tap
      if sample < 0 || sample >= length { continue }
      result.replaceSubrange(
        (tap * m)..<((tap + 1) * m), with: template[(sample * m)..<((sample + 1) * m)])
    }
    return result
  }

  /// Filters `[unit][tap][channel]` scaled so that each passes its own potential with gain 1.
  static func normalized(_ bank: [Float], observations: [[Float]]) -> [[Float]] {
    observations.enumerated().map { unit, observation in
      let order = observation.count
      let filter = Array(bank[(unit * order)..<((unit + 1) * order)])
      let gain = VectorKernel.dot(filter.span, observation.span)
      return gain > 0 ? filter.map { $0 / gain } : [Float](repeating: 0, count: order)
    }
  }
}
