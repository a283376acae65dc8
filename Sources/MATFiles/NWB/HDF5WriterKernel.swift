internal import CHDF5
import Foundation
import Recordings

/// Writes an HDF5 file, for use inside `MATFile.exclusively`.
final class HDF5Writer {
  /// A value of an attribute.
  enum Attribute {
    case text(String)
    case texts([String])
    case number(Double)
    /// A reference to another object of the file, which exists.
    case reference(String)
  }

  /// How numbers are stored.
  enum NumberType {
    /// In double precision.
    case real
    /// As 64-bit integers with a sign.
    case signed
    /// As 64-bit integers without one, which counts and ends of ragged columns have to be.
    case unsigned
  }

  private let finalPath: String
  private let id: hid_t
  private var isOpen = true

  /// Makes the file.
  ///
  /// `finalPath` is the name that errors speak of.
  ///
  /// - Throws: `RecordingError`.
  init(path: String, finalPath: String) throws {
    self.finalPath = finalPath
    H5open()
    // Version 1.8 of the format, which every reader knows; existing content is replaced.
    id = H5Fcreate(path, 0x0002, 0, 0)
    guard id >= 0 else { throw failure() }
  }

  deinit { if isOpen { H5Fclose(id) } }

  private func failure() -> RecordingError {
    RecordingError(.cannotWrite, path: finalPath, "cannot be written as an HDF5 file")
  }

  @discardableResult
  private func check(_ status: Int64) throws -> hid_t {
    guard status >= 0 else { throw failure() }
    return status
  }

  private func check(_ status: herr_t) throws {
    guard status >= 0 else { throw failure() }
  }

  /// Brings everything to the file; throws `RecordingError`.
  func finish() throws {
    isOpen = false
    try check(H5Fclose(id))
  }

  /// Makes a group.
  func group(_ path: String, _ attributes: [(String, Attribute)] = []) throws {
    try check(H5Gclose(check(H5Gcreate2(id, path, 0, 0, 0))))
    try set(attributes, of: path)
  }

  /// Makes a link to another object of the file.
  func link(_ path: String, to target: String) throws {
    try check(H5Lcreate_soft(target, id, path, 0, 0))
  }

  /// Writes a text, or a list of texts.
  func texts(
    _ path: String, _ texts: [String], isScalar: Bool = false,
    _ attributes: [(String, Attribute)] = []
  ) throws {
    let type = try textType()
    defer { H5Tclose(type) }
    try dataset(path, type, isScalar ? [] : [texts.count]) { dataset in
      withPointers(texts) { H5Dwrite(dataset, type, 0, 0, 0, $0) }
    }
    try set(attributes, of: path)
  }

  /// Writes a list of numbers, or one; integers are given as whole numbers that their type holds.
  func numbers(
    _ path: String, _ values: [Double], isScalar: Bool = false, as type: NumberType = .real,
    _ attributes: [(String, Attribute)] = []
  ) throws {
    let size = isScalar ? [] : [values.count]
    switch type {
    case .real:
      let type = chdf5_native_double()
      try dataset(path, type, size) { H5Dwrite($0, type, 0, 0, 0, values) }
    case .signed:
      let type = chdf5_native_int64()
      try dataset(path, type, size) { H5Dwrite($0, type, 0, 0, 0, values.map { Int64($0) }) }
    case .unsigned:
      let type = chdf5_native_uint64()
      try dataset(path, type, size) { H5Dwrite($0, type, 0, 0, 0, values.map { UInt64($0) }) }
    }
    try set(attributes, of: path)
  }

  /// Writes an array in single precision, its last dimension running fastest.
  func array(
    _ path: String, _ values: [Float], dimensions: [Int], _ attributes: [(String, Attribute)] = []
  ) throws {
    precondition(dimensions.reduce(1, *) == values.count, "as many values as places")
    let type = chdf5_native_float()
    try dataset(path, type, dimensions) { H5Dwrite($0, type, 0, 0, 0, values) }
    try set(attributes, of: path)
  }

  /// Writes references to objects that exist.
  func references(
    _ path: String, _ targets: [String], _ attributes: [(String, Attribute)] = []
  ) throws {
    var values = [hobj_ref_t](repeating: 0, count: targets.count)
    for (index, target) in targets.enumerated() {
      try check(H5Rcreate(&values[index], id, target, H5R_OBJECT, -1))
    }
    try dataset(path, chdf5_object_reference(), [targets.count]) { dataset in
      H5Dwrite(dataset, chdf5_object_reference(), 0, 0, 0, values)
    }
    try set(attributes, of: path)
  }

