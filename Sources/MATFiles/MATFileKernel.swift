internal import CMatio
import Foundation
import Recordings
import Synchronization

/// A MAT file of level 5 or version 7.3, read through libmatio.
///
/// Every operation opens the file anew under one lock for the whole process, because the HDF5
/// library below version 7.3 is not safe for threads. With a worker the library runs in a process of
/// its own and only checked values come back.
struct MATFile: Sendable {
  /// A variable as its header describes it.
  struct Variable: Sendable {
    var name: String
    var isNumeric: Bool
    var dimensions: [Int]
    var hasClass = true
  }

  /// Most variables that are told apart.
  private static let variableLimit = 20_000
  /// Most values inside one variable: cells, fields and what they hold.
  private static let valueLimit = 200_000

  private static let lock = Mutex(())

  let path: String
  /// The process that reads the file, nil to read it in this one.
  var worker: MATWorkerProcess?

  /// Name, kind and dimensions of all variables; throws `RecordingError`.
  func variables() throws -> [Variable] {
    if let worker { return try worker.variables() }
    let found = try storedVariables()
    // A file without any class has names that the library does not understand.
    if !found.isEmpty, found.allSatisfy({ !$0.hasClass }), try MATPaddedNames.repair(path) {
      return try storedVariables()
    }
    return found
  }

  private func storedVariables() throws -> [Variable] {
    try withFile { file in
      var result: [Variable] = []
      while let variable = Mat_VarReadNextInfo(file) {
        defer { Mat_VarFree(variable) }
        guard let name = variable.pointee.name else { continue }
        result.append(
          Variable(
            name: String(cString: name), isNumeric: Self.isNumeric(variable),
            dimensions: Self.dimensions(variable),
            hasClass: variable.pointee.class_type != MAT_C_EMPTY))
        guard result.count < Self.variableLimit else { break }
      }
      return result
    }
  }

  /// A variable's value; numeric arrays of more than `limit` elements are left unread in it.
  ///
  /// Nil where there is no such variable. Throws `RecordingError`.
  func value(_ name: String, limit: Int = 100_000) throws -> MATValue? {
    if let worker { return try worker.value(name, limit: limit) }
    return try withFile { file in
      // A large matrix need not be read to know its size.
      guard let header = Mat_VarReadInfo(file, name) else { return nil }
      let (isMatrix, dimensions) = (Self.isNumeric(header), Self.dimensions(header))
      let count = Self.count(header)
      Mat_VarFree(header)
      if isMatrix, let count, count > limit { return .large(dimensions: dimensions) }
      guard let variable = Mat_VarRead(file, name) else { return nil }
      defer { Mat_VarFree(variable) }
      var budget = Self.valueLimit
      return Self.value(variable, limit: limit, depth: 0, budget: &budget)
    }
  }

  /// The channels of a numeric matrix of `count` values, each contiguous; throws `RecordingError`.
  func channels(
    _ place: MATPath, channelsAreColumns: Bool, count: Int = 0
  ) throws -> [[Float]] {
    if let worker {
      return try worker.samples(
        .channels(place, channelsAreColumns: channelsAreColumns), count: count)
    }
    return try withFile { file in
      guard let variable = Mat_VarRead(file, place.variable) else { throw missing(place) }
      defer { Mat_VarFree(variable) }
      var current = variable
      for step in place.steps {
        guard let next = Self.step(current, step) else { throw missing(place) }
        current = next
      }
      let dimensions = Self.dimensions(current)
      guard dimensions.count == 2, let values = Self.floats(current) else { throw missing(place) }
      let (rows, columns) = (dimensions[0], dimensions[1])
      if channelsAreColumns {
        return (0..<columns).map { Array(values[$0 * rows..<($0 + 1) * rows]) }
      }
      return (0..<rows).map { row in (0..<columns).map { values[$0 * rows + row] } }
    }
  }

  /// The vectors in the cells of a cell array of `count` values in all, an empty one for what is none.
  ///
  /// One reading gives them all: each costs as much as the whole variable. Throws `RecordingError`.
  func vectors(_ place: MATPath, count: Int = 0) throws -> [[Float]] {
    if let worker { return try worker.samples(.vectors(place), count: count) }
    return try withFile { file in
      guard let variable = Mat_VarRead(file, place.variable) else { throw missing(place) }
      defer { Mat_VarFree(variable) }
      var current = variable
      for step in place.steps {
        guard let next = Self.step(current, step) else { throw missing(place) }
        current = next
      }
      guard current.pointee.class_type == MAT_C_CELL, let cells = Self.count(current),
        cells <= RecordingLimits.channelCount.upperBound, current.pointee.data != nil
      else { throw missing(place) }
      return (0..<cells).map { index in
        Mat_VarGetCell(current, Int32(index)).flatMap { Self.floats($0) } ?? []
      }
    }
  }

