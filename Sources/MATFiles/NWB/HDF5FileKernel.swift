internal import CHDF5
import Foundation
import Recordings

/// An HDF5 file opened for reading.
///
/// For use inside `MATFile.exclusively`: the library is not safe for threads. It follows no link and no data that lead to other files.
final class HDF5File {
  /// Kind and size of a dataset.
  struct Dataset {
    var dimensions: [Int]
    var isNumeric: Bool
    var isText: Bool
    var count: Int { dimensions.reduce(1, *) }
  }

  /// Most members of a group, and most texts of a dataset or attribute.
  private static let memberLimit = 20_000
  /// Most numbers that are read in one step.
  static let stepLimit = 1 << 21

  private let path: String
  private let id: hid_t

  /// Opens a file; throws `RecordingError`.
  init(path: String) throws {
    self.path = path
    // Links to other files are a type of link that can be taken out of the library.
    H5open()
    H5Lunregister(H5L_TYPE_EXTERNAL)
    id = H5Fopen(path, 0, 0)
    guard id >= 0 else {
      throw RecordingError(
        .malformed, path: path, "cannot be read as an HDF5 file: damaged or cut",
        remedy: "copy the file again from its origin")
    }
  }

  deinit { H5Fclose(id) }

  private func failure(_ place: String, _ problem: String) -> RecordingError {
    RecordingError(.malformed, path: path, place: place, problem)
  }

  /// Opens an object for as long as the closure runs; nil where it is none.
  private func withObject<Result>(_ name: String, _ body: (hid_t) throws -> Result?) rethrows
    -> Result?
  {
    guard exists(name) else { return nil }
    let object = H5Oopen(id, name, 0)
    guard object >= 0 else { return nil }
    defer { H5Oclose(object) }
    return try body(object)
  }

  /// Whether a path names an object, step by step, as the library asks for.
  func exists(_ name: String) -> Bool {
    if name == "/" { return true }
    var walked = ""
    for step in name.split(separator: "/") {
      walked += "/\(step)"
      guard H5Lexists(id, walked, 0) > 0 else { return false }
    }
    return H5Oexists_by_name(id, name, 0) > 0
  }

