import Foundation
internal import Hashing

/// Moving all dates of a subject by the same number of days, different for every subject.
///
/// Intervals within a subject stay as they are. The shift follows from the secret and the pseudonym
/// alone (HMAC-SHA-256), so repeated exports with one secret agree; without the secret it cannot be
/// undone. Shifts are into the past, so no date comes to lie in the future.
public struct DateShift: Sendable, Equatable {
  /// Known to the site only.
  public var secret: String
  /// Largest shift in days.
  public var maximumDays: Int

  /// A shift of 1 to `maximumDays` days into the past.
  ///
  /// - Throws: `RegistryError.invalid` for a secret under 8 characters or a maximum below 1.
  public init(secret: String, maximumDays: Int = 365) throws {
    guard secret.count >= 8, maximumDays >= 1 else {
      throw RegistryError.invalid(
        table: "export", field: "date shift",
        found: "a secret of \(secret.count) characters, at most \(maximumDays) days",
        expected: "at least 8 characters, at least 1 day")
    }
    self.secret = secret
    self.maximumDays = maximumDays
  }

  /// A shift by the secret that a file holds, without white space around it.
  ///
  /// - Throws: `RegistryError`, also for a file that cannot be read.
  public init(file path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RegistryError.cannotOpen(path: path, found: "cannot be read")
    }
    try self.init(
      secret: String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// The days to add to the dates of a subject: -1 to -`maximumDays`.
  public func days(for pseudonym: String) -> Int {
    let code = SHA256.authenticationCode(Array(pseudonym.utf8), key: Array(secret.utf8))
    let number = code.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return -1 - Int(number % UInt64(maximumDays))
  }
}

extension InterchangeDocument {
  /// The document with every subject's dates moved.
  ///
  /// Free text (details of events, reasons for missed visits) is left out, since it may tell dates;
  /// attributes and conditions that are dates are moved.
  public func shifted(by shift: DateShift) -> InterchangeDocument {
    var document = self
    var known: [String: Int] = [:]
    func days(_ subject: String) -> Int {
      if let days = known[subject] { return days }
      let days = shift.days(for: subject)
      known[subject] = days
      return days
    }
    func moved(_ texts: [String: String], _ days: Int) -> [String: String] {
      texts.mapValues { CivilDate($0)?.adding(days: days).description ?? $0 }
    }
    for index in document.subjects.indices {
      let days = days(document.subjects[index].pseudonym)
      document.subjects[index].onsetDate = document.subjects[index].onsetDate?.adding(days: days)
      document.subjects[index].attributes = moved(document.subjects[index].attributes, days)
    }
    for index in document.visits.indices {
      let days = days(document.visits[index].subject)
      document.visits[index].date = document.visits[index].date?.adding(days: days)
      document.visits[index].missingReason = nil
    }
    for index in document.values.indices {
      let days = days(document.values[index].subject)
      document.values[index].date = document.values[index].date.adding(days: days)
      document.values[index].conditions = moved(document.values[index].conditions, days)
    }
    for index in document.interventions.indices {
      let days = days(document.interventions[index].subject)
      let item = document.interventions[index]
      document.interventions[index].startDate = item.startDate.adding(days: days)
      document.interventions[index].stopDate = item.stopDate?.adding(days: days)
    }
    for index in document.events.indices {
      let days = days(document.events[index].subject)
      document.events[index].date = document.events[index].date.adding(days: days)
      document.events[index].detail = nil
    }
    return document
  }
}
