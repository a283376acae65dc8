import Foundation

/// What in a text may tell who a person is: a name, a date of birth, an address.
///
/// Names are known by their form, not by a list: a word after a form of address, an initial with a
/// word, or a text of two to four capitalised words and nothing else. A surname alone passes, as do
/// all texts in small letters.
enum PersonalText {
  /// What the text may hold, such as "a name"; nil where nothing was found.
  static func finding(_ text: String) -> String? {
    if holdsAddress(text) { return "an e-mail address" }
    if holdsDate(text) { return "a date of birth" }
    if holdsName(text) { return "a name" }
    return nil
  }

  /// What a pseudonym may hold beyond what is always refused.
  ///
  /// A word in small letters that no study code is made of, or two letters with six digits that read
  /// as a day. Words in capitals are taken as acronyms.
  static func finding(pseudonym: String) -> String? {
    for word in pseudonym.split(whereSeparator: { !$0.isLetter })
    where word.count >= 4 && word.contains(where: \.isLowercase) {
      let folded = word.lowercased()
      if !codeWords.contains(where: folded.hasPrefix) { return "a name" }
    }
    let parts = pseudonym.split { !$0.isLetter && !$0.isNumber }.joined()
    let letters = parts.prefix(while: \.isLetter)
    let digits = parts.dropFirst(letters.count)
    if letters.count == 2, digits.count == 6, digits.allSatisfy(\.isNumber), isShortDate(digits) {
      return "initials and a date of birth"
    }
    return nil
  }

  /// What study codes are made of; a word that begins so is none of a person.
  private static let codeWords = [
    "arm", "case", "center", "centre", "code", "cohort", "control", "demo", "group",
    "healthy", "human", "muscle", "normal", "part", "patient", "pilot", "placebo", "proband",
    "sample", "sess", "site", "study", "subj", "test", "treat", "trial", "visit", "volunteer",
  ]

  private static let address: Set<String> = [
    "mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "hr", "fr", "mme", "madame",
    "monsieur",
    "dott", "sig", "signora",
  ]

  private static let months = [
    "jan", "feb", "mar", "mär", "apr", "may", "mai", "jun", "jul", "aug", "sep", "oct", "okt",
    "nov",
    "dec", "dez",
  ]

  private static func holdsAddress(_ text: String) -> Bool {
    text.split(whereSeparator: \.isWhitespace).contains { word in
      let sides = word.split(separator: "@", omittingEmptySubsequences: false)
      return sides.count == 2 && !sides[0].isEmpty && sides[1].contains(".")
    }
  }

  private static func holdsDate(_ text: String) -> Bool {
    let words = text.split { $0.isWhitespace || $0 == "," || $0 == "T" || $0 == ";" || $0 == "(" }
      .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ".:)")) }
    // 14.03.1957, 1957-03-14, 3/14/1957, 19570314
    if words.contains(where: { Pseudonym.containsDate($0.replacing("/", with: "-")) }) {
      return true
    }
    // 14 March 1957, March 14 1957, and 14. 3. 1957
    for start in words.indices.dropLast(2) {
      let three = words[start...(start + 2)]
      guard let year = Int(words[start + 2]), (1900...2100).contains(year) else { continue }
      if Pseudonym.containsDate(three.joined(separator: "-")) { return true }
      let month = three.prefix(2).contains { word in
        months.contains(where: word.lowercased().hasPrefix)
      }
      let day = three.prefix(2).contains {
        Int($0.filter(\.isNumber)).map { 1...31 ~= $0 } ?? false
      }
      if month && day { return true }
    }
    return false
  }

  private static func holdsName(_ text: String) -> Bool {
    let words = text.split { $0.isWhitespace || $0 == "," || $0 == ";" }
    for (word, next) in zip(words, words.dropFirst()) {
      let folded = word.lowercased().filter(\.isLetter)
      if address.contains(folded), word.first?.isUppercase == true, isCapitalised(next) {
        return true
      }
      if (isInitial(word) && isCapitalised(next)) || (isCapitalised(word) && isInitial(next)) {
        return true
      }
    }
    guard (2...4).contains(words.count), words.allSatisfy(isCapitalised) else { return false }
    return !MuscleName.abbreviations.values.contains(text.lowercased())
  }

  /// An initial: capitals, each with a full stop.
  private static func isInitial(_ word: Substring) -> Bool {
    guard word.hasSuffix("."), word.first?.isUppercase == true else { return false }
    return word.split { ".-".contains($0) }.allSatisfy { $0.count == 1 && $0.first!.isUppercase }
  }

  /// A word of letters as names are written: Mustermann, O'Neil, Meyer-Lüdenscheidt.
  private static func isCapitalised(_ word: Substring) -> Bool {
    let parts = word.split { "-'’".contains($0) }
    guard let last = parts.last, word.first?.isUppercase == true, last.count >= 2 else {
      return false
    }
    return parts.allSatisfy { $0.allSatisfy(\.isLetter) } && last.last?.isLowercase == true
  }

  /// Six digits that read as day, month, year or year, month, day.
  private static func isShortDate(_ digits: Substring) -> Bool {
    guard let number = Int(digits) else { return false }
    let parts = [number / 10_000, number / 100 % 100, number % 100]
    return [parts, parts.reversed()].contains { day in
      CivilDate(year: 1900 + day[2], month: day[1], day: day[0]) != nil
    }
  }
}

extension EntryDoubt {
  /// What may tell who a subject is in a correction, values by the names that records show.
  public static func personal(correction: [String: String]) -> [EntryDoubt] {
    var attributes: [String: String] = [:]
    for (name, value) in correction where name.hasPrefix("attribute.") {
      attributes[String(name.dropFirst(10))] = value
    }
    return personal(pseudonym: correction["pseudonym"], attributes: attributes)
  }

  /// What may tell who a subject is: in its pseudonym and in the values of its attributes.
  ///
  /// What is always refused, such as a date within a pseudonym or an attribute called "name", is none
  /// of these: see `Pseudonym`.
  public static func personal(
    pseudonym: String?, attributes: [String: String] = [:]
  ) -> [EntryDoubt] {
    var doubts: [EntryDoubt] = []
    if let pseudonym, let found = PersonalText.finding(pseudonym: pseudonym) {
      doubts.append(
        EntryDoubt("pseudonym-identifies", "the pseudonym \"\(pseudonym)\" may hold \(found)"))
    }
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
      guard let found = PersonalText.finding(value) else { continue }
      // The value itself stays out of a text that is shown in reports.
      doubts.append(
        EntryDoubt("attribute-identifies", "the attribute \"\(name)\" may hold \(found)"))
    }
    return doubts
  }
}
