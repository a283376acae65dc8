/// A subject's code within a registry, refused where it could be a name or a date of birth.
///
/// Allowed are 1 to 64 ASCII letters, digits, `.`, `_` and `-`, beginning with a letter or digit,
/// with at least one digit and not a date. Names hold no digit, so a plain surname, `First Last`
/// and `Last-First` are all refused; so are `1957-03-14`, `14.03.1957`, `14031957`, `19570314`
/// and codes that contain such a date between separators (`AB-1957-03-14`).
public enum Pseudonym {
  /// The trimmed pseudonym.
  ///
  /// - Throws: `RegistryError.badPseudonym` with the rule that was broken.
  public static func validated(_ text: String) throws -> String {
    let trimmed = String(
      text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    func refuse(_ reason: String) -> RegistryError { .badPseudonym(text, reason: reason) }
    guard !trimmed.isEmpty else { throw refuse("it is empty") }
    guard trimmed.utf8.count <= 64 else { throw refuse("it is longer than 64 characters") }
    guard !trimmed.contains(where: \.isWhitespace) else {
      throw refuse("it contains a space and may be a name")
    }
    for character in trimmed where !isAllowed(character) {
      throw refuse("\"\(character)\" is not a letter, digit, dot, hyphen or underscore")
    }
    guard let first = trimmed.first, first.isLetter || first.isNumber else {
      throw refuse("it begins with a separator")
    }
    guard trimmed.contains(where: \.isNumber) else {
      throw refuse("it has no digit and may be a name")
    }
    guard !containsDate(trimmed) else { throw refuse("it contains what may be a date of birth") }
    return trimmed
  }

  /// Whether an attribute of a subject may be stored under this name: names, dates of birth,
  /// addresses and hospital numbers may not.
  public static func isIdentifying(attribute name: String) -> Bool {
    let folded = name.lowercased().filter { $0.isLetter }
    let refused = [
      "name", "firstname", "lastname", "surname", "familyname", "givenname", "forename", "vorname",
      "nachname", "birth", "birthdate", "birthday", "dateofbirth", "dob", "geburtsdatum", "email",
      "mail", "phone", "telephone", "mobile", "address", "street", "mrn", "medicalrecordnumber",
      "patientname", "subjectname", "ssn", "socialsecuritynumber", "insurancenumber", "initials",
    ]
    return refused.contains(folded)
  }

  private static func isAllowed(_ character: Character) -> Bool {
    character.isASCII
      && (character.isLetter || character.isNumber || "._-".contains(character))
  }

  static func containsDate(_ text: String) -> Bool {
    let parts = text.split { "._-".contains($0) }.map(String.init)
    if parts.contains(where: isCompactDate) { return true }
    guard parts.count >= 3 else { return false }
    for start in 0...(parts.count - 3) {
      let joined = parts[start..<(start + 3)].joined(separator: "-")
      let isDate = CivilDateFormat.allCases.contains { CivilDate(joined, format: $0) != nil }
      if isDate { return true }
    }
    return false
  }

  /// Eight digits that read as a day between 1900 and 2100 in any order of its parts.
  private static func isCompactDate(_ text: String) -> Bool {
    guard text.count == 8, text.allSatisfy(\.isNumber), let number = Int(text) else { return false }
    let yearFirst = (number / 10_000, number / 100 % 100, number % 100)
    let yearLast = (number % 10_000, number / 10_000 % 100, number / 1_000_000)
    let candidates = [yearFirst, yearLast, (yearLast.0, yearLast.2, yearLast.1)]
    return candidates.contains { year, month, day in
      (1900...2100).contains(year) && CivilDate(year: year, month: month, day: day) != nil
    }
  }
}
