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
    day(
      "visit", date, of: subject, death: events.first { $0.kind == .death }?.date, today: today)
  }

  /// What speaks against an event of a subject: its day, a second death, a visit after death.
  ///
  /// `events` and `visits` are those that are stored.
  public static func event(
    _ event: ClinicalEvent, of subject: Subject, events: [ClinicalEvent], visits: [Visit],
    today: CivilDate
  ) -> [EntryDoubt] {
    let other = events.first { $0.kind == .death && $0.date != event.date }?.date
    let isDeath = event.kind == .death
    var doubts = day(
      isDeath ? "death" : "event", event.date, of: subject, death: isDeath ? nil : other,
      today: today)
    guard isDeath else { return doubts }
    if let other {
      doubts.append(
        EntryDoubt("second-death", "a death on \(other) is stored, now one on \(event.date)"))
    }
    let later = visits.compactMap { $0.status == .done ? $0.date : nil }.filter { $0 > event.date }
    if let last = later.max() {
      doubts.append(
        EntryDoubt("visit-after-death", "the visit of \(last) is after the death on \(event.date)"))
    }
    return doubts
  }

  /// What speaks against the start of a therapy; it may be planned up to a year ahead.
  public static func therapy(
    from start: CivilDate, of subject: Subject, events: [ClinicalEvent], today: CivilDate
  ) -> [EntryDoubt] {
    day(
      "therapy", start, of: subject, death: events.first { $0.kind == .death }?.date,
      today: today, ahead: 366)
  }

  /// What speaks against the first day of symptoms of a subject.
  public static func onset(of subject: Subject, today: CivilDate) -> [EntryDoubt] {
    guard let onset = subject.onsetDate else { return [] }
    return day("onset", onset, of: subject, death: nil, today: today)
  }

  private static func day(
    _ name: String, _ date: CivilDate, of subject: Subject, death: CivilDate?, today: CivilDate,
    ahead: Int = 1
  ) -> [EntryDoubt] {
    var doubts: [EntryDoubt] = []
    if date.dayNumber > today.dayNumber + ahead {
      doubts.append(
        EntryDoubt(
          "\(name)-in-the-future", "the \(name) of \(date) lies in the future (now \(today))"))
    }
    if let death, date > death {
      doubts.append(
        EntryDoubt("\(name)-after-death", "the \(name) of \(date) is after the death on \(death)"))
    }
    if let year = birthYear(subject), date.components.year < year {
      doubts.append(
        EntryDoubt(
          "\(name)-before-birth", "the \(name) of \(date) is before the year of birth, \(year)"))
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

extension CivilDate {
  /// The day now, by the clock of this machine in universal time.
  package static var today: CivilDate {
    CivilDate(dayNumber: Int((Date().timeIntervalSince1970 / 86_400).rounded(.down)))
  }
}

extension MeasurementKind {
  /// What values of people, healthy or ill, plausibly lie in; nil where nothing is known.
  ///
  /// Wide on purpose: it is to catch slips of the pen and of the unit, not rare findings. MUNIX,
  /// CMAP and counts: beyond the healthy of any muscle measured so far (Nandedkar et al. 2018,
  /// Bostock 2016, Gooch et al. 2014).
  public var plausibleRange: ClosedRange<Double>? {
    if estimatesUnitNumber && self != .munix { return 0...2_000 }
    return switch self {
    case .munix: 0.2...700
    case .musix: 5...2_000
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
