import Foundation

extension Data {
  /// Adds numbers as they lie in memory on a little-endian machine; elsewhere turned one by one.
  mutating func append(littleEndian numbers: [Int16]) {
    #if _endian(little)
      numbers.withUnsafeBytes { append(contentsOf: $0) }
    #else
      numbers.map { $0.littleEndian }.withUnsafeBytes { append(contentsOf: $0) }
    #endif
  }

  /// Adds numbers in IEEE 754, little-endian.
  mutating func append(littleEndian numbers: [Float]) {
    #if _endian(little)
      numbers.withUnsafeBytes { append(contentsOf: $0) }
    #else
      numbers.map { $0.bitPattern.littleEndian }.withUnsafeBytes { append(contentsOf: $0) }
    #endif
  }
}
