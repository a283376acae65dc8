/// How a long signal is cut into overlapping transform blocks.
///
/// Block b covers the samples `b * hop - (filterLength - 1) ..< b * hop + hop`, so that a causal
/// filter of up to `filterLength` taps gives `hop` valid samples a block (overlap-save;
/// Oppenheim and Schafer 2010, section 8.7.3).
public struct BlockLayout: Sendable, Equatable {
  /// The number of samples of the signal.
  public let sampleCount: Int
  /// The longest filter, in taps, that the blocks serve.
  public let filterLength: Int
  /// The transform length.
  public let fftLength: Int
  /// The number of new samples in each block.
  public var hop: Int { fftLength - (filterLength - 1) }
  /// The number of blocks.
  public var blockCount: Int { (sampleCount + hop - 1) / hop }

  /// A layout whose transform is about sixteen filters long, between 256 and 4,096 samples.
  ///
  /// Short blocks keep the matrix products of each bin large and the working set in cache; the
  /// overlap costs six percent.
  public init(sampleCount: Int, filterLength: Int, fftLength: Int? = nil) {
    precondition(sampleCount > 0 && filterLength > 0, "an empty signal has no blocks")
    self.sampleCount = sampleCount
    self.filterLength = filterLength
    let wanted = max(256, min(4_096, 16 * filterLength))
    let length = fftLength ?? RealFFT.efficientLength(atLeast: max(wanted, 2 * filterLength))
    precondition(length >= filterLength, "the transform is shorter than the filter")
    self.fftLength = length
  }
}

/// The block spectra of a multichannel signal, and the operations that are products there.
///
/// With the spectra X(f, channel, block) cached once, filtering by a bank of finite impulse
/// responses, correlating with other signals, and all lagged cross-correlations are one small
/// matrix product for each frequency bin. Nothing of size channels x taps x samples is ever made.
/// Shapes: `channelCount` channels of `layout.sampleCount` samples; filters are indexed
/// `[filter][tap][channel]`, tap r reading the sample r steps in the past.
public final class OverlapSaveSpectra: Sendable {
  /// The number of channels.
  public let channelCount: Int
  /// How the signal was cut.
  public let layout: BlockLayout
  let kernel: OverlapSaveKernel

  /// Transforms a signal given time-major: sample t of channel c at `t * channelCount + c`.
  public init(
    _ signal: TimeMajorSignal, filterLength: Int, fftLength: Int? = nil,
    parallelism: Parallelism = Parallelism()
  ) {
    channelCount = signal.channelCount
    layout = BlockLayout(
      sampleCount: signal.sampleCount, filterLength: filterLength, fftLength: fftLength)
    kernel = OverlapSaveKernel(signal: signal, layout: layout, parallelism: parallelism)
  }

  /// Filters the signal: y_k(t) = sum over taps r and channels c of h_k(r, c) x_c(t - r).
  ///
  /// `bank` holds `filterCount` filters as `[filter][tap][channel]`. The result is
  /// filterCount x sampleCount, each filter's output contiguous.
  public func filter(
    bank: [Float], filterCount: Int, parallelism: Parallelism = Parallelism()
  ) -> [Float] {
    precondition(
      bank.count == filterCount * layout.filterLength * channelCount, "filter bank size differs")
    return kernel.filter(bank: bank, filterCount: filterCount, parallelism: parallelism)
  }

  /// One pass of the cubic fixed point: for each filter, A_k(r, c) = sum over t of
  /// x_c(t - r) y_k(t)^2, where y_k is the filter's own output, and the sum of y_k itself.
  ///
  /// Fused block by block, so the outputs are never stored. `bank` and the result are
  /// `[filter][tap][channel]`. The sums run over the samples of `subsets` only, all of them unless
  /// given. Outputs beyond `limit` either way count as it.
  public func squaredOutputCorrelation(
    bank: [Float], filterCount: Int, subsets: Range<Int>? = nil, limit: Float = .infinity,
    parallelism: Parallelism = Parallelism()
  ) -> (correlation: [Float], outputSum: [Float]) {
    precondition(
      bank.count == filterCount * layout.filterLength * channelCount, "filter bank size differs")
    let groups = subsets ?? 0..<subsetCount
    precondition(groups.lowerBound >= 0 && groups.upperBound <= subsetCount, "no such subset")
    return kernel.squaredOutputCorrelation(
      bank: bank, filterCount: filterCount, groups: groups, limit: limit,
      parallelism: parallelism)
  }

  /// The number of interleaved subsets of the blocks; each samples the whole signal evenly.
  public var subsetCount: Int { kernel.groupCount }

  /// The number of samples that some subsets hold together.
  public func sampleCount(inSubsets subsets: Range<Int>) -> Int {
    subsets.reduce(0) { total, group in
      let blocks = kernel.blocks(in: group)
      let last = kernel.start(of: blocks - 1, in: group)
      return total + (blocks - 1) * layout.hop + min(layout.hop, layout.sampleCount - last)
    }
  }

  /// All lagged cross-correlations K(l)[c][d] = sum over t of x_c(t - l) x_d(t), for the lags
  /// 0 ..< filterLength.
  ///
  /// The result is `[lag][c][d]`; samples before the start count as zero.
  public func laggedCorrelations(parallelism: Parallelism = Parallelism()) -> [Float] {
    kernel.laggedCorrelations(parallelism: parallelism)
  }
}
