import Foundation
import Progression
import UnitNumber

/// A method whose variation between visits is known.
package enum RetestMethod: String, CaseIterable, Sendable {
  case scan, n50, munix, multipoint, cmap

  /// The variation in a muscle; nil for any muscle.
  package func variation(_ muscle: String?) -> RetestVariation {
    switch self {
    case .scan: .scanUnitCount(muscle: muscle)
    case .n50: .scanN50
    case .munix: .munix
    case .multipoint: .multipoint
    case .cmap: .cmapAmplitude
    }
  }
}

extension GroupSequentialDesign {
  /// The shares of the patients at looks, as they are written: a number of looks from 1 to 20, or growing
  /// shares with commas that end with 1; nil for anything else.
  package static func shares(_ text: String) -> [Double]? {
    if let count = Int(text) {
      return (1...20).contains(count) ? (1...count).map { Double($0) / Double(count) } : nil
    }
    let parts = text.split(separator: ",")
    let shares = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard shares.count == parts.count, shares.count <= 20, let first = shares.first, first > 0,
      shares.last == 1, zip(shares, shares.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    return shares
  }
}