  /// Part of a matrix that is a variable of its own: one array per wanted channel.
  ///
  /// Only version 7.3 reads the part alone. Throws `RecordingError`.
  func part(
    _ name: String, channels: [Int], range: Range<Int>, channelsAreColumns: Bool
  ) throws -> [[Float]] {
    if let worker {
      let request = MATRequest.part(
        name: name, channels: channels, range: range, channelsAreColumns: channelsAreColumns)
      let values = try worker.samples(request, count: channels.count * range.count)
      guard values.count == channels.count, values.allSatisfy({ $0.count == range.count }) else {
        throw missing(MATPath(variable: name))
      }
      return values
    }
    return try withFile { file in
      guard let variable = Mat_VarReadInfo(file, name) else {
        throw missing(MATPath(variable: name))
      }
      defer { Mat_VarFree(variable) }
      let size = Mat_SizeOfClass(Int32(bitPattern: variable.pointee.class_type.rawValue))
      var result: [[Float]] = []
      for channel in channels {
        guard let first = Int32(exactly: range.lowerBound),
          let length = Int32(exactly: range.count),
          let column = Int32(exactly: channel)
        else { throw missing(MATPath(variable: name)) }
        var start: [Int32] = [first, column]
        var stride: [Int32] = [1, 1]
        var edge: [Int32] = [length, 1]
        if !channelsAreColumns { (start, edge) = (start.reversed(), edge.reversed()) }
        var bytes = [UInt8](repeating: 0, count: range.count * size)
        let status = bytes.withUnsafeMutableBytes {
          Mat_VarReadData(file, variable, $0.baseAddress, &start, &stride, &edge)
        }
        let values = bytes.withUnsafeBytes {
          Self.floats($0, Self.type(ofClass: variable.pointee.class_type), count: range.count)
        }
        guard status == 0, let values else { throw missing(MATPath(variable: name)) }
        result.append(values)
      }
      return result
    }
  }

  private func missing(_ place: MATPath) -> RecordingError {
    RecordingError(
      .malformed, path: path, place: "variable \(place.variable)",
      "cannot be read as a matrix of real numbers: the file is damaged")
  }

  /// Runs one operation on the library at a time.
  static func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
    try lock.withLock { _ in
      silenceHDF5()
      return try body()
    }
  }

  /// Keeps the HDF5 library from printing its error stack: errors are thrown, not printed.
  ///
  /// The library is loaded below libmatio, whose headers do not show it; where the symbol is
  /// missing nothing happens.
  private static func silenceHDF5() {
    typealias SetAutomaticPrinting =
      @convention(c) (Int64, UnsafeRawPointer?, UnsafeRawPointer?) -> Int32
    guard let symbol = dlsym(nil, "H5Eset_auto2") else { return }
    _ = unsafeBitCast(symbol, to: SetAutomaticPrinting.self)(0, nil, nil)
  }

  private func withFile<Result>(_ body: (OpaquePointer) throws -> Result) throws -> Result {
    try Self.exclusively {
      guard
        let file = Mat_Open(
          MATPaddedNames.readablePath(of: path), Int32(MAT_ACC_RDONLY.rawValue))
      else {
        throw RecordingError(
          .malformed, path: path, "cannot be read as a MAT file: damaged or cut",
          remedy: "save it again with save -v7 or -v7.3")
      }
      defer { Mat_Close(file) }
      return try body(file)
    }
  }

  private typealias Pointer = UnsafeMutablePointer<matvar_t>

  private static func isNumeric(_ variable: Pointer) -> Bool {
    (MAT_C_DOUBLE.rawValue...MAT_C_UINT64.rawValue).contains(variable.pointee.class_type.rawValue)
      && variable.pointee.isComplex == 0
  }

  private static func dimensions(_ variable: Pointer) -> [Int] {
    guard let dims = variable.pointee.dims, (0...64).contains(variable.pointee.rank) else {
      return []
    }
    return (0..<Int(variable.pointee.rank)).map { Int(clamping: dims[$0]) }
  }

  /// The product of the dimensions, nil where it is beyond any memory.
  private static func count(_ variable: Pointer) -> Int? {
    var product = 1
    for dimension in dimensions(variable) {
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard !overflow, next < 1 << 40 else { return nil }
      product = next
    }
    return variable.pointee.rank > 0 ? product : nil
  }

  private static func step(_ variable: Pointer, _ step: MATPath.Step) -> Pointer? {
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
  private static func value(
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

  private static func text(_ variable: Pointer, _ dimensions: [Int], _ count: Int) -> [String]? {
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

  private static func numbers(_ variable: Pointer, _ count: Int) -> [Double]? {
    if count == 0 { return [] }
    guard let bytes = bytes(variable, count) else { return nil }
    if variable.pointee.data_type == MAT_T_DOUBLE {
      return (0..<count).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
    return floats(bytes, variable.pointee.data_type, count: count)?.map { Double($0) }
  }

  private static func floats(_ variable: Pointer) -> [Float]? {
    guard isNumeric(variable), let count = count(variable), count > 0,
      let bytes = bytes(variable, count)
    else { return nil }
    return floats(bytes, variable.pointee.data_type, count: count)
  }

  private static func bytes(_ variable: Pointer, _ count: Int) -> UnsafeRawBufferPointer? {
    guard let data = variable.pointee.data,
      variable.pointee.nbytes >= count * Mat_SizeOf(variable.pointee.data_type)
    else { return nil }
    return UnsafeRawBufferPointer(start: data, count: Int(variable.pointee.nbytes))
  }

  private static func floats(
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
  private static func type(ofClass value: matio_classes) -> matio_types {
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
