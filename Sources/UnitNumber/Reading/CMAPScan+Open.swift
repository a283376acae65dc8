import Foundation

extension CMAPScan {
  /// Opens a scan from a file, choosing the reader by its content.
  ///
  /// Qtrac `.MEM` exports are recognised by their M-SCAN section; everything else is read as two-
  /// column text.
  ///
  /// - Throws: `UnitNumberError`.
  public static func open(_ url: URL) throws -> CMAPScan {
    let text = try TextLines(url: url)
    let isQtrac =
      url.pathExtension.lowercased() == "mem"
      || text.lines.contains { $0.hasPrefix("M-SCAN DATA") }
    return isQtrac ? try QtracScanReader.parse(text) : try DelimitedScanReader.parse(text)
  }

  /// Currents that a stimulator may give, mA: three orders above what is used on people.
  private static let stimuli = 1e-6...1e5
  /// Responses that an amplifier may show, mV, of either sign.
  private static let responses = -1e5...1e5

  /// Checks lengths, finiteness and range; throws `UnitNumberError` with the first finding.
  public func validate(minimumCount: Int = 40) throws {
    guard stimulusMilliamps.count == responseMillivolts.count else {
      throw UnitNumberError(
        .unusableData, source: name,
        found: "\(stimulusMilliamps.count) stimuli and \(responseMillivolts.count) responses",
        expected: "as many responses as stimuli")
    }
    guard stimulusMilliamps.count >= minimumCount else {
      throw UnitNumberError(
        .tooLittleData, source: name, found: "\(stimulusMilliamps.count) stimuli",
        expected: "at least \(minimumCount)", remedy: "record a whole scan of 300 to 800 stimuli")
    }
    for index in stimulusMilliamps.indices {
      let (stimulus, response) = (stimulusMilliamps[index], responseMillivolts[index])
      guard Self.stimuli.contains(stimulus), Self.responses.contains(response) else {
        throw UnitNumberError(
          .unusableData, source: name, place: "point \(index + 1)",
          found: "stimulus \(stimulus) mA, response \(response) mV",
          expected: "a stimulus above 0 and at most \(Self.stimuli.upperBound) mA, "
            + "and a response of at most \(Self.responses.upperBound) mV",
          remedy: "check the units")
      }
    }
    for (label, count) in [("pre", preScanCount), ("post", postScanCount)] {
      if let count, count < 0 || count > stimulusMilliamps.count {
        throw UnitNumberError(
          .unusableData, source: name, found: "a \(label)-scan of \(count) points",
          expected: "0 to \(stimulusMilliamps.count) points")
      }
    }
  }
}
