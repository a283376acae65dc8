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
  /// Nil where there is no such variable.
  ///
  /// - Throws: `RecordingError`.
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
  /// One reading gives them all: each costs as much as the whole variable.
  ///
  /// - Throws: `RecordingError`.
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
  /// Only version 7.3 reads the part alone.
  ///
  /// - Throws: `RecordingError`.
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
}