  /// Writes samples x channels in single precision, compressed, piece by piece.
  ///
  /// `next` gives channels x samples of a range; one channel may become a list.
  func samples(
    _ path: String, sampleCount: Int, channelCount: Int, isList: Bool,
    _ attributes: [(String, Attribute)], _ next: (Range<Int>) throws -> [[Float]]
  ) throws {
    // Pieces of about a quarter of a megabyte, whole in the direction of the channels.
    let rows = max(1, min(sampleCount, (1 << 16) / channelCount))
    let size = isList ? [sampleCount] : [sampleCount, channelCount]
    let piece = isList ? [rows] : [rows, channelCount]
    let space = try check(
      H5Screate_simple(Int32(size.count), size.map { hsize_t($0) }, nil))
    defer { H5Sclose(space) }
    let list = try check(H5Pcreate(chdf5_dataset_create()))
    defer { H5Pclose(list) }
    try check(H5Pset_chunk(list, Int32(piece.count), piece.map { hsize_t($0) }))
    try check(H5Pset_shuffle(list))
    try check(H5Pset_deflate(list, 4))
    let type = chdf5_native_float()
    let dataset = try check(H5Dcreate2(id, path, type, space, 0, list, 0))
    defer { H5Dclose(dataset) }
    var start = 0
    while start < sampleCount {
      let end = min(sampleCount, start + rows)
      let values = try next(start..<end)
      var block = [Float](repeating: 0, count: (end - start) * channelCount)
      for (channel, signal) in values.enumerated() {
        for index in signal.indices { block[index * channelCount + channel] = signal[index] }
      }
      let first = isList ? [hsize_t(start)] : [hsize_t(start), 0]
      let count = isList ? [hsize_t(end - start)] : [hsize_t(end - start), hsize_t(channelCount)]
      try check(H5Sselect_hyperslab(space, H5S_SELECT_SET, first, nil, count, nil))
      let memory = try check(H5Screate_simple(Int32(count.count), count, nil))
      defer { H5Sclose(memory) }
      try check(H5Dwrite(dataset, type, memory, space, 0, block))
      start = end
    }
    try set(attributes, of: path)
  }

  // MARK: Parts

  private func textType() throws -> hid_t {
    let type = try check(H5Tcopy(chdf5_c_string()))
    try check(H5Tset_size(type, chdf5_variable()))
    try check(H5Tset_cset(type, H5T_CSET_UTF8))
    return type
  }

  private func withPointers<Result>(
    _ texts: [String], _ body: (UnsafeRawPointer) -> Result
  ) -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    // An empty list still needs a place.
    return (pointers + [nil]).withUnsafeBytes { body($0.baseAddress!) }
  }

  private func space(_ size: [Int]) throws -> hid_t {
    size.isEmpty
      ? try check(H5Screate(H5S_SCALAR))
      : try check(H5Screate_simple(Int32(size.count), size.map { hsize_t($0) }, nil))
  }

  private func dataset(
    _ path: String, _ type: hid_t, _ size: [Int], _ write: (hid_t) -> herr_t
  ) throws {
    let space = try space(size)
    defer { H5Sclose(space) }
    let dataset = try check(H5Dcreate2(id, path, type, space, 0, 0, 0))
    defer { H5Dclose(dataset) }
    try check(write(dataset))
  }

  /// Sets attributes of an object.
  func set(_ attributes: [(String, Attribute)], of path: String) throws {
    let object = try check(H5Oopen(id, path, 0))
    defer { H5Oclose(object) }
    for (name, value) in attributes {
      func write(_ type: hid_t, _ size: [Int], _ body: (hid_t) -> herr_t) throws {
        let space = try space(size)
        defer { H5Sclose(space) }
        let attribute = try check(H5Acreate2(object, name, type, space, 0, 0))
        defer { H5Aclose(attribute) }
        try check(body(attribute))
      }
      switch value {
      case .text(let text):
        let type = try textType()
        defer { H5Tclose(type) }
        try write(type, []) { attribute in withPointers([text]) { H5Awrite(attribute, type, $0) } }
      case .texts(let texts):
        let type = try textType()
        defer { H5Tclose(type) }
        try write(type, [texts.count]) { attribute in
          withPointers(texts) { H5Awrite(attribute, type, $0) }
        }
      case .number(let number):
        var number = number
        try write(chdf5_native_double(), []) { H5Awrite($0, chdf5_native_double(), &number) }
      case .reference(let target):
        var reference = hobj_ref_t()
        try check(H5Rcreate(&reference, id, target, H5R_OBJECT, -1))
        try write(chdf5_object_reference(), []) {
          H5Awrite($0, chdf5_object_reference(), &reference)
        }
      }
    }
  }
}
