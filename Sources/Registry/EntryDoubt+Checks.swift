import Foundation
import Tables

extension EntryDoubt {
  /// What speaks against a day of a subject: in the future, before birth, after death.
  ///
  /// A day of tomorrow may be today elsewhere. The year of birth is taken from the attribute
  /// `birth-year` (or `year-of-birth`), which is no date of birth.
  public static func day(
    _ date: CivilDate, of subject: Subject, events: [ClinicalEvent], today: CivilDate
  ) -> [EntryDoubt] {
    var doubts: [EntryDoubt] = []
    if date.dayNumber > today.dayNumber + 1 {
      doubts.append(
        EntryDoubt("visit-in-the-future", "the visit of \(date) lies in the future (now \(today))"))
    }
    let death = events.first { $0.kind == .death }
    if let death, date > death.date {
      doubts.append(
        EntryDoubt("visit-after-death", "the visit of \(date) is after the death on \(death.date)"))
    }
    if let year = birthYear(subject), date.components.year < year {
      doubts.append(
        EntryDoubt(
          "visit-before-birth", "the visit of \(date) is before the year of birth, \(year)"))
    }
    return doubts
  }

  private static func birthYear(_ subject: Subject) -> Int? {
    for (name, value) in subject.attributes {
      let folded = name.lowercased().filter(\.isLetter)
      if ["birthyear", "yearofbirth"].contains(folded), let year = Int(value) { return year }
    }
    return nil
  }

  /// A value outside what its kind plausibly holds.
  public static func value(_ measurement: Measurement) -> [EntryDoubt] {
    value(measurement.value, of: measurement.kind)
  }

  /// A value outside what its kind plausibly holds.
  public static func value(_ value: Double, of kind: MeasurementKind) -> [EntryDoubt] {
    guard let range = kind.plausibleRange, !range.contains(value) else { return [] }
    func text(_ number: Double) -> String {
      number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
    }
    let unit = kind.unit == "1" ? "" : " \(kind.unit)"
    return [
      EntryDoubt(
        "value-implausible",
        "\(kind.displayName) of \(text(value))\(unit) lies outside the plausible range of "
          + "\(text(range.lowerBound)) to \(text(range.upperBound))\(unit)")
    ]
  }

  /// A muscle that is new but nearly spelt like a known one.
  public static func muscle(_ name: String, known: Set<String>) -> [EntryDoubt] {
    let own = MuscleName.canonical(name)
    let all = known.union(MuscleName.abbreviations.values)
    guard !all.contains(own) else { return [] }
    // Of short names only abbreviations of the same length are near.
    let near =
      own.count <= 4
      ? MuscleName.abbreviations.keys.filter {
        $0.count == own.count && LetterDistance.between(own, $0, atMost: 1) != nil
      }.map { "\(MuscleName.canonical($0)) (\($0))" }
      : all.filter { LetterDistance.between(own, $0, atMost: 2) != nil }
    guard let nearest = near.sorted().first else { return [] }
    return [
      EntryDoubt("muscle-unknown", "muscle \"\(own)\" is new; did you mean \(nearest)?")
    ]
  }

  /// Muscle and side as a file names them, where they contradict what was given.
  ///
  /// `texts`: what the file says in words (channel names, comments). A muscle counts where it is
  /// named in full, or by the abbreviation alone; several muscles, or none, contradict nothing.
  public static func place(
    muscle: String?, side: BodySide?, texts: [String], statedMuscle: String? = nil
  ) -> [EntryDoubt] {
    var doubts: [EntryDoubt] = []
    let words = texts.flatMap {
      $0.lowercased().split { !$0.isLetter }.map(String.init)
    }
    let joined = " " + words.joined(separator: " ") + " "
    var named = Set(
      MuscleName.abbreviations.values.filter { joined.contains(" \($0) ") })
    if let statedMuscle {
      let stated = MuscleName.canonical(statedMuscle)
      if MuscleName.abbreviations.values.contains(stated) { named = [stated] }
    }
    if let muscle, named.count == 1, let found = named.first,
      found != MuscleName.canonical(muscle)
    {
      doubts.append(
        EntryDoubt(
          "muscle-differs", "the file names the \(found), not \(MuscleName.canonical(muscle))"))
    }
    let sides = Set([BodySide.left, .right].filter { words.contains($0.rawValue) })
    if let side, side != .midline, sides.count == 1, let found = sides.first, found != side {
      doubts.append(
        EntryDoubt(
          "side-differs", "the file names the \(found.rawValue) side, not the \(side.rawValue)"))
    }
    return doubts
  }
}

extension MeasurementKind {
  /// What values of people, healthy or ill, plausibly lie in; nil where nothing is known.
  ///
  /// Wide on purpose: it is to catch slips of the pen and of the unit, not rare findings. MUNIX,
  /// CMAP and counts: beyond the healthy of any muscle measured so far (Nandedkar et al. 2018,
  /// Bostock 2016, Gooch et al. 2014).
  public var plausibleRange: ClosedRange<Double>? {
    switch self {
    case .munix: 0.2...700
    case .musix: 5...2_000
    case .scanUnitCount, .staUnitNumber, .incrementalUnitNumber, .multipointUnitNumber,
      .singleUnitStimulationNumber, .statisticalUnitNumber:
      0...2_000
    case .scanN50: 0...500
    case .cmapAmplitude: 0...40
    case .meanUnitPotential: 1...10_000
    case .muapAmplitude: 1...50_000
    case .meanDischargeRate: 1...120
    case .identifiedUnitsMaximum, .identifiedUnitsMedian: 0...300
    case .slowVitalCapacity: 3...180
    case .slowVitalCapacityLitres: 0.1...9
    default: nil
    }
  }
}
