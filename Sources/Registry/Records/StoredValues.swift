import Foundation
internal import GRDB

/// Reading what a damaged file may not hold.
///
/// GRDB's subscripts end the program where a value is absent or of another type; these throw.
extension Row {
  /// The value of a column that every sound row has; throws `RegistryError.invalid`.
  func stored<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    guard let raw = self[column] as DatabaseValue?, let value = Value.fromDatabaseValue(raw) else {
      throw Self.damaged(column)
    }
    return value
  }

  /// The value at a place that every sound row has; throws `RegistryError.invalid`.
  func stored<Value: DatabaseValueConvertible>(at index: Int) throws -> Value {
    guard index < count else { throw Self.damaged("\(index)") }
    let raw: DatabaseValue = self[index]
    guard let value = Value.fromDatabaseValue(raw) else { throw Self.damaged("\(index)") }
    return value
  }

  /// The value of a column that may be absent, nil also where it is of another type.
  func maybe<Value: DatabaseValueConvertible>(_ column: String) -> Value? {
    (self[column] as DatabaseValue?).flatMap { Value.fromDatabaseValue($0) }
  }

  /// The value at a place that may be absent, nil also where it is of another type.
  func maybe<Value: DatabaseValueConvertible>(at index: Int) -> Value? {
    guard index < count else { return nil }
    let raw: DatabaseValue = self[index]
    return Value.fromDatabaseValue(raw)
  }

  private static func damaged(_ column: String) -> RegistryError {
    .invalid(
      table: "registry", field: "column \(column)", found: "absent or of another type",
      expected: "a stored value; check the registry for damage")
  }
}
