/// Bounds of what a recording can be, wherever a number comes from a file or from a user.
///
/// Numbers outside are refused before anything is computed or allocated with them.
public enum RecordingLimits {
  /// Sampling rates in Hz: from one sample in a quarter of an hour to 10 MHz.
  public static let samplingRate = 1e-3...1e7
  /// Samples of one channel.
  public static let sampleCount = 0...(1 << 40)
  /// Channels of one recording.
  public static let channelCount = 1...10_000
  /// Distance between electrodes in millimetres.
  public static let electrodeDistance = 0.01...1000.0
  /// Factor from a stored value to its unit, as an absolute value.
  public static let scale = 1e-30...1e30
  /// Annotations that are kept of one file.
  static let annotationCount = 1_000_000
  /// Warnings and remarks that are kept of one file, of each.
  static let messageCount = 60
  /// Characters of a name that are kept.
  static let nameLength = 120
  /// Characters of a warning or remark that are kept.
  static let messageLength = 600
}

extension Int {
  /// A rounded number where it is finite and lies in a range, nil where it does not.
  ///
  /// `Int(_: Double)` ends the program on numbers that do not fit; numbers from outside go through
  /// here.
  package init?(bounded value: Double, in range: ClosedRange<Int>) {
    let whole = value.rounded()
    // Doubles beyond 2^62 cannot be compared with Int bounds exactly, and none is needed.
    guard whole.isFinite, abs(whole) < 4.6e18 else { return nil }
    let number = Int(whole)
    guard range.contains(number) else { return nil }
    self = number
  }

  /// The product of sizes, nil where one is negative or the product exceeds a limit.
  package static func product(_ factors: Int..., atMost limit: Int) -> Int? {
    var result = 1
    for factor in factors {
      let (next, overflow) = result.multipliedReportingOverflow(by: factor)
      guard !overflow, factor >= 0, next <= limit else { return nil }
      result = next
    }
    return result
  }
}
