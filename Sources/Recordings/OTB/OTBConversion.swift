/// How counts of an OTB+ stream become millivolts, by device and adapter.
///
/// The file states gains, but what they mean differs by device: the factors are those of the maker's
/// own table (OT Bioelettronica, OTB-Matlab, OpenOTBfilesConvFact.m): range / 2^bits * 1000 / gain.
struct OTBConversion: Hashable, Sendable {
  /// Millivolts of one count; 1 where the values have no unit.
  var factor: Double
  /// Whether values are voltages.
  var isVoltage: Bool
  /// Where the factor comes from.
  var source: String
  /// What contradicts it; nil where nothing does.
  var doubt: String?

  /// The factor for one adapter of a device.
  ///
  /// - Parameters:
  ///   - device: the device's name, such as `QUATTROCENTO`.
  ///   - adapter: the adapter's identifier, such as `AdapterControl`.
  ///   - gain: gain of channel and adapter as the file states them.
  ///   - bits: bits of one value.
  init(device: String, adapter: String, gain: Double?, bits: Int) {
    let name = device.uppercased().filter { !$0.isWhitespace }
    if adapter == "AdapterControl" || adapter == "AdapterQuaternions" {
      self.init(factor: 1, isVoltage: false, source: "stored values of \(adapter)", doubt: nil)
      return
    }
    let isDirect = adapter.hasPrefix("Direct connection")
    // Range in volts, bits and gain of the maker's table.
    let (range, tableBits, tableGain): (Double, Int, Double)
    switch name {
    case "QUATTROCENTO", "QUATTRO":
      (range, tableBits, tableGain) = (5, 16, isDirect ? 0.5 : 150)
    case "DUE+", "QUATTRO+": (range, tableBits, tableGain) = (3.3, 16, 202)
    case "DUE": (range, tableBits, tableGain) = (5, 16, 200)
    case "SYNCSTATION":
      switch adapter {
      case "Due+", "Quattro+": (range, tableBits, tableGain) = (3.3, 16, 202)
      case "AdapterLoadCell": (range, tableBits, tableGain) = (5, 16, 205)
      default: (range, tableBits, tableGain) = isDirect ? (5, 16, 0.5) : (4.8, 16, 256)
      }
    default:
      // 24 bits with gain 1 and 16 bits with gain 256 are one factor; other gains divide it.
      let own = gain.flatMap { $0 > 0 && $0 != 256 ? $0 : nil } ?? 1
      (range, tableBits, tableGain) = (4.8, 24, own)
    }
    var factor = range / Double(1 << tableBits) * 1000 / tableGain
    var source = "\(device): \(range) V / 2^\(tableBits) / \(tableGain), the maker's factor"
    if bits > 16, tableBits == 16 {
      // The table is for 16 bits; a wider value of the same range has finer steps.
      factor *= Double(1 << 16) / Double(1 << bits)
      source = "\(device): \(range) V / 2^\(bits) / \(tableGain), after the maker's factor"
    }
    var doubt: String?
    if let gain, gain != 1, tableBits == 16, abs(gain - tableGain) > 0.01 * tableGain {
      doubt =
        "the file states a gain of \(gain) where the maker's factor for \(device) takes "
        + "\(tableGain); the maker's is used, check that the amplitudes are plausible"
    } else if name == "DUE" {
      doubt =
        "programs differ on the scale of \(device) (5 V or 3.3 V range); the maker's 5 V is used, "
        + "check that the amplitudes are plausible"
    }
    self.init(factor: factor, isVoltage: true, source: source, doubt: doubt)
  }

  private init(factor: Double, isVoltage: Bool, source: String, doubt: String?) {
    (self.factor, self.isVoltage, self.source, self.doubt) = (factor, isVoltage, source, doubt)
  }
}