  /// Names in a group in alphabetical order; empty where the path is no group.
  func members(_ group: String) -> [String] {
    withObject(group) { object -> [String]? in
      guard H5Iget_type(object) == H5I_GROUP else { return nil }
      var info = H5G_info_t()
      guard H5Gget_info(object, &info) >= 0 else { return nil }
      let count = min(Int(clamping: info.nlinks), Self.memberLimit)
      return (0..<count).compactMap { index -> String? in
        var name = [CChar](repeating: 0, count: 1025)
        let length = H5Lget_name_by_idx(
          object, ".", H5_INDEX_NAME, H5_ITER_INC, hsize_t(index), &name, 1024, 0)
        guard length > 0, length < 1024 else { return nil }
        return String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
    } ?? []
  }

  /// Whether a path is a group.
  func isGroup(_ name: String) -> Bool {
    withObject(name) { H5Iget_type($0) == H5I_GROUP } ?? false
  }

  // MARK: Attributes

  /// A text attribute of an object, nil where there is none.
  func text(_ attribute: String, of object: String) -> String? {
    withAttribute(attribute, of: object) { id, type, count in
      texts(type: type, count: count) { H5Aread(id, $0, $1) }?.first
    }
  }

  /// A numeric attribute of an object, nil where there is none.
  func number(_ attribute: String, of object: String) -> Double? {
    withAttribute(attribute, of: object) { id, type, count in
      guard Self.isNumeric(type), count == 1 else { return nil }
      var value = 0.0
      return H5Aread(id, chdf5_native_double(), &value) >= 0 ? value : nil
    }
  }

  private func withAttribute<Result>(
    _ attribute: String, of object: String, _ body: (hid_t, hid_t, Int) -> Result?
  ) -> Result? {
    withObject(object) { object in
      guard H5Aexists(object, attribute) > 0 else { return nil }
      let id = H5Aopen(object, attribute, 0)
      guard id >= 0 else { return nil }
      defer { H5Aclose(id) }
      let type = H5Aget_type(id)
      defer { H5Tclose(type) }
      let space = H5Aget_space(id)
      defer { H5Sclose(space) }
      let count = Int(clamping: H5Sget_simple_extent_npoints(space))
      guard (1...Self.memberLimit).contains(count) else { return nil }
      return body(id, type, count)
    }
  }

  // MARK: Datasets

  /// Kind and size of a dataset, nil where the path is none or its size is beyond any file.
  func dataset(_ name: String) -> Dataset? {
    withDataset(name) { id, type, space in
      guard let dimensions = Self.dimensions(space) else { return nil }
      return Dataset(
        dimensions: dimensions, isNumeric: Self.isNumeric(type),
        isText: H5Tget_class(type) == H5T_STRING)
    }
  }

  private func withDataset<Result>(
    _ name: String, _ body: (hid_t, hid_t, hid_t) throws -> Result?
  ) rethrows -> Result? {
    try withObject(name) { id in
      guard H5Iget_type(id) == H5I_DATASET else { return nil }
      let type = H5Dget_type(id)
      defer { H5Tclose(type) }
      let space = H5Dget_space(id)
      defer { H5Sclose(space) }
      return try body(id, type, space)
    }
  }

  private static func dimensions(_ space: hid_t) -> [Int]? {
    let rank = Int(H5Sget_simple_extent_ndims(space))
    guard (0...8).contains(rank) else { return nil }
    var sizes = [hsize_t](repeating: 0, count: max(1, rank))
    guard rank == 0 || H5Sget_simple_extent_dims(space, &sizes, nil) == Int32(rank) else {
      return nil
    }
    var product = 1
    for size in sizes.prefix(rank) {
      guard let next = Int.product(product, Int(clamping: size), atMost: 1 << 40) else {
        return nil
      }
      product = next
    }
    return sizes.prefix(rank).map { Int($0) }
  }

  private static func isNumeric(_ type: hid_t) -> Bool {
    let kind = H5Tget_class(type)
    return kind == H5T_INTEGER || kind == H5T_FLOAT
  }

  /// Throws where the values of a dataset lie in other files.
  private func checkStorage(_ dataset: hid_t, _ name: String) throws {
    let list = H5Dget_create_plist(dataset)
    defer { H5Pclose(list) }
    guard list >= 0, H5Pget_external_count(list) <= 0, H5Pget_layout(list) != H5D_VIRTUAL else {
      throw RecordingError(
        .unsupported, path: path, place: name.onOneLine,
        "has its values in other files, which are not followed",
        remedy: "copy them into one file")
    }
  }

  /// Numbers of a rectangle of a dataset, in row order, at most `stepLimit`; throws `RecordingError`.
  func numbers(_ name: String, start: [Int], count: [Int]) throws -> [Double] {
    let total = count.reduce(1, *)
    precondition(total <= Self.stepLimit, "read in steps")
    let values = try withDataset(name) { id, type, space -> [Double]? in
      guard Self.isNumeric(type), let dimensions = Self.dimensions(space),
        dimensions.count == start.count, start.count == count.count,
        zip(zip(start, count), dimensions).allSatisfy({ $0.0 >= 0 && $0.0 + $0.1 <= $1 })
      else { return nil }
      try checkStorage(id, name)
      if total == 0 { return [] }
      var values = [Double](repeating: 0, count: total)
      if dimensions.isEmpty {
        return H5Dread(id, chdf5_native_double(), 0, 0, 0, &values) >= 0 ? values : nil
      }
      let first = start.map { hsize_t($0) }
      let counts = count.map { hsize_t($0) }
      guard H5Sselect_hyperslab(space, H5S_SELECT_SET, first, nil, counts, nil) >= 0 else {
        return nil
      }
      let memory = H5Screate_simple(Int32(counts.count), counts, nil)
      defer { H5Sclose(memory) }
      return H5Dread(id, chdf5_native_double(), memory, space, 0, &values) >= 0 ? values : nil
    }
    guard let values else {
      throw failure(name.onOneLine, "cannot be read as numbers: the file is damaged")
    }
    return values
  }

  /// All numbers of a dataset of one dimension or none; nil where it is none or has too many.
  func numbers(_ name: String, limit: Int = stepLimit) throws -> [Double]? {
    guard let dataset = dataset(name), dataset.isNumeric, dataset.dimensions.count <= 1,
      dataset.count <= min(limit, Self.stepLimit)
    else { return nil }
    return try numbers(
      name, start: dataset.dimensions.map { _ in 0 }, count: dataset.dimensions)
  }

  /// All texts of a dataset; nil where it holds none or too many.
  func texts(_ name: String) throws -> [String]? {
    try withDataset(name) { id, type, space in
      guard H5Tget_class(type) == H5T_STRING, let dimensions = Self.dimensions(space),
        let count = Int.product(dimensions.reduce(1, *), 1, atMost: Self.memberLimit)
      else { return nil }
      try checkStorage(id, name)
      return texts(type: type, count: count) { H5Dread(id, $0, 0, 0, 0, $1) }
    }
  }

  /// Texts of a type of the file: of fixed length, or of variable length that the library allocates.
  private func texts(
    type: hid_t, count: Int, _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
  ) -> [String]? {
    guard H5Tget_class(type) == H5T_STRING, count <= Self.memberLimit else { return nil }
    if count == 0 { return [] }
    if H5Tis_variable_str(type) > 0 {
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      guard pointers.withUnsafeMutableBytes({ read(type, $0.baseAddress!) }) >= 0 else {
        return nil
      }
      defer { for pointer in pointers { H5free_memory(pointer) } }
      return pointers.map { pointer in
        guard let pointer else { return "" }
        let length = min(strlen(pointer), 100_000)
        return String(
          decoding: UnsafeRawBufferPointer(start: pointer, count: length), as: UTF8.self)
      }
    }
    let size = H5Tget_size(type)
    guard size > 0, let total = Int.product(size, count, atMost: 16 << 20) else { return nil }
    var bytes = [UInt8](repeating: 0, count: total)
    guard bytes.withUnsafeMutableBytes({ read(type, $0.baseAddress!) }) >= 0 else { return nil }
    return (0..<count).map { index in
      String(decoding: bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }, as: UTF8.self)
        .trimmingWhitespace()
    }
  }
}
