import Foundation

/// Where the weights of the scan estimator may lie.
///
/// The accessor that the package manager generates for resources ends the process where the folder
/// is missing, and it knows the build folder's absolute path; neither suits an installed program.
enum WeightsLocation {
  static let fileName = "cmap-scan-weights.bin"

  /// Files to try, in order: beside the program, in a resource folder beside it, and in
  /// `../share/motorpool`.
  static func candidates(beside folder: URL?) -> [URL] {
    guard let folder else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let bundles = names.filter { $0.hasSuffix("_UnitNumber.resources") }.sorted()
    let share = folder.deletingLastPathComponent().appendingPathComponent("share/motorpool")
    return ([folder] + bundles.map { folder.appendingPathComponent($0) } + [share]).map {
      $0.appendingPathComponent(fileName)
    }
  }
}
