internal import CMatio
import Foundation
import Recordings

/// What a variable in memory holds, as values of Swift.
extension MATFile {
  typealias Pointer = UnsafeMutablePointer<matvar_t>

  static func isNumeric(_ variable: Pointer) -> Bool {
    (MAT_C_DOUBLE.rawValue...MAT_C_UINT64.rawValue).contains(variable.pointee.class_type.rawValue)
      && variable.pointee.isComplex == 0
  }

  static func dimensions(_ variable: Pointer) -> [Int] {
    guard let dims = variable.pointee.dims, (0...64).contains(variable.pointee.rank) else {
      return []
    }
    return (0..<Int(variable.pointee.rank)).map { Int(clamping: dims[$0]) }
  }

  /// The product of the dimensions, nil where it is beyond any memory.
  static func count(_ variable: Pointer) -> Int? {
    var product = 1
    for dimension in dimensions(variable) {
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard !overflow, next < 1 << 40 else { return nil }
      product = next
    }
    return variable.pointee.rank > 0 ? product : nil
  }

  static func step(_ variable: Pointer, _ step: MATPath.Step) -> Pointer? {
    switch step {
    case .cell(let index):
      guard variable.pointee.class_type == MAT_C_CELL, let count = count(variable), index < count,
        variable.pointee.data != nil
      else { return nil }
      return Mat_VarGetCell(variable, Int32(index))
    case .field(let name):
      guard variable.pointee.class_type == MAT_C_STRUCT, (count(variable) ?? 0) > 0 else {
        return nil
      }
      return Mat_VarGetStructFieldByName(variable, name, 0)
    }
  }

  /// `budget` is the number of values that may still be made.
  static func value(
    _ variable: Pointer, limit: Int, depth: Int, budget: inout Int
  ) -> MATValue {
    let dimensions = dimensions(variable)
    budget -= 1
    guard let count = count(variable), depth < 16, budget > 0 else {
      return .other("too large or too deep")
    }
    switch variable.pointee.class_type {
    case MAT_C_CELL:
      guard variable.pointee.data != nil || count == 0, count < budget else {
        return .other("empty cell array, or one of too many cells")
      }
      let cells = (0..<count).map { index -> MATValue in
        guard let cell = Mat_VarGetCell(variable, Int32(index)) else { return .other("empty") }
        return value(cell, limit: limit, depth: depth + 1, budget: &budget)
      }
      return .cells(cells, dimensions: dimensions)
    case MAT_C_STRUCT:
      let fieldCount = min(Int(Mat_VarGetNumberOfFields(variable)), budget)
      guard count > 0, variable.pointee.data != nil,
        let names = Mat_VarGetStructFieldnames(variable)
      else { return .structure([:]) }
      var fields: [String: MATValue] = [:]
      for index in 0..<fieldCount {
        guard let name = names[index], let field = Mat_VarGetStructFieldByIndex(variable, index, 0)
        else { continue }
        fields[String(cString: name)] = value(
          field, limit: limit, depth: depth + 1, budget: &budget)
      }
      return .structure(fields)
    case MAT_C_CHAR:
      return text(variable, dimensions, count).map { .text($0) } ?? .other("unreadable text")
    default:
      guard isNumeric(variable) else { return .other("no real numbers") }
      if count > limit { return .large(dimensions: dimensions) }
      guard let values = numbers(variable, count) else { return .other("unreadable numbers") }
      return .numbers(values, dimensions: dimensions)
    }
  }

  static func text(_ variable: Pointer, _ dimensions: [Int], _ count: Int) -> [String]? {
    if count == 0 { return [""] }
    guard dimensions.count == 2, let data = variable.pointee.data else { return nil }
    let bytes = UnsafeRawBufferPointer(start: data, count: Int(variable.pointee.nbytes))
    if variable.pointee.data_type == MAT_T_UTF8 && dimensions[0] == 1 {
      return [String(decoding: bytes, as: UTF8.self)]
    }
    let size = Int(variable.pointee.data_size)
    guard size == 1 || size == 2, bytes.count >= count * size else { return nil }
    let units = (0..<count).map { index -> UInt16 in
      size == 1
        ? UInt16(bytes[index])
        : bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
    }
    return (0..<dimensions[0]).map { row in
      String(
        decoding: stride(from: row, to: count, by: dimensions[0]).map { units[$0] },
        as: UTF16.self)
    }
  }

  static func numbers(_ variable: Pointer, _ count: Int) -> [Double]? {
    if count == 0 { return [] }
    guard let bytes = bytes(variable, count) else { return nil }
    if variable.pointee.data_type == MAT_T_DOUBLE {
      return (0..<count).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
    return floats(bytes, variable.pointee.data_type, count: count)?.map { Double($0) }
  }

  static func floats(_ variable: Pointer) -> [Float]? {
    guard isNumeric(variable), let count = count(variable), count > 0,
      let bytes = bytes(variable, count)
    else { return nil }
    return floats(bytes, variable.pointee.data_type, count: count)
  }

  static func bytes(_ variable: Pointer, _ count: Int) -> UnsafeRawBufferPointer? {
    guard let data = variable.pointee.data,
      variable.pointee.nbytes >= count * Mat_SizeOf(variable.pointee.data_type)
    else { return nil }
    return UnsafeRawBufferPointer(start: data, count: Int(variable.pointee.nbytes))
  }

  static func floats(
    _ bytes: UnsafeRawBufferPointer, _ type: matio_types, count: Int
  ) -> [Float]? {
    func all<Number: BitwiseCopyable>(
      _: Number.Type, _ convert: (Number) -> Float
    ) -> [Float]? {
      let size = MemoryLayout<Number>.size
      guard bytes.count >= count * size else { return nil }
      return (0..<count).map {
        convert(bytes.loadUnaligned(fromByteOffset: size * $0, as: Number.self))
      }
    }
    switch type {
    case MAT_T_SINGLE: return all(Float.self) { $0 }
    case MAT_T_DOUBLE: return all(Double.self) { Float($0) }
    case MAT_T_INT8: return all(Int8.self) { Float($0) }
    case MAT_T_UINT8: return all(UInt8.self) { Float($0) }
    case MAT_T_INT16: return all(Int16.self) { Float($0) }
    case MAT_T_UINT16: return all(UInt16.self) { Float($0) }
    case MAT_T_INT32: return all(Int32.self) { Float($0) }
    case MAT_T_UINT32: return all(UInt32.self) { Float($0) }
    case MAT_T_INT64: return all(Int64.self) { Float($0) }
    case MAT_T_UINT64: return all(UInt64.self) { Float($0) }
    default: return nil
    }
  }

  /// How the numbers of a class lie in memory after reading.
  static func type(ofClass value: matio_classes) -> matio_types {
    switch value {
    case MAT_C_SINGLE: MAT_T_SINGLE
    case MAT_C_INT8: MAT_T_INT8
    case MAT_C_UINT8: MAT_T_UINT8
    case MAT_C_INT16: MAT_T_INT16
    case MAT_C_UINT16: MAT_T_UINT16
    case MAT_C_INT32: MAT_T_INT32
    case MAT_C_UINT32: MAT_T_UINT32
    case MAT_C_INT64: MAT_T_INT64
    case MAT_C_UINT64: MAT_T_UINT64
    default: MAT_T_DOUBLE
    }
  }
}
