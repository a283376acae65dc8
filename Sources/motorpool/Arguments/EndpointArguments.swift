import ArgumentParser
import Foundation

/// Arguments of endpoints named beforehand.
struct EndpointArguments: ParsableArguments {
  @Option(
    help:
      "Primary endpoints named beforehand, comma-separated: measures or columns, muscles, or MEASURE/MUSCLE; log(NAME) for the logarithm of a column. The first is shown in full."
  )
  var primary: String?

  @Option(help: "Secondary endpoints, tested where all primary ones were rejected.")
  var secondary: String?

  /// One endpoint as it was named.
  struct Name: Hashable {
    /// As it stands on the command line.
    let text: String
    /// Measure, column or muscle.
    let first: String
    /// The muscle where both are named.
    let muscle: String?
    /// Whether the logarithm of a column is meant.
    let isLogarithmic: Bool

    init(_ text: String) {
      self.text = text
      var rest = Substring(text)
      isLogarithmic = rest.hasPrefix("log(") && rest.hasSuffix(")")
      if isLogarithmic { rest = rest.dropFirst(4).dropLast() }
      let parts = rest.split(separator: "/", maxSplits: 1).map {
        String($0).trimmingCharacters(in: .whitespaces)
      }
      first = parts.first ?? ""
      muscle = parts.count > 1 ? parts[1] : nil
    }
  }

  /// The endpoints of the two families.
  var names: (primary: [Name], secondary: [Name]) {
    func list(_ text: String?) -> [Name] {
      (text ?? "").split(separator: ",").map {
        Name($0.trimmingCharacters(in: .whitespaces))
      }
    }
    return (list(primary), list(secondary))
  }

  func validate() throws {
    let (first, second) = names
    guard primary != nil || secondary == nil else {
      throw ValidationError("--secondary needs --primary")
    }
    guard primary == nil || !first.isEmpty, (first + second).allSatisfy({ !$0.first.isEmpty })
    else { throw ValidationError("--primary, --secondary: expected names, comma-separated") }
    var seen: Set<String> = []
    for name in first + second where !seen.insert(name.text).inserted {
      throw ValidationError("--primary, --secondary: \(name.text) is named twice")
    }
  }
}
