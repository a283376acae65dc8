import Foundation
import Registry
import Tables

/// An endpoint named beforehand: a measure or column, a muscle, or `MEASURE/MUSCLE`; `log(COLUMN)` for a logarithm.
package struct EndpointName: Hashable, Sendable {
  /// As it was named.
  package let text: String
  /// Measure, column or muscle.
  package let first: String
  /// The muscle where both are named.
  package let muscle: String?
  /// Whether the logarithm of a column is meant.
  package let isLogarithmic: Bool

  /// Reads a name.
  package init(_ text: String) {
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

  /// The column and the muscle that the name means in a table.
  ///
  /// - Parameters:
  ///   - muscleColumn: column of the muscles; nil without one.
  ///   - valueColumn: column of the values of all muscles; nil without one.
  /// - Throws: `FollowUpError` for a name that means neither; `TableError`.
  package func place(
    inTable file: String, muscleColumn: String?, valueColumn: String?
  ) throws -> (column: String?, muscle: String?) {
    let header = try ColumnReader(file: file, numbers: []).table.header
    if let muscle {
      guard muscleColumn != nil else {
        throw FollowUpError(
          .wrongSetting, "endpoint \(text): a muscle needs the column of the muscles")
      }
      return (first, muscle)
    }
    if header.contains(first) { return (first, nil) }
    guard muscleColumn != nil, valueColumn != nil else {
      throw FollowUpError(
        path: file,
        "endpoint \(text): no column of that name (there are \(header.joined(separator: ", "))); a "
          + "muscle needs the columns of the values and of the muscles")
    }
    return (nil, first)
  }

  /// The measure and the muscle that the name means in a registry.
  ///
  /// - Throws: `FollowUpError` for a name that means neither; `RegistryError`.
  package func place(
    in registry: PatientRegistry
  ) throws -> (measure: String?, muscle: String?) {
    guard !isLogarithmic else {
      throw FollowUpError(
        .wrongSetting,
        "endpoint \(text): the registry knows the scale of each measure; name it alone")
    }
    if let muscle { return (first, muscle) }
    let stored = try MeasuredKinds.stored(registry).map(\.kind)
    if let kind = try? MeasuredKinds.named(first, stored: stored) { return (kind.id, nil) }
    let known = try registry.cohortSeries(MeasurementFilter(muscle: first)).points
    guard !known.isEmpty else {
      throw FollowUpError(
        "endpoint \(text): neither a measure nor a muscle with values (measures: "
          + "\(stored.prefix(12).map(\.id).joined(separator: ", ")))")
    }
    return (nil, first)
  }
}
