import ArgumentParser
import FollowUp
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

  /// The endpoints of the two families.
  var names: (primary: [EndpointName], secondary: [EndpointName]) {
    (
      NameList.names(primary).map { EndpointName($0) },
      NameList.names(secondary).map { EndpointName($0) }
    )
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
