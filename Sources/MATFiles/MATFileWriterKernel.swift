internal import CMatio
import Recordings
import Synchronization

extension MATFile {
  /// Writes variables, compressed; throws `RecordingError`.
  ///
  /// `finalPath` is the name that errors speak of.
  static func write(
    _ variables: [(name: String, value: MATVariable)], path: String, finalPath: String,
    version: MATWriter.Version
  ) throws {
    func failure() -> RecordingError {
      RecordingError(.cannotWrite, path: finalPath, "cannot be written as a MAT file")
    }
    try exclusively {
      let isLevel5 = version == .level5
      let title = isLevel5 ? "MATLAB 5.0 MAT-file, written by MotorPool" : nil
      guard let file = Mat_CreateVer(path, title, isLevel5 ? MAT_FT_MAT5 : MAT_FT_MAT73)
      else { throw failure() }
      var isOpen = true
      defer { if isOpen { Mat_Close(file) } }
      for (name, variable) in variables {
        guard let made = make(name, variable) else { throw failure() }
        defer { Mat_VarFree(made) }
        guard Mat_VarWrite(file, made, MAT_COMPRESSION_ZLIB) == 0 else { throw failure() }
      }
      isOpen = false
      guard Mat_Close(file) == 0 else { throw failure() }
    }
  }

  private static func make(
    _ name: String?, _ variable: MATVariable
  ) -> UnsafeMutablePointer<matvar_t>? {
    switch variable {
    case .single(let values, let rows, let columns):
      precondition(values.count == rows * columns, "a matrix has rows x columns values")
      return create(name, MAT_C_SINGLE, MAT_T_SINGLE, rows, columns, values)
    case .double(let values, let rows, let columns):
      precondition(values.count == rows * columns, "a matrix has rows x columns values")
      return create(name, MAT_C_DOUBLE, MAT_T_DOUBLE, rows, columns, values)
    case .whole(let values, let rows, let columns):
      precondition(values.count == rows * columns, "a matrix has rows x columns values")
      let stored = values.map { Int32(clamping: $0) }
      return create(name, MAT_C_DOUBLE, MAT_T_INT32, rows, columns, stored)
    case .text(let text):
      // UTF-8 would be counted in bytes, and the library reads such texts beyond their end.
      let units = Array(text.utf16)
      return create(name, MAT_C_CHAR, MAT_T_UTF16, 1, units.count, units)
    case .cells(let values, let rows, let columns):
      precondition(values.count == rows * columns, "a cell array has rows x columns values")
      var dimensions = [rows, columns]
      guard let cells = Mat_VarCreate(name, MAT_C_CELL, MAT_T_CELL, 2, &dimensions, nil, 0)
      else { return nil }
      for (index, value) in values.enumerated() {
        guard let cell = make(nil, value) else {
          Mat_VarFree(cells)
          return nil
        }
        Mat_VarSetCell(cells, Int32(index), cell)
      }
      return cells
    case .structure(let fields):
      return structure(name, fields)
    }
  }

  private static func structure(
    _ name: String?, _ fields: [(name: String, value: MATVariable)]
  ) -> UnsafeMutablePointer<matvar_t>? {
    var dimensions = [1, 1]
    guard let made = Mat_VarCreateStruct(name, 2, &dimensions, nil, 0) else { return nil }
    for field in fields {
      guard Mat_VarAddStructField(made, field.name) == 0, let value = make(field.name, field.value)
      else {
        Mat_VarFree(made)
        return nil
      }
      Mat_VarSetStructFieldByName(made, field.name, 0, value)
    }
    return made
  }

  private static func create<Number>(
    _ name: String?, _ kind: matio_classes, _ type: matio_types, _ rows: Int, _ columns: Int,
    _ values: [Number]
  ) -> UnsafeMutablePointer<matvar_t>? {
    var dimensions = [rows, columns]
    return values.withUnsafeBytes { bytes in
      // The library copies the data; it takes a mutable pointer but does not write to it.
      Mat_VarCreate(
        name, kind, type, 2, &dimensions, UnsafeMutableRawPointer(mutating: bytes.baseAddress), 0)
    }
  }
}
