import Foundation

extension PhysicalUnit {
  /// Reads a unit as files spell it; the factor brings stored values to the returned unit.
  ///
  /// `"mV"` gives `(.microvolt, 1000)`; an unknown word gives `(.other(word), 1)`; an empty text or
  /// `n/a` gives nil. Micro is understood as `u`, as both micro signs (U+00B5, U+03BC) and as
  /// whatever a wrong code page made of them. A leading number is a factor: `0.195 uV`.
  public static func parse(_ text: String) -> (unit: PhysicalUnit, factor: Double)? {
    var word = text.trimmingWhitespace()
    for (open, close) in [("[", "]"), ("(", ")")]
    where word.count > 2 && word.hasPrefix(open) && word.hasSuffix(close) {
      word = String(word.dropFirst().dropLast()).trimmingWhitespace()
    }
    if let voltage = VoltageUnit(spelling: word) { return (.microvolt, voltage.microvolts) }
    let lower = word.lowercased()
    if ["", "n/a", "na", "-", "?", "none", "unknown", "nan"].contains(lower) { return nil }
    if let known = known[lower.filter { $0 != " " }] { return known }
    if let scaled = scaled(word) { return scaled }
    return (.other(word), 1)
  }

  /// Whether a unit that was not understood may be a voltage all the same.
  static func mayBeVoltage(_ text: String) -> Bool {
    let letters = text.lowercased().filter(\.isLetter)
    return letters.hasSuffix("v") || letters.contains("volt")
  }

  private static let known: [String: (unit: PhysicalUnit, factor: Double)] = {
    var table: [String: (unit: PhysicalUnit, factor: Double)] = [:]
    func add(_ spellings: [String], _ unit: PhysicalUnit, _ factor: Double = 1) {
      for spelling in spellings { table[spelling] = (unit, factor) }
    }
    add(["n", "newton", "newtons"], .newton)
    add(["kn"], .newton, 1000)
    add(["mn"], .newton, 0.001)
    add(["kgf", "kp"], .newton, 9.80665)
    add(["lbf", "lbs", "lb"], .newton, 4.448_221_615)
    add(["nm", "n*m", "n·m", "n.m", "n-m", "newtonmetre", "newtonmeter"], .newtonMetre)
    add(["ncm", "n*cm", "n·cm"], .newtonMetre, 0.01)
    add(["ft-lb", "ftlb", "ft*lb", "ft.lb", "lb-ft"], .newtonMetre, 1.355_817_948)
    add(["%mvc", "%", "%(mvc)", "mvc%", "percentmvc"], .percentMVC)
    add(["deg", "degree", "degrees", "°", "grad"], .degree)
    add(["rad"], .degree, 180 / Double.pi)
    add(["g", "g-force"], .standardGravity)
    add(["mg"], .standardGravity, 0.001)
    add(["m/s^2", "m/s2", "m/s²", "ms^-2", "m.s-2", "m*s^-2"], .standardGravity, 1 / 9.80665)
    add(["s", "sec", "second", "seconds"], .second)
    add(["ms"], .second, 0.001)
    add(["us", "µs", "μs"], .second, 1e-6)
    add(["1", "boolean", "bool", "count", "counts", "bit", "bits", "digital"], .dimensionless)
    add(["relative", "a.u.", "a.u", "au", "arbitrary", "arb.", "arb"], .relative)
    return table
  }()

  /// Units of other quantities: channels in them are no EMG, and nothing is to be asked.
  static func isOfAnotherQuantity(_ text: String) -> Bool {
    let word = text.lowercased().filter { $0 != " " }
    let others: Set<String> = [
      "c", "°c", "degc", "celsius", "k", "f", "°f", "mmhg", "kpa", "pa", "hpa", "bar", "mbar",
      "cmh2o", "bpm", "1/min", "/min", "rpm", "hz", "khz", "ohm", "ohms", "kohm", "kohms", "ω",
      "kω", "mω", "deg/s", "°/s", "dps", "rad/s", "ut", "µt", "gauss", "m", "cm", "mm", "m/s",
      "l", "ml", "l/min", "l/s", "db", "w", "kg", "gram", "lux", "a", "ma", "ua", "µa", "na",
      "s/m", "us/cm", "%spo2",
    ]
    return others.contains(word)
  }

  /// A number before a known unit: `0.195 uV`, `10 mV`, `1e-6V`.
  private static func scaled(_ word: String) -> (unit: PhysicalUnit, factor: Double)? {
    let number = word.prefix { $0.isNumber || ".+-".contains($0) || $0 == "e" || $0 == "E" }
    var digits = String(number)
    while let last = digits.last, !last.isNumber { digits.removeLast() }
    guard let first = digits.first, first.isNumber || first == ".", let factor = Double(digits),
      factor.isFinite, factor > 0
    else { return nil }
    let rest = String(word.dropFirst(digits.count)).trimmingWhitespace()
      .trimmingCharacters(in: CharacterSet(charactersIn: "*x·"))
    guard !rest.isEmpty, rest != word, let unit = parse(rest) else { return nil }
    if case .other = unit.unit { return nil }
    return (unit.unit, unit.factor * factor)
  }
}

extension VoltageUnit {
  /// Reads the spellings found in recordings (`uV`, `µV`, `μV`, `mv`, `Volts`, ...).
  ///
  /// `MV` is read as millivolt: no bioelectric recording holds megavolts. A single volt prefix
  /// outside ASCII is micro: no other prefix of the volt is written with such a sign, so this is
  /// what a code page made of it (`æV`, `Â µV`, `ÎźV`, `ﾊV`, ...).
  public init?(spelling: String) {
    let word = spelling.trimmingWhitespace().lowercased().filter { !$0.isWhitespace }
    let stems = ["volts", "volt", "vrms", "v(rms)", "vpp", "v"]
    guard let stem = stems.first(where: { word.hasSuffix($0) }) else { return nil }
    switch String(word.dropLast(stem.count)) {
    case "n", "nano": self = .nanovolt
    case "u", "µ", "μ", "mc", "micro", "mikro", "\\mu", "&mu;", "&micro;": self = .microvolt
    case "m", "milli": self = .millivolt
    case "": self = .volt
    case let prefix
    where prefix.count <= 4 && prefix.unicodeScalars.allSatisfy { $0.value > 127 }:
      self = .microvolt
    default: return nil
    }
  }
}
